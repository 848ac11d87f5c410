"""Running a format before and after it becomes an f-string, among values that notice the difference."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

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


class Growing(dict[str, str]):
    """Makes items when they are asked for, as a `defaultdict` does."""

    def __missing__(self, key: str) -> str:
        return self.setdefault(key, "made")


def assert_same(before: str, after: str, **more: object) -> None:
    """Both expressions give the same value, effects in the same order, or exception. `more` are further names."""
    assert _run(before, more) == _run(after, more), (before, after)


def rewritten(transform: Transform, pattern: str, expressions: Iterable[str]) -> Sequence[tuple[str, str]]:
    """Those of the expressions (each a line, if Python reads it at all) that the pattern changes, before and after."""
    lines = [line for line in expressions if _is_valid(line)]
    after = transform(pattern, "".join(f"{line}\n" for line in lines)).splitlines()
    return [(old, new) for old, new in zip(lines, after, strict=True) if new != old]


def literal(rng: random.Random, parts: Sequence[str], quotes: Sequence[tuple[str, str]]) -> str:
    """One string literal with these parts, or two adjacent ones."""
    half = rng.randint(0, len(parts)) if rng.random() < 0.3 else len(parts)
    pieces = [parts[:half], parts[half:]] if half < len(parts) else [parts]
    around = [rng.choice(quotes) for _ in pieces]
    return " ".join(f"{start}{''.join(piece)}{end}" for piece, (start, end) in zip(pieces, around, strict=True))


def _namespace() -> dict[str, Any]:
    log: list[object] = []
    stack = ["first", "second", "third"]

    def call(value: object) -> object:
        log.append(value)
        stack.append(f"call {value}")
        return value

    names = {"log": log, "stack": stack, "call": call, "loud": Loud(), "number": 3.7, "width": 9, "pair": (1, 2)}
    return {**names, "single": ("alone",), "table": Growing(key="value"), "nothing": None, "flag": True}


def _run(expression: str, more: dict[str, object]) -> object:
    names = {**_namespace(), **more}
    try:
        result: object = eval(expression, names)  # noqa: S307 - our own expressions
    except Exception as error:  # the point is that it is the same one
        result = type(error)
        names["table"] = None  # reading an item is taken to change nothing, in a format that fails too
    return type(result), result, names["log"], names["stack"], names["table"], names.get("bound")


def _is_valid(expression: str) -> bool:
    try:
        compile(expression, "<format>", "eval")
    except (SyntaxError, ValueError):
        return False
    return True
