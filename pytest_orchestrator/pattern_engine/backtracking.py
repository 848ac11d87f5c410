"""Finds repeats in a regular expression that may take exponential time, such as `(a+)+`, `(a|a)*` and `(.*)*`.

Python's `re` backtracks: where a repeat can match one text in several ways, it tries all of them before it fails, and
nothing in its process can stop it. A repeat is accepted only if the next character always tells how to go on: if its
Glushkov automaton is deterministic (Brüggemann-Klein and Wood, "One-unambiguous regular languages", 1998). Some
harmless repeats, such as `(ab|ac)*`, are refused too; `(a[bc])*` means the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

# What an expression that `re` compiles consists of: groups come before the single characters that they begin with.
_TOKEN = re.compile(
    r"(?P<look>\(\?<?[=!])|(?P<skip>\(\?#[^)]*\)|\(\?[aiLmsux]+\))|(?P<open>\((?!\?P=)(?:\?(?:P<\w+>|\(\w+\)|[a-zA-Z-]*:|>))?)"
    r"|(?P<close>\))|(?P<either>\|)|(?P<repeat>(?:[*+?]|\{\d*,\d*\}|\{\d+\})[?+]?)|(?P<empty>\\[AbBZ]|[\^$])"
    r"|(?P<step>\(\?P=\w+\)|\\x[0-9a-fA-F]{2}|\\[0-7]{2,3}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.)",
    re.DOTALL,
)
_COUNT = re.compile(r"\{(?P<least>\d*)(?P<comma>,?)(?P<most>\d*)\}")
_ANY = frozenset(range(128))
_REPEATS = frozenset("*+{")


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A part of an expression: the numbers of the steps that it may begin and end with, and of all its steps."""

    is_empty: bool
    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    steps: tuple[int, ...] = ()


def exponential_repeat(expression: str) -> str | None:
    """The first repeat in `expression` that may take exponential time; None if there is none.

    `expression` is ASCII and compiles. A back reference, or white space in an expression in verbose mode, may stand for
    any character.
    """
    if not _REPEATS.intersection(expression.partition(")")[2]):  # only repeats of groups are at risk
        return None
    return _Reader(expression).first_risk()


class _Reader:
    def __init__(self, expression: str) -> None:
        self._text = expression
        self._tokens = list(_TOKEN.finditer(expression))
        self._index = 0
        self._is_verbose = re.compile(expression).flags & re.VERBOSE
        self._characters: list[frozenset[int]] = []
        self._next: defaultdict[int, list[int]] = defaultdict(list)
        self._risk: str | None = None

    def first_risk(self) -> str | None:
        self._alternatives()
        return self._risk

    def _alternatives(self) -> _Part:
        """Read up to the end of the group."""
        found = [self._sequence()]
        while self._kind() == "either":
            self._index += 1
            found.append(self._sequence())
        return _Part(
            is_empty=any(part.is_empty for part in found),
            first=tuple(step for part in found for step in part.first),
            last=tuple(step for part in found for step in part.last),
            steps=tuple(step for part in found for step in part.steps),
        )

    def _sequence(self) -> _Part:
        whole = _Part(is_empty=True)
        while self._kind() not in ("either", "close", ""):
            start = self._tokens[self._index].start()
            part = self._item()
            while self._kind() == "repeat":
                part = self._repeated(part, start)
            self._follow(whole.last, part.first)
            whole = _Part(
                is_empty=whole.is_empty and part.is_empty,
                first=whole.first + part.first if whole.is_empty else whole.first,
                last=whole.last + part.last if part.is_empty else part.last,
                steps=whole.steps + part.steps,
            )
        return whole

    def _item(self) -> _Part:
        token = self._tokens[self._index]
        self._index += 1
        match token.lastgroup:
            case "step":
                step = len(self._characters)
                is_unknown = self._is_verbose and (token[0].isspace() or token[0] == "#")
                self._characters.append(_ANY if is_unknown else _characters(token[0]))
                return _Part(is_empty=bool(is_unknown), first=(step,), last=(step,), steps=(step,))
            case "open" | "look" as kind:
                inner = self._alternatives()
                self._index += 1
                return inner if kind == "open" else _Part(is_empty=True)
        return _Part(is_empty=True)

    def _repeated(self, part: _Part, start: int) -> _Part:
        token = self._tokens[self._index]
        self._index += 1
        least, most = _counts(token[0])
        if most > 1:
            self._follow(part.last, part.first)
            ways = [part.first, *(self._next[step] for step in part.steps)]
            if self._risk is None and part.steps and (part.is_empty or any(map(self._is_ambiguous, ways))):
                self._risk = self._text[start : token.end()]
        return _Part(is_empty=part.is_empty or least == 0, first=part.first, last=part.last, steps=part.steps)

    def _follow(self, before: Sequence[int], after: Sequence[int]) -> None:
        for step in before:
            self._next[step] += after

    def _is_ambiguous(self, steps: Sequence[int]) -> bool:
        """Whether a character may lead to two of the steps, or in two ways to one."""
        return any(self._characters[one] & self._characters[other] for one, other in combinations(steps, 2))

    def _kind(self) -> str:
        return (self._tokens[self._index].lastgroup or "") if self._index < len(self._tokens) else ""


def _counts(repeat: str) -> tuple[int, float]:
    """How often a repeat matches, at least and at most."""
    if (match := _COUNT.match(repeat)) is None:
        return int(repeat[0] == "+"), 1 if repeat[0] == "?" else float("inf")
    least = int(match["least"] or 0)
    if not match["comma"]:
        return least, least
    return least, int(match["most"]) if match["most"] else float("inf")


@cache
def _characters(step: str) -> frozenset[int]:
    """The ASCII characters that a step may match, small letters taken for capitals."""
    try:
        compiled = re.compile(step, re.IGNORECASE | re.DOTALL)
    except re.error:  # a reference to a group
        return _ANY
    return frozenset(code for code in _ANY if compiled.fullmatch(chr(code)))
