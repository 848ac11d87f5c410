"""Whatever the codemod rewrites gives the same value, the same effects in the same order, or the same exception."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

ID = "str-format-to-fstring"

Transform = Callable[[str, str], str]


class Loud:
    """Its text, its representation and what `format` gives all differ."""

    name = "loud é {0}"

    def __str__(self) -> str:
        return "a Loud"

    def __repr__(self) -> str:
        return "Loud('ü')"

    def __format__(self, spec: str) -> str:
        return f"formatted with {spec}"

    def __getitem__(self, key: object) -> object:
        return key


class Safe(str):
    """Text that stays marked whatever is asked for, as that of template engines does."""

    __slots__ = ()

    def __str__(self) -> str:
        return self


class Growing(dict[str, str]):
    """Makes items when they are asked for, as a `defaultdict` does."""

    def __missing__(self, key: str) -> str:
        return self.setdefault(key, "made")


def _namespace() -> dict[str, Any]:
    log: list[object] = []
    stack = ["first", "second", "third"]

    def call(value: object) -> object:
        log.append(value)
        stack.append(f"call {value}")
        return value

    names = {"log": log, "stack": stack, "call": call, "loud": Loud(), "safe": Safe("<b>"), "number": 3.5, "width": 9}
    return {**names, "table": Growing(key="value"), "nothing": None, "text": "té"}


def _run(expression: str) -> object:
    names = _namespace()
    try:
        result: object = eval(expression, names)  # noqa: S307 - our own expressions
    except Exception as error:  # the point is that it is the same one
        result = type(error)
        names["table"] = None  # reading an item is taken to change nothing, in a format that fails too
    return type(result), result, names["log"], names["stack"], names["table"]


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
    for place in range(count):
        used = place if rng.random() < 0.85 else rng.randrange(count)
        argument = {"": "", "number": str(used), "name": f"k{used}"}[style]
        parts += [f"{{{argument}{rng.choice(LOOKUPS)}{rng.choice(SPECS)}}}", rng.choice(TEXTS)]
    half = rng.randint(0, len(parts)) if rng.random() < 0.3 else len(parts)
    pieces = [parts[:half], parts[half:]] if half < len(parts) else [parts]
    quotes = [rng.choice(QUOTES) for _ in pieces]
    literal = " ".join(f"{start}{''.join(piece)}{end}" for piece, (start, end) in zip(pieces, quotes, strict=True))
    extra = literal.count(":{}")
    values = [rng.choice(VALUES) for _ in range(count + extra + rng.choice([0, 0, 0, 0, 0, 0, 1, -1]))]
    arguments = [f"k{place}={value}" if style == "name" else value for place, value in enumerate(values)]
    if style == "name" and rng.random() < 0.3:
        rng.shuffle(arguments)
    return f"{literal}.format({', '.join([*arguments, *(['w=width'] if '{w}' in literal else [])])})"


def _is_valid(expression: str) -> bool:
    try:
        compile(expression, "<format>", "eval")
    except (SyntaxError, ValueError):
        return False
    return True


@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # Python doubts that a number has items
def test_a_rewritten_call_gives_the_same_value_effects_or_exception(transform: Transform) -> None:
    rng = random.Random(32)  # noqa: S311 - a fixed choice of calls, no secret
    lines = [line for line in (_call(rng) for _ in range(4_000)) if _is_valid(line)]

    after = transform(ID, "".join(f"{line}\n" for line in lines)).splitlines()

    rewritten = [(old, new) for old, new in zip(lines, after, strict=True) if new != old]
    assert len(rewritten) > 200
    for old, new in rewritten:
        assert _run(old) == _run(new), (old, new)


def test_marked_text_does_not_become_the_result(transform: Transform) -> None:
    for line in ('"{}".format(safe)\n', '"{!s}".format(safe)\n', '"" "{}".format(safe)\n'):
        after = transform(ID, line)
        assert _run(line) == _run(after), after
