"""The difference of two texts as hunks, and the lines that correspond to each other."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Hunk:
    """Neighbouring lines that were replaced, as indexes from 0, ends exclusive; `start == end` is an insertion."""

    start: int
    end: int
    new_start: int
    new_end: int


def compare(before: bytes, after: bytes) -> tuple[Hunk, ...]:
    """The hunks that make `after` of `before`, in order.

    The algorithm is Bram Cohen's patience diff: lines that both texts hold once are the anchors. Unlike the shortest
    difference, it takes little more time than reading each line, however often lines repeat.
    """
    if before == after:
        return ()
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return tuple(_compare(old, range(len(old)), new, range(len(new))))


def changed_lines(hunks: Iterable[Hunk]) -> set[int]:
    """The lines of the old text that were replaced, counted from 0."""
    return {line for hunk in hunks for line in range(hunk.start, hunk.end)}


def map_lines(lines: Iterable[int], hunks: Sequence[Hunk]) -> set[int]:
    """The new text's lines that correspond to `lines` of the old; a replaced line corresponds to its whole hunk."""
    found: set[int] = set()
    ends = [hunk.end for hunk in hunks]
    for line in lines:
        index = bisect_left(ends, line + 1)
        if index < len(hunks) and hunks[index].start <= line:
            found.update(range(hunks[index].new_start, hunks[index].new_end))
        else:
            found.add(line + (hunks[index - 1].new_end - hunks[index - 1].end if index else 0))
    return found


def inverted(hunks: Iterable[Hunk]) -> tuple[Hunk, ...]:
    """The hunks that make the old text of the new one."""
    return tuple(Hunk(start=item.new_start, end=item.new_end, new_start=item.start, new_end=item.end) for item in hunks)


def apply_hunks(before: bytes, after: bytes, hunks: Iterable[Hunk]) -> bytes:
    """`before` with only these of the hunks between the two texts applied."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    lines, end = list[bytes](), 0
    for hunk in hunks:
        lines += [*old[end : hunk.start], *new[hunk.new_start : hunk.new_end]]
        end = hunk.end
    return b"".join([*lines, *old[end:]])


def _compare(old: Sequence[bytes], here: range, new: Sequence[bytes], there: range) -> Iterator[Hunk]:
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
                yield Hunk(start=line, end=line + 1, new_start=new_line, new_end=new_line + 1)
    else:
        yield Hunk(start=here.start, end=here.stop, new_start=there.start, new_end=there.stop)


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
    positions = {new[line]: line for line in there if new_counts[new[line]] == 1}
    pairs = [(line, positions[old[line]]) for line in here if counts[old[line]] == 1 and old[line] in positions]
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
