"""Whatever the codemod rewrites gives the same value, the same effects in the same order, or the same exception."""

from __future__ import annotations

import random

import pytest

from tests.patterns.formats import Transform, assert_same, literal, rewritten

ID = "str-format-to-fstring"


class Safe(str):
    """Text that stays marked whatever is asked for, as that of template engines does."""

    __slots__ = ()

    def __str__(self) -> str:
        return self


MORE = {"safe": Safe("<b>"), "text": "té"}
VALUES = [
    *("text", "loud", "loud.name", "safe", "number", "nothing", "stack", "table", "width", "1", "-2.5", "'lit'", '"x"'),
    *("len(stack)", "stack[0]", "stack[-1]", "table['key']", "table['new']", "table[text]", "call(1)", "call(stack)"),
    *(
        "stack.pop()",
        "number + 1",
        "text.upper()",
        "str(stack)",
        "repr(loud)",
        "type(loud).__name__",
        "'-'.join(stack)",
    ),
    *("call(text).strip()", "(bound := 5)", "[x for x in stack]", "{1: 2}", "not text", "text or call(2)", "f'{text}'"),
    *("'{} '.format(call(3))", "-width", "max([1], key=call)", "text if width else loud", "(1, 2)", "lambda: 1"),
]
LOOKUPS = ["", "", "", "", ".name", "[0]", "[key]", "[a b]", ".__class__.__name__", ".class", "[-1]"]
SPECS = ["", "", "", "!r", "!s", "!a", ":", ":>8", ":5d", ":.2f", ":{}", ":{0}", ":>{w}", "!r:^9", ":%Y", ":{{}"]
TEXTS = ["", "", " ", "plain", "é", "{{", "}}", "{{}}", "%s", "#", "\\n", "\\x7b", "\\N{BULLET}", "'"]
QUOTES = [('"', '"'), ('"', '"'), ('"""', '"""'), ("r'''", "'''"), ('u"', '"'), ("'", "'")]


def _call(rng: random.Random) -> str:
    """A call of `format`, mostly with arguments that go with its fields."""
    style = rng.choice(["", "", "number", "name"])
    count = rng.randint(1, 3)
    parts = [rng.choice(TEXTS)]
    for index in range(count):
        used = index if rng.random() < 0.85 else rng.randrange(count)
        argument = {"": "", "number": str(used), "name": f"k{used}"}[style]
        parts += [f"{{{argument}{rng.choice(LOOKUPS)}{rng.choice(SPECS)}}}", rng.choice(TEXTS)]
    text = literal(rng, parts, QUOTES)
    extra = text.count(":{}")
    values = [rng.choice(VALUES) for _ in range(count + extra + rng.choice([0, 0, 0, 0, 0, 0, 1, -1]))]
    arguments = [f"k{index}={value}" if style == "name" else value for index, value in enumerate(values)]
    if style == "name" and rng.random() < 0.3:
        rng.shuffle(arguments)
    return f"{text}.format({', '.join([*arguments, *(['w=width'] if '{w}' in text else [])])})"


@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # Python doubts that a number has items
def test_a_rewritten_call_gives_the_same_value_effects_or_exception(transform: Transform) -> None:
    rng = random.Random(32)  # noqa: S311 - a fixed choice of calls, no secret

    changes = rewritten(transform, ID, (_call(rng) for _ in range(4_000)))

    assert len(changes) > 200
    for old, new in changes:
        assert_same(old, new, **MORE)


def test_marked_text_does_not_become_the_result(transform: Transform) -> None:
    for line in ('"{}".format(safe)\n', '"{!s}".format(safe)\n', '"" "{}".format(safe)\n'):
        assert_same(line, transform(ID, line), **MORE)
