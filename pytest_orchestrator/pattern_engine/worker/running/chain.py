"""Runs several codemods on one file, round after round, until none of them changes anything.

Each codemod gets the text that the ones before it made. When two change the same lines, the first one owns the lines,
and the other is run on the new text. A codemod is run again only on a text that it hasn't been run on. A single codemod
is run once: its cases show whether a second run would change its result again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from pytest_orchestrator.pattern_engine.results import Overlap, Rejected
from pytest_orchestrator.pattern_engine.trigger import Trigger
from pytest_orchestrator.pattern_engine.worker.running.line_changes import changed_lines, compare, inverted, map_lines
from pytest_orchestrator.pattern_engine.worker.running.source import Text
from pytest_orchestrator.pattern_engine.worker.slicing.outline import WholeFileNeeded
from pytest_orchestrator.pattern_engine.worker.slicing.slices import mentions
from pytest_orchestrator.pattern_engine.worker.slicing.statements import lines_of, with_their_statements

MAX_ROUNDS = 10


@dataclass(frozen=True, kw_only=True)
class Link:
    """One codemod of a chain. `index` is the caller's number for it."""

    index: int
    id: str
    trigger: Trigger
    revise: Callable[[Text], Text | Rejected]
    """The codemod: gives the new text, the very same text when nothing changes, or a rejection."""
    prepare_search: Callable[[Text], None] = lambda _: None
    """Called with each text before its trigger is searched for in it."""


@dataclass(frozen=True, kw_only=True)
class ChainResult:
    """The text after the chain, and the indexes of the links that changed it, in the order in which they did."""

    text: Text
    edited_by: tuple[int, ...] = ()
    overlaps: tuple[Overlap, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Broken:
    """The link with this index failed on the file, and the chain stopped there."""

    index: int
    rejected: Rejected


@dataclass(frozen=True, kw_only=True)
class _Edit:
    link: Link
    before: bytes
    after: bytes


def run_chain(text: Text, links: Sequence[Link]) -> ChainResult | Broken:
    """Run the codemods on `text` until nothing changes, at most `MAX_ROUNDS` times."""
    return _Chain(text, links).run()


class _Chain:
    def __init__(self, text: Text, links: Sequence[Link]) -> None:
        self._start = self._current = text
        self._links = links
        self._ownership = LineOwnership(text)
        self._settled: dict[int, bytes] = {}  # by index, the last text that a codemod did not change
        self._edited_by: dict[int, None] = {}

    def run(self) -> ChainResult | Broken:
        seen = {self._start.data}
        edits: list[_Edit] = []
        for number in range(MAX_ROUNDS):
            edits = []
            for link in self._links:
                edit = self._turn(link, is_first=number == 0)
                if isinstance(edit, Broken):
                    return edit
                edits += [edit] if edit is not None else []
            if len(self._links) == 1 or not edits:
                return ChainResult(
                    text=self._current, edited_by=tuple(self._edited_by), overlaps=tuple(self._ownership.overlaps)
                )
            if self._current.data in seen:  # the rounds repeat themselves
                break
            seen.add(self._current.data)
        return self._fight(edits)

    def _turn(self, link: Link, *, is_first: bool) -> _Edit | Broken | None:
        """Run a codemod on the current text."""
        before = self._current
        for text in {id(text): text for text in (before, self._start)}.values() if is_first else [before]:
            link.prepare_search(text)
        alone = self._alone(link) if is_first and before is not self._start else None
        if self._settled.get(link.index) == before.data:
            return None
        result = link.revise(before) if before.may_hit(link.trigger) else before
        if isinstance(result, Rejected):
            return Broken(index=link.index, rejected=result)
        if alone is not None:
            self._ownership.note_overlaps(link.id, alone, before.data, result.data)
        if result is before:
            self._settled[link.index] = before.data
            return None
        if is_first and alone is None and len(self._links) > 1:
            self._ownership.own(link.id, before.data, result.data)
        self._current = result
        self._edited_by[link.index] = None
        return _Edit(link=link, before=before.data, after=result.data)

    def _alone(self, link: Link) -> bytes | None:
        """What the codemod makes of the original file, where that may show an overlap."""
        if not self._ownership.may_overlap(link.trigger):
            return None
        result = link.revise(self._start)
        return None if isinstance(result, Rejected) or result is self._start else result.data

    def _fight(self, edits: Sequence[_Edit]) -> Broken:
        """The rejection that names the two codemods that changed each other's results in the last round."""
        last = edits[-1]
        changed = changed_lines(compare(last.before, last.after))
        others = [edit for edit in edits if edit.link is not last.link]
        other = next((edit for edit in reversed(others) if changed & _made_by(edit, last.before)), None)
        other = other or (others[-1] if others else None)
        lines = map_lines(changed, inverted(compare(self._start.data, last.before)))
        opponent = f"{other.link.id}: each changes the other's result" if other else "itself: it changes its own result"
        advice = "run one without the other" if other else "run it alone"
        return Broken(
            index=last.link.index,
            rejected=Rejected(
                path=self._start.path,
                reason="fight",
                pattern=last.link.id,
                message=f"does not reach a stable result with {opponent}; {advice}",
                line=min(lines) + 1 if lines else None,
            ),
        )


def _made_by(edit: _Edit, later: bytes) -> set[int]:
    """The lines of a later text that `edit` wrote."""
    written = changed_lines(inverted(compare(edit.before, edit.after)))
    return map_lines(written, compare(edit.after, later))


class LineOwnership:
    """Which codemod first changed which lines of a file; lines are those of the original file, counted from 0."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._owned: list[tuple[str, set[int]]] = []
        self._uncompared: list[tuple[str, bytes, bytes]] = []
        self._owned_lines: set[int] | None = None
        self.overlaps: list[Overlap] = []

    def may_overlap(self, trigger: Trigger) -> bool:
        """Whether a codemod with this trigger may change lines that others own."""
        if not (self._owned or self._uncompared) or not self._text.may_hit(trigger):
            return False
        while self._uncompared:
            codemod, before, after = self._uncompared.pop(0)
            since = compare(self._text.data, before)
            self._add(codemod, map_lines(changed_lines(compare(before, after)), inverted(since)))
        if self._owned_lines is None:
            lines = set[int]().union(*(lines for _, lines in self._owned))
            self._owned_lines = with_their_statements(lines, self._text.tree)
        return any(not self._owned_lines.isdisjoint(lines) for lines in self._hits(trigger))

    def own(self, codemod: str, before: bytes, after: bytes) -> None:
        """Note that `codemod` made `after` of `before`, and changed no line that others own."""
        self._uncompared.append((codemod, before, after))  # compared when the lines are asked for

    def note_overlaps(self, codemod: str, alone: bytes, before: bytes, after: bytes) -> None:
        """Note which owned lines `codemod` wanted too: it makes `alone` of the original file, and `after` of `before`.

        Call `may_overlap` first: that finds the lines that others own.
        """
        wanted = changed_lines(compare(self._text.data, alone))
        touched = changed_lines(compare(before, after))
        since = compare(self._text.data, before)
        left = set(wanted)
        for winner, lines in self._owned:
            for first, last in _ranges(left & lines):
                is_touched = not touched.isdisjoint(map_lines(range(first, last + 1), since))
                self.overlaps.append(
                    Overlap(
                        line=first + 1,
                        end_line=last + 1,
                        winner=winner,
                        loser=codemod,
                        outcome="changed-too" if is_touched else "nothing-left",
                    )
                )
            left -= lines
        if before != after:
            self._add(codemod, wanted | map_lines(touched, inverted(since)))

    def _add(self, codemod: str, lines: set[int]) -> None:
        self._owned.append((codemod, lines))
        self._owned_lines = None

    def _hits(self, trigger: Trigger) -> Iterator[range]:
        """The lines of each match of the trigger."""
        lines = lines_of(self._text.data)
        for span in self._spans(trigger):
            numbers = lines.numbers(*span)
            yield range(numbers.start - 1, numbers.stop - 1)

    def _spans(self, trigger: Trigger) -> Iterator[tuple[int, int]]:
        if trigger.names and trigger.within != "file" and self._text.tree is not None:
            with contextlib.suppress(WholeFileNeeded):
                return iter(tuple(mentions(self._text.data, self._text.outline, trigger)))
        return trigger.hits(self._text.data)


def _ranges(lines: Collection[int]) -> Iterator[tuple[int, int]]:
    """The first and the last line of each run of neighbouring lines."""
    ordered = sorted(lines)
    starts = [line for line in ordered if line - 1 not in lines]
    ends = [line for line in ordered if line + 1 not in lines]
    yield from zip(starts, ends, strict=True)
