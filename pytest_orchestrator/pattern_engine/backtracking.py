"""Tells how long a search for a regular expression in bytes may take, in the worst case.

Some repeats may take exponential time, such as `(a+)+`, `(a|a)*` and `(.*)*`. Python's `re` backtracks: where a repeat
can match one text in several ways, it tries all of them before it fails, and nothing in its process can stop it. A
repeat is accepted only if the next character always tells how to go on: if its Glushkov automaton is deterministic
(Brüggemann-Klein and Wood, "One-unambiguous regular languages", 1998). Some harmless repeats, such as `(ab|ac)*`, are
refused too; `(a[bc])*` means the same.

Without a repeat, a search takes linear time. With repeats that meet the same condition to their ends, what follows them
included, each position of the text is a start with few ways to go on, so the time is quadratic at most. The time of all
others is taken to be unbounded, though many of them end soon.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from math import prod
from typing import Literal

# What an expression that `re` compiles consists of: groups come before the single characters that they begin with.
_TOKEN = re.compile(
    r"(?P<look>\(\?<?[=!])|(?P<skip>\(\?#[^)]*\)|\(\?[aiLmsux]+\))|(?P<open>\((?!\?P=)(?:\?(?:P<\w+>|\(\w+\)|[a-zA-Z-]*:|>))?)"
    r"|(?P<close>\))|(?P<either>\|)|(?P<repeat>(?:[*+?]|\{\d*,\d*\}|\{\d+\})[?+]?)|(?P<empty>\\[AbBZ]|[\^$])"
    r"|(?P<step>\(\?P=\w+\)|\\x[0-9a-fA-F]{2}|\\[0-7]{2,3}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.)",
    re.DOTALL,
)
_COUNT = re.compile(r"\{(?P<least>\d*)(?P<comma>,?)(?P<most>\d*)\}")
_ANY = (1 << 256) - 1
_REPEATS = frozenset("*+{")
# White space means nothing, or characters depend on the locale: steps are not what they look like.
_UNREADABLE = re.compile(r"\(\?[a-zA-Z]*[xL]")
_REFERENCE = re.compile(r"\(\?P=|\(\?\(|\\[1-9]")
_MAX_WAYS = 256

SearchTime = Literal["linear", "quadratic", "unbounded"]


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A part of an expression: the numbers of the steps that it may begin and end with, and of all its steps."""

    is_empty: bool
    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    steps: tuple[int, ...] = ()


def has_unreadable_flags(expression: str) -> bool:
    """Whether `expression` has one of the flags `x` and `L`, with which nothing in here can judge it."""
    return _UNREADABLE.search(expression) is not None


def exponential_repeat(expression: str) -> str | None:
    """The first repeat in `expression` that may take exponential time; None if there is none.

    `expression` is ASCII, compiles, and has no unreadable flags. A back reference may stand for any character.
    """
    if not _REPEATS.intersection(expression.partition(")")[2]):  # only repeats of groups are at risk
        return None
    return _Reader(expression).risk


@cache
def search_time(expression: str) -> SearchTime:
    """How the time of a search grows with the size of the text, at most.

    `expression` is ASCII and compiles. "unbounded" stands for all that grows faster or is unknown.
    """
    if has_unreadable_flags(expression) or _REFERENCE.search(expression):
        return "unbounded"
    return _Reader(expression).search_time()


class _Reader:
    """Reads an expression. `risk` is the first repeat that may take exponential time."""

    def __init__(self, expression: str) -> None:
        self._text = expression
        self._tokens = list(_TOKEN.finditer(expression))
        self._index = 0
        self._characters: list[int] = []  # sets of bytes; a byte is a bit
        self._next: defaultdict[int, list[int]] = defaultdict(list)
        self._repeated_steps: set[int] = set()
        self._looks_far = False
        self.risk: str | None = None
        self._whole = self._alternatives()

    def search_time(self) -> SearchTime:
        """How the time of a search grows with the size of the text."""
        ways = prod(map(self._width, [self._whole.first, *self._next.values()]))
        if self.risk or self._looks_far or ways > _MAX_WAYS:
            return "unbounded"
        if any(self._is_ambiguous(self._next[step]) for step in self._repeated_steps):
            return "unbounded"
        return "quadratic" if self._repeated_steps else "linear"

    def _width(self, steps: Sequence[int]) -> int:
        """To how many of the steps one character may lead."""
        if not self._is_ambiguous(steps):
            return 1
        return max(sum(self._characters[step] >> code & 1 for step in steps) for code in range(256))

    def _alternatives(self) -> _Part:
        """Read up to the end of the group."""
        found = [self._sequence()]
        while self._kind() == "either":
            self._index += 1
            found.append(self._sequence())
        return _either(found)

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
                self._characters.append(_characters(token[0]))
                return _Part(is_empty=False, first=(step,), last=(step,), steps=(step,))
            case "open" | "look" as kind:
                inner = self._alternatives()
                self._index += 1
                if kind == "open":
                    return inner
                # What is looked for further on is looked for again at each position.
                self._looks_far |= not self._repeated_steps.isdisjoint(inner.steps)
                return _Part(is_empty=True)
        return _Part(is_empty=True)

    def _repeated(self, part: _Part, start: int) -> _Part:
        token = self._tokens[self._index]
        self._index += 1
        least, most = _counts(token[0])
        if most > 1:
            self._follow(part.last, part.first)
            ways = [part.first, *(self._next[step] for step in part.steps)]
            self._repeated_steps.update(part.steps)
            if self.risk is None and part.steps and (part.is_empty or any(map(self._is_ambiguous, ways))):
                self.risk = self._text[start : token.end()]
        return replace(part, is_empty=part.is_empty or least == 0)

    def _follow(self, before: Sequence[int], after: Sequence[int]) -> None:
        for step in before:
            self._next[step] += after

    def _is_ambiguous(self, steps: Sequence[int]) -> bool:
        """Whether a character may lead to two of the steps, or in two ways to one."""
        return any(self._characters[one] & self._characters[other] for one, other in combinations(steps, 2))

    def _kind(self) -> str:
        return (self._tokens[self._index].lastgroup or "") if self._index < len(self._tokens) else ""


def _either(parts: Sequence[_Part]) -> _Part:
    return _Part(
        is_empty=any(part.is_empty for part in parts),
        first=tuple(step for part in parts for step in part.first),
        last=tuple(step for part in parts for step in part.last),
        steps=tuple(step for part in parts for step in part.steps),
    )


def _counts(repeat: str) -> tuple[int, float]:
    """How often a repeat matches, at least and at most."""
    if (match := _COUNT.match(repeat)) is None:
        return int(repeat[0] == "+"), 1 if repeat[0] == "?" else float("inf")
    least = int(match["least"] or 0)
    if not match["comma"]:
        return least, least
    return least, int(match["most"]) if match["most"] else float("inf")


@cache
def _characters(step: str) -> int:
    """The bytes that a step may match, as bits, small letters taken for capitals."""
    if step.isalnum():
        return 1 << ord(step.lower()) | 1 << ord(step.upper())
    try:
        compiled = re.compile(step.encode("ascii"), re.IGNORECASE | re.DOTALL)
    except re.error:  # a reference to a group
        return _ANY
    return sum(1 << code for code in range(256) if compiled.fullmatch(bytes([code])))
