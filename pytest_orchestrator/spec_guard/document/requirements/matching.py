"""Which requirement of the old text is which of the new one.

Time grows with the number of requirements, not with its square: words lead to candidates, and few are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pytest_orchestrator.spec_guard.document.requirements.model import Requirement

# Sentences with this share of their words in common (Dice's coefficient) are one sentence that was edited; at the same
# place, and under the same number or title, fewer are enough.
_ALIKE = 0.42
_ALIKE_IN_PLACE = 0.28
_REPLACED = 0.12  # where both are binding
_SAME_NAME = 0.35
# A sentence merged into another one has nearly all of its words there.
_CONTAINED = 0.75
_HELD = 0.5  # where its quantities are there as well
_MOST_CANDIDATES = 30


@dataclass(frozen=True, kw_only=True)
class Matching:
    """Which statements correspond. All numbers are indices into the old and the new statements."""

    unchanged: dict[int, int]
    """Old to new, for those that mean the same by their words alone, and bind as much."""
    edited: dict[int, int]
    """Old to new; two old ones may have become one."""
    merged: frozenset[int]
    """The old ones that were merged into the counterpart of another one."""
    added: tuple[int, ...]
    """New ones without a counterpart."""

    @cached_property
    def kept(self) -> frozenset[int]:
        """The new ones that are as they were."""
        return frozenset(self.unchanged.values())


def match(old: Sequence[Requirement], new: Sequence[Requirement], wanted: Iterable[int]) -> Matching:
    """The counterparts of the old statements `wanted`."""
    unchanged: dict[int, int] = {}
    taken: set[int] = set()
    for key in (_named_meaning, _meaning):
        _match_equal(old, new, key, unchanged, taken)
    left = [number for number in wanted if number not in unchanged]
    free = [number for number in range(len(new)) if number not in taken]
    edited = _assign(old, new, left, free, _expected(len(old), unchanged))
    free = [number for number in free if number not in edited.values()]
    merged = _merge(old, new, [number for number in left if number not in edited], unchanged)
    return Matching(
        unchanged=unchanged,
        edited={**edited, **merged},
        merged=frozenset(merged),
        added=tuple(number for number in free if number not in merged.values()),
    )


def _named_meaning(item: Requirement) -> object:
    return item.name, item.kind, _meaning(item)


def _meaning(item: Requirement) -> object:
    return item.condition, item.force, item.quoted, item.clause.meaning


def _match_equal(
    old: Sequence[Requirement],
    new: Sequence[Requirement],
    key: Callable[[Requirement], object],
    unchanged: dict[int, int],
    taken: set[int],
) -> None:
    places: dict[object, list[int]] = defaultdict(list)
    for number in range(len(new) - 1, -1, -1):
        if number not in taken:
            places[key(new[number])].append(number)
    for number, item in enumerate(old):
        if number not in unchanged and (found := places.get(key(item))):
            unchanged[number] = found.pop()
            taken.add(unchanged[number])


def _expected(count: int, unchanged: dict[int, int]) -> list[int]:
    # Where each old statement would stand in the new text, going by the last unchanged one before it.
    places: list[int] = []
    place = 0
    for number in range(count):
        place = unchanged.get(number, place)
        places.append(place)
        place += 1
    return places


def _assign(
    old: Sequence[Requirement],
    new: Sequence[Requirement],
    left: Sequence[int],
    free: Sequence[int],
    expected: Sequence[int],
) -> dict[int, int]:
    index = _Index(new, free)
    available = set(free)
    scored: list[tuple[float, int, int]] = []
    for number in left:
        item = old[number]
        near = [place for place in range(expected[number] - 2, expected[number] + 3) if place in available]
        for other in {*index.candidates(item), *index.named(item), *near}:
            score = _score(item, new[other])
            distance = abs(other - expected[number])
            # A step that was reworded altogether stands where it stood.
            least = 0.0 if item.kind == new[other].kind == "scenario" else _ALIKE_IN_PLACE
            least = min(least, _REPLACED) if item.binding and new[other].force >= item.force else least
            if score >= (least if distance <= 2 else _ALIKE) and (score or item.condition == new[other].condition):
                scored.append((score + 0.05 / (1 + distance), number, other))
    assigned: dict[int, int] = {}
    used: set[int] = set()
    for _, number, other in sorted(scored, key=lambda item: (-item[0], item[1], item[2])):
        if number not in assigned and other not in used:
            assigned[number] = other
            used.add(other)
    return assigned


def _merge(
    old: Sequence[Requirement], new: Sequence[Requirement], left: Sequence[int], unchanged: dict[int, int]
) -> dict[int, int]:
    if not left:
        return {}
    same = set(unchanged.values())
    index = _Index(new, range(len(new)))
    found: dict[int, int] = {}
    for number in left:
        item = old[number]
        words = item.clause.vocabulary
        if item.condition or not words:
            continue
        shares = [
            (len(words & new[other].clause.vocabulary) / len(words), -other)
            for other in index.candidates(item)
            if not new[other].condition
            and (new[other].binding or not item.binding or item.kind == "row")
            and (item.kind != "scenario" or new[other].kind == "scenario")
        ]
        if not shares:
            continue
        best, other = max(shares)
        if best >= (1.0 if -other in same else _HELD if _holds(item, new[-other]) else _CONTAINED):
            found[number] = -other
    return found


def _holds(item: Requirement, other: Requirement) -> bool:
    amounts = item.clause.quantities
    return bool(amounts) and all(any(each.equals(one) for each in other.clause.amounts) for one in amounts)


def _score(item: Requirement, other: Requirement) -> float:
    if item.condition != other.condition:
        return 0.0
    words, others = item.clause.vocabulary, other.clause.vocabulary
    alike = 2 * len(words & others) / (len(words) + len(others)) if words or others else 0.5
    if item.name:
        if item.name == other.name:
            return alike + _SAME_NAME
        if item.kind == "numbered" and other.name:
            return alike - _SAME_NAME
    return alike


class _Index:
    # Statements by their words and names; common words are looked at last, and only so many in all.
    def __init__(self, statements: Sequence[Requirement], numbers: Iterable[int]) -> None:
        self._words: dict[str, list[int]] = defaultdict(list)
        self._names: dict[str, list[int]] = defaultdict(list)
        for number in numbers:
            item = statements[number]
            for word in item.clause.vocabulary:
                self._words[word].append(number)
            if item.name and len(self._names[item.name]) < _MOST_CANDIDATES:
                self._names[item.name].append(number)

    def candidates(self, item: Requirement) -> Iterator[int]:
        postings = sorted((self._words[word] for word in item.clause.vocabulary if word in self._words), key=len)
        seen: set[int] = set()
        for numbers in postings:
            for number in numbers:
                if len(seen) >= _MOST_CANDIDATES:
                    return
                if number not in seen:
                    seen.add(number)
                    yield number

    def named(self, item: Requirement) -> Sequence[int]:
        return self._names.get(item.name, ()) if item.name else ()
