"""Which lines of a text another text replaced, and where its other lines went."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Neighbouring lines that were replaced; offsets of lines, ends exclusive. `start == end` is an insertion."""

    start: int
    end: int
    new_start: int
    new_end: int


def compare(before: bytes, after: bytes) -> tuple[Stretch, ...]:
    """The lines of `before` that are others in `after`, in order.

    Lines that both texts hold once tie them together (Bram Cohen's patience diff): unlike the shortest difference, it
    costs little more than looking at each line, however often lines repeat.
    """
    if before == after:
        return ()
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return tuple(_compare(old, range(len(old)), new, range(len(new))))


def changed_lines(stretches: Iterable[Stretch]) -> set[int]:
    """The lines of the text before that were replaced, counted from 0."""
    return {line for stretch in stretches for line in range(stretch.start, stretch.end)}


def carried(lines: Iterable[int], stretches: Sequence[Stretch]) -> set[int]:
    """Where lines of the text before are in the text after; one that was replaced is in all that replaced it."""
    found: set[int] = set()
    ends = [stretch.end for stretch in stretches]
    for line in lines:
        place = bisect_left(ends, line + 1)
        if place < len(stretches) and stretches[place].start <= line:
            found.update(range(stretches[place].new_start, stretches[place].new_end))
        else:
            found.add(line + (stretches[place - 1].new_end - stretches[place - 1].end if place else 0))
    return found


def backwards(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same difference seen from the text after."""
    return tuple(
        Stretch(start=item.new_start, end=item.new_end, new_start=item.start, new_end=item.end) for item in stretches
    )


def with_stretches(before: bytes, after: bytes, stretches: Iterable[Stretch]) -> bytes:
    """The text before, in which only these of the differences between the two are made."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    lines, place = list[bytes](), 0
    for stretch in stretches:
        lines += [*old[place : stretch.start], *new[stretch.new_start : stretch.new_end]]
        place = stretch.end
    return b"".join([*lines, *old[place:]])


def _compare(old: Sequence[bytes], here: range, new: Sequence[bytes], there: range) -> Iterator[Stretch]:
    here, there = _trimmed(old, here, new, there)
    if not here and not there:
        return
    anchors = _anchors(old, here, new, there) if here and there else []
    if anchors:
        for line, new_line in [*anchors, (here.stop, there.stop)]:
            yield from _compare(old, range(here.start, line), new, range(there.start, new_line))
            here, there = range(line + 1, here.stop), range(new_line + 1, there.stop)
    elif len(here) == len(there):
        for line, new_line in zip(here, there, strict=True):
            if old[line] != new[new_line]:
                yield Stretch(start=line, end=line + 1, new_start=new_line, new_end=new_line + 1)
    else:
        yield Stretch(start=here.start, end=here.stop, new_start=there.start, new_end=there.stop)


def _trimmed(old: Sequence[bytes], here: range, new: Sequence[bytes], there: range) -> tuple[range, range]:
    """The two ranges without the equal lines at their beginnings and ends."""
    length = min(len(here), len(there))
    head = next((n for n in range(length) if old[here.start + n] != new[there.start + n]), length)
    here, there, length = here[head:], there[head:], length - head
    tail = next((n for n in range(length) if old[here.stop - 1 - n] != new[there.stop - 1 - n]), length)
    return here[: len(here) - tail], there[: len(there) - tail]


def _anchors(old: Sequence[bytes], here: range, new: Sequence[bytes], there: range) -> list[tuple[int, int]]:
    """The longest run of pairs of lines, in order in both texts, of which each is held once by both."""
    counts = Counter(old[line] for line in here)
    new_counts = Counter(new[line] for line in there)
    places = {new[line]: line for line in there if new_counts[new[line]] == 1}
    pairs = [(line, places[old[line]]) for line in here if counts[old[line]] == 1 and old[line] in places]
    # The longest increasing subsequence by patience sorting: the top of each pile, and what each pair lies on.
    tops: list[int] = []
    ends: list[int] = []
    below: list[int] = []
    for number, (_, new_line) in enumerate(pairs):
        pile = bisect_left(tops, new_line)
        below.append(ends[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [new_line]
        ends[pile : pile + 1] = [number]
    run, number = list[tuple[int, int]](), ends[-1] if ends else -1
    while number >= 0:
        run.append(pairs[number])
        number = below[number]
    return run[::-1]
