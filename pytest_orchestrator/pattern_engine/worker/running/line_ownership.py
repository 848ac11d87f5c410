"""Who wants to change which lines of a file: what two codemods both want, the first has, and the second is said of."""

from __future__ import annotations

import contextlib
import itertools
from bisect import bisect_right
from collections.abc import Collection, Iterator
from functools import cached_property

from pytest_orchestrator.pattern_engine.results import Overlap
from pytest_orchestrator.pattern_engine.trigger import Trigger
from pytest_orchestrator.pattern_engine.worker.running.line_changes import backwards, carried, changed_lines, compare
from pytest_orchestrator.pattern_engine.worker.running.rewriting import Text
from pytest_orchestrator.pattern_engine.worker.slicing.outline import WholeFileNeeded
from pytest_orchestrator.pattern_engine.worker.slicing.slices import mentions
from pytest_orchestrator.pattern_engine.worker.slicing.statements import with_their_statements


class Claims:
    """The lines of one file that codemods change, each after the other; lines are those of the file as it was."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._claims: list[tuple[str, set[int]]] = []
        self._unread: list[tuple[str, bytes, bytes]] = []
        self._claimed: set[int] | None = None
        self.overlaps: list[Overlap] = []

    def may_concern(self, trigger: Trigger) -> bool:
        """Whether a codemod with this trigger may want lines that others have changed."""
        if not (self._claims or self._unread) or not self._text.may_hit(trigger):
            return False
        while self._unread:
            codemod, before, after = self._unread.pop(0)
            since = compare(self._text.data, before)
            self._add(codemod, carried(changed_lines(compare(before, after)), backwards(since)))
        if self._claimed is None:
            lines = set[int]().union(*(lines for _, lines in self._claims))
            self._claimed = with_their_statements(lines, self._text.tree)
        return any(not self._claimed.isdisjoint(lines) for lines in self._hits(trigger))

    def claim(self, codemod: str, before: bytes, after: bytes) -> None:
        """Note that `codemod` made `after` of the text that the codemods in front of it had left, `before`.

        It is one that wants no line that they changed.
        """
        self._unread.append((codemod, before, after))  # finding the lines is for when somebody wants to know

    def contest(self, codemod: str, alone: bytes, before: bytes, after: bytes) -> None:
        """`codemod` would have made `alone` of the file as it was, and made `after` of what the others had left.

        Ask `may_concern` first: without that, there is nothing to contest.
        """
        wanted = changed_lines(compare(self._text.data, alone))
        touched = changed_lines(compare(before, after))
        since = compare(self._text.data, before)
        left = set(wanted)
        for winner, lines in self._claims:
            for first, last in _ranges(left & lines):
                is_touched = not touched.isdisjoint(carried(range(first, last + 1), since))
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
            self._add(codemod, wanted | carried(touched, backwards(since)))

    def _add(self, codemod: str, lines: set[int]) -> None:
        self._claims.append((codemod, lines))
        self._claimed = None

    def _hits(self, trigger: Trigger) -> Iterator[range]:
        """The lines of each stretch in which the trigger's codemod may have something to do."""
        starts = self._line_starts
        for start, end in self._stretches(trigger):
            yield range(bisect_right(starts, start) - 1, bisect_right(starts, end))

    def _stretches(self, trigger: Trigger) -> Iterator[tuple[int, int]]:
        if trigger.names and trigger.within != "file" and self._text.tree is not None:
            with contextlib.suppress(WholeFileNeeded):
                return iter(tuple(mentions(self._text.data, self._text.outline, trigger)))
        return trigger.hits(self._text.data)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *itertools.accumulate(map(len, self._text.data.splitlines(keepends=True)))]


def _ranges(lines: Collection[int]) -> Iterator[tuple[int, int]]:
    """Runs of neighbouring lines, the first and the last of each."""
    ordered = sorted(lines)
    starts = [line for line in ordered if line - 1 not in lines]
    ends = [line for line in ordered if line + 1 not in lines]
    yield from zip(starts, ends, strict=True)
