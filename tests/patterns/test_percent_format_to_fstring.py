"""Whatever the codemod rewrites gives the same value, the same effects in the same order, or the same exception."""

from __future__ import annotations

import random
from itertools import product

from tests.patterns.formats import Transform, assert_same, literal, rewritten

ID = "percent-format-to-fstring"


class Text(str):
    """Prints itself, and formats itself otherwise."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return f"formatted with {spec}"


class Broken:
    """Has no text."""

    def __str__(self) -> str:
        raise LookupError("no text")

    def __repr__(self) -> str:
        return "Broken()"


MORE = {"text": Text("té%s{}"), "broken": Broken()}
VALUES = [
    *("text", "loud", "loud.name", "broken", "pair", "single", "number", "nothing", "flag", "stack", "table"),
    *("1", "-25", "0x1f", "2.5", "'lit é'", '"lit"', "b'bytes'", "[1, loud]", "(1, 2)", "{1: loud}", "{1}"),
    *("len(stack)", "len(table)", "len(text)", "int(number)", "ord('é')", "str(stack)", "repr(loud)", "type(text)"),
    *("type(stack).__name__", "sorted(stack)", "bool(flag)", "float(2)", "hash('a') * 0", "int('7')", "chr(233)"),
    *("call(1)", "call(stack)", "stack.pop()", "table['key']", 'table["other"]', "stack[0]", "stack[1:]"),
    *("(bound := 5)", "lambda: 1", "number + 1", "number if flag else loud", "not flag", "flag or call(2)"),
    *("[x for x in stack]", "{x: 1 for x in stack}", "len(call(stack))", "'\\n'.join(stack)", "f'{flag}'"),
    *("'%s' % (flag,)", "-len(stack)", "(flag)", "stack != 1", "table['#']", "''.join(['{', '}'])"),
    *("table['new']", "stack[-1]", "text.upper()", "', '.join(stack)", "stack[0].strip()", "'a' * 2"),
    *("len(stack) * 2 - 1", "(len(stack) + 1)", "len(stack) * number", "(loud)"),
]
USUAL_CONVERSIONS = ["%s", "%r", "%d", "%a", "%i", "%x", "%10s", "%-8s", "%.2s", "%5d", "%05d"]
TEXTS = [
    *("", " ", "plain", "é", "{", "}", "{}", "{0}", "{text}", "%%", "{{", "#"),
    *("\\n", "\\\\", "\\x25", "\\x7b", "\\N{BULLET}"),
]
QUOTES = [('"', '"'), ("'", "'"), ('"""', '"""'), ("r'", "'"), ('u"', '"'), ("R'''", "'''")]


def _format(rng: random.Random) -> str:
    """A percent format whose right side is a tuple, a dict or a single value, mostly of the right size."""
    conversions = [_conversion(rng) for _ in range(rng.randint(1, 3))]
    size = max(0, len(conversions) + rng.choice([0, 0, 0, 0, 0, 1, -1]))
    values = [rng.choice(VALUES) for _ in range(size)]
    match rng.choice(["tuple", "tuple", "dict", "single"]):
        case "dict":
            keys = [f"k{index if rng.random() < 0.8 else 0}" for index in range(size)]
            numbered = zip(conversions, [*keys, "k0"], strict=False)
            conversions = [f"%({key}){conversion[1:]}" for conversion, key in numbered]
            right = "{" + ", ".join(f'"{key}": {value}' for key, value in zip(keys, values, strict=True)) + "}"
        case "single" if values:
            conversions = conversions[:1]
            right = f"({values[0]})" if rng.random() < 0.5 else values[0]
        case _:
            right = "(" + "".join(f"{value}, " for value in values) + ")"
    parts = [rng.choice(TEXTS)]
    for conversion in conversions:
        parts += [conversion, rng.choice(TEXTS)]
    return f"{literal(rng, parts, QUOTES)} % {right}"


def _conversion(rng: random.Random) -> str:
    if rng.random() < 0.7:
        return rng.choice(USUAL_CONVERSIONS)
    flag, width = rng.choice(["", "-", "0", "+", " ", "#", "-0"]), rng.choice(["", "1", "12", "*"])
    return f"%{flag}{width}{rng.choice(['', '.0', '.3', '.', '.*'])}{rng.choice('sraidxXofeEgGcu%')}"


def test_a_rewritten_format_gives_the_same_value_effects_or_exception(transform: Transform) -> None:
    rng = random.Random(20)  # noqa: S311 - a fixed choice of formats, no secret

    changes = rewritten(transform, ID, (_format(rng) for _ in range(2_500)))

    assert len(changes) > 200
    for old, new in changes:
        assert_same(old, new, **MORE)


def test_every_conversion_of_an_integer_and_of_a_text_is_the_same(transform: Transform) -> None:
    flags, widths, precisions = ("", "-", "0", "+"), ("", "7"), ("", ".2")
    values = ("-3", "255", "len('abcd')", "text", "loud", "number", "flag")
    lines = [
        f"'<%{''.join(spec)}>' % ({value},)"
        for spec in product(flags, widths, precisions, "sraidxXo")
        for value in values
    ]

    changes = rewritten(transform, ID, lines)

    assert len(changes) > 100
    for old, new in changes:
        assert_same(old, new, **MORE)


def test_a_result_is_valid_on_the_oldest_python_that_is_promised(transform: Transform) -> None:
    held_by_new_pythons_only = (
        """"%s" % (table["it's"],)\n"%s" % ("\\n".join(stack),)\n"%s" % (\n    call(\n    1),)\n"""
    )

    assert transform(ID, held_by_new_pythons_only) == held_by_new_pythons_only
