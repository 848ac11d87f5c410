"""Programs with percent formats and calls of `format`, among values that notice when they are read and formatted."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.patterns.behaviour.check import Family
from tests.patterns.behaviour.grammar import Grammar

_NAMES = (
    *("Color", "Level", "Shade", "Thing", "blank", "broken", "call", "error", "fail", "flag", "half", "items", "loud"),
    *(
        "nothing",
        "number",
        "numbers",
        "owner",
        "pair",
        "row",
        "run",
        "safe",
        "show",
        "single",
        "stack",
        "state",
        "table",
    ),
    *("text", "twin", "unchanged", "width"),
)
_VALUES = [
    *("text", "loud", "loud.name", "broken", "safe", "pair", "single", "twin", "row", "number", "half", "nothing"),
    *("flag", "stack", "table", "items", "Thing", "Color.RED", "Shade.DARK", "Level.HIGH", "owner.size", "width"),
    *("1", "-25", "0x1f", "2.5", "'lit é'", '"lit"', "b'bytes'", "[1, loud]", "(1, 2)", "{1: loud}", "{1}", "None"),
    *(
        "len(stack)",
        "len(table)",
        "len(text)",
        "len(items)",
        "len(owner.table)",
        "list(owner.table)",
        "int(half)",
        "ord('é')",
        "str(stack)",
        "repr(loud)",
    ),
    *("str(safe)", "type(text)", "type(stack).__name__", "Thing.__name__", "sorted(stack)", "bool(flag)", "float(2)"),
    *("call(1)", "call(stack)", "stack.pop()", "list(numbers())", "owner.next_id", "getattr(owner, 'next_id')"),
    *("table['key']", 'table["other"]', "table['new']", "items['new']", "items['key'][0]", "owner.table['a b']"),
    *("table.keys()", "list(table)", "owner.table", "sorted(items)", "str(table)", "table.data", "[table, 1]"),
    *("stack[0]", "stack[-1]", "stack[1:]", "stack[:len(stack) - 1]", "text[1:-1]", "stack[call(1):]"),
    *("(bound := 5)", "lambda: 1", "number + 1", "number if flag else loud", "call(3) if flag else 1", "not flag"),
    *("flag or call(2)", "[x for x in stack]", "{x: 1 for x in stack}", "len(call(stack))", "stack == pair"),
    *("'\\n'.join(stack)", "', '.join(stack)", "''.join(['{', '}'])", "f'{flag}'", "'%s' % (flag,)", "'a' * 2"),
    *("'{} '.format(call(3))", "-len(stack)", "(flag)", "stack != 1", "table['#']", "text.upper()", "round(half, 1)"),
    *("stack[0].strip()", "text.encode()", "len(stack) * 2 - 1", "(len(stack) + 1)", "len(stack) * number", "(loud)"),
    *("max([1], key=call)", "text if width else loud", "locals()['text']", "call(text).strip()", "error", "str(error)"),
]
_ODDEST = [
    "pair",
    "twin",
    "safe",
    "blank",
    "loud",
    "number",
    "Color.RED",
    "Thing",
    "owner.next_id",
    "call(1)",
    "stack.pop()",
]
_RELATED = [
    [
        "table",
        "table",
        "table['new']",
        "table['new']",
        "len(table)",
        "list(table)",
        "table.keys()",
        "str(table)",
        "[table, 1]",
    ],
    ["items", "items", "items['new']", "len(items)", "sorted(items)", "items['key'][0]"],
    ["owner.table", "owner.table", "owner.table['a b']", "len(owner.table)", "list(owner.table)", "owner.size"],
    ["stack", "stack", "stack.pop()", "call(1)", "len(stack)", "stack[-1]", "call(stack)", "stack[1:]"],
]
_CONVERSIONS = [*["%s"] * 8, "%r", "%r", "%a", "%10s", "%-8s", "%.2s", "%d", "%x", "%05d"]
_TEXTS = ["", "", "", " ", " ", "plain", "é", "{", "}", "{}", "{0}", "{text}", "%%", "{{", "#", "'"]
_HARD_TEXTS = ["\\n", "\\\\", "\\x25", "\\x7b", "\\N{BULLET}"]
_LOOKUPS = [".name", "[0]", "[key]", "[a b]", "[new]", ".__class__.__name__", ".class", "[-1]"]
_SPECS = ["!r", "!s", "!a", ":", ":>8", ":5d", ":.2f", ":{}", ":{0}", ":>{w}", "!r:^9", ":%Y", ":{{}}"]
_QUOTES = [('"', '"'), ('"', '"'), ("'", "'"), ('"""', '"""'), ("r'''", "'''"), ('u"', '"'), ("R'", "'")]


def _text(rng: random.Random) -> str:
    return "" if rng.random() < 0.4 else rng.choice(_HARD_TEXTS if rng.random() < 0.1 else _TEXTS)


def _literal(rng: random.Random, parts: Sequence[str]) -> str:
    """One string literal with these parts, or two adjacent ones."""
    half = rng.randint(0, len(parts)) if rng.random() < 0.2 else len(parts)
    pieces = [parts[:half], parts[half:]] if half < len(parts) else [parts]
    around = [rng.choice(_QUOTES) for _ in pieces]
    return " ".join(f"{start}{''.join(piece)}{end}" for piece, (start, end) in zip(pieces, around, strict=True))


def _values(rng: random.Random, count: int) -> list[str]:
    """Values; often the same names come again, because what one value does may be seen in another."""
    choices = rng.choice([_VALUES, _VALUES, _ODDEST, *_RELATED])
    return [rng.choice(choices if rng.random() < 0.9 else _ODDEST) for _ in range(max(0, count))]


def _percent(rng: random.Random) -> str:
    """A percent format whose right side is a tuple, a dict or a single value, mostly of the right size."""
    values = _values(rng, rng.randint(1, 3))
    conversions = ["%d" if value.startswith("len(") and rng.random() < 0.6 else _conversion(rng) for value in values]
    values += _values(rng, rng.choice([0] * 10 + [1]))
    match rng.choice(["tuple", "tuple", "tuple", "dict", "dict", "single"]):
        case "dict":
            keys = [f"k{index if rng.random() < 0.95 else 0}" for index in range(len(values))]
            conversions = [f"%({key}){rest[1:]}" for rest, key in zip(conversions, [*keys, "k0"], strict=False)]
            right = "{" + ", ".join(f'"{key}": {value}' for key, value in zip(keys, values, strict=True)) + "}"
        case "single" if values:
            conversions = conversions[:1]
            right = f"({values[0]})" if rng.random() < 0.5 else values[0]
        case _:
            right = "(" + "".join(f"{value}, " for value in values) + ")"
    parts = [_text(rng)]
    for conversion in conversions:
        parts += [conversion, _text(rng)]
    return f"{_literal(rng, parts)} % {right}"


def _conversion(rng: random.Random) -> str:
    if rng.random() < 0.8:
        return rng.choice(_CONVERSIONS)
    flag, width = rng.choice(["", "-", "0", "+", " ", "#", "-0"]), rng.choice(["", "1", "12", "*"])
    return f"%{flag}{width}{rng.choice(['', '.0', '.3', '.', '.*'])}{rng.choice('sraidxXofeEgGcu%')}"


def _call(rng: random.Random) -> str:
    """A call of `format`, mostly with arguments that go with its fields."""
    style = rng.choice(["", "", "number", "name"])
    count = rng.randint(1, 3)
    values = _values(rng, 1 if style and rng.random() < 0.3 else count)
    parts = [_text(rng).replace("{", "{{").replace("}", "}}")]
    for index in range(count):
        used = min(index, len(values) - 1)
        argument = {"": "", "number": str(used), "name": f"k{used}"}[style]
        parts += [f"{{{argument}{_lookup(rng, values[used])}}}", _text(rng).replace("{", "{{").replace("}", "}}")]
    text = _literal(rng, parts)
    values += _values(rng, text.count(":{}") + rng.choice([0] * 10 + [1]))
    arguments = [f"k{index}={value}" if style == "name" else value for index, value in enumerate(values)]
    if style == "name" and rng.random() < 0.3:
        rng.shuffle(arguments)
    return f"{text}.format({', '.join([*arguments, *(['w=width'] if '{w}' in text else [])])})"


def _lookup(rng: random.Random, value: str) -> str:
    """What is looked up in the value, and how it is formatted; mostly what is possible."""
    if rng.random() < 0.1:
        return rng.choice(_LOOKUPS) + rng.choice(_SPECS)
    items = ["", "[new]", "[a b]", "[0]"] if value in ("table", "items", "owner.table") else [""]
    return rng.choice(items) + rng.choice(["", "", "", "!r", "!s", rng.choice(_SPECS)])


_CONTEXTS: Grammar = {
    "program": ["<site>\nshow(state())"],
    "site": [
        "show(<format>)",
        "show(<format>, <format>)",
        "def f(text=text, table=table):\n    error = text\n    return <format>\n\nshow(f())",
        "class A:\n    name = 'A'\n    def run(self, owner=owner):\n        return <format>\n\nshow(A().run())",
        "class A:\n    len = repr\n    text = 'own'\n    value = <format>\n\nshow(A.value)",
        "def f(len=repr, str=ascii):\n    return <format>\n\nshow(f())",
        "def f():\n    def len(x):\n        return (x, x)\n    return <format>\n\nshow(f())",
        (
            "def f():\n    width = 1\n    def inner():\n        nonlocal width\n        width += 1\n"
            "        return <format>\n    return inner(), width\n\nshow(f())"
        ),
        "def f():\n    global width\n    width = 2\n    return <format>\n\nshow(f(), width)",
        "show([<format> for number in range(2)])",
        "show([<format> for number, text in enumerate(list(stack))])",
        "show(list(<format> for text in ['a', b'b', ('c',)]))",
        "for text in (pair, 'a', single):\n    show(<format>)",
        "show((lambda text: <format>)(single))",
        "def f(value=<format>):\n    return value\n\nshow(f())",
        "try:\n    fail(KeyError('a', 1))\nexcept KeyError as error:\n    show(<format>)",
        "error = pair\ntry:\n    fail(KeyError('a'))\nexcept KeyError as error:\n    show(<format>)",
        "try:\n    show(<format>)\nfinally:\n    print('finally')",
        "async def f(text):\n    return <format>\n\nshow(run(f(text)))",
        "def f():\n    yield <format>\n    yield <format>\n\nshow(list(f()))",
        "if (out := <format>):\n    show(out)",
        "def f(text=text):\n    value = <format>\n    return sorted(locals())\n\nshow(f())",
        "def f(text=text):\n    return '%(text)s' % locals() + <format>\n\nshow(f())",
        "match <format>:\n    case str() as seen:\n        show(seen)",
        "fail(ValueError(<format>))",
        "show(f'{<format>}')",
        "show(<format> + <format>, (<format>).upper())",
        "show({<format>: 1}, [<format>][0])",
        "@unchanged\ndef f(): return<format>\nshow(f())",
    ],
}

PERCENT = Family(codemods=("percent-format-to-fstring",), names=_NAMES, grammar={**_CONTEXTS, "format": _percent})
CALLS = Family(codemods=("str-format-to-fstring",), names=_NAMES, grammar={**_CONTEXTS, "format": _call})
