"""Runs several codemods on one file until none of them has anything left to do.

Each sees what the ones before it made of the file: of two that want the same lines the first has its way, and the other
is tried on the new text. As long as something changed, they are run again, each only on a text that it hasn't seen yet.
A codemod that is alone is run once: that its own result leaves it nothing to do is for its cases to show.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pytest_orchestrator.pattern_engine.results import Overlap, Rejected
from pytest_orchestrator.pattern_engine.trigger import Trigger
from pytest_orchestrator.pattern_engine.worker.running.line_changes import backwards, carried, changed_lines, compare
from pytest_orchestrator.pattern_engine.worker.running.line_ownership import Claims
from pytest_orchestrator.pattern_engine.worker.running.rewriting import Text

MAX_ROUNDS = 10


@dataclass(frozen=True, kw_only=True)
class Link:
    """One codemod of a chain. `place` is the caller's own number for it."""

    place: int
    id: str
    trigger: Trigger
    revise: Callable[[Text], Text | Rejected]
    """What the codemod makes of a text; the text itself when it has nothing to do in it."""


@dataclass(frozen=True, kw_only=True)
class ChainResult:
    """The text after the chain, and the places of the links that changed it, in the order in which they did so."""

    text: Text
    edited_by: tuple[int, ...] = ()
    overlaps: tuple[Overlap, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Broken:
    """The link at `place` came to nothing, and the chain with it."""

    place: int
    rejected: Rejected


@dataclass(frozen=True, kw_only=True)
class _Edit:
    link: Link
    before: bytes
    after: bytes


def run_chain(text: Text, links: Sequence[Link]) -> ChainResult | Broken:
    """What the codemods make of `text` together, or why they make nothing of it."""
    return _Chain(text, links).run()


class _Chain:
    def __init__(self, text: Text, links: Sequence[Link]) -> None:
        self._start = self._current = text
        self._links = links
        self._claims = Claims(text)
        self._settled: dict[int, bytes] = {}  # by place, the last text in which a codemod had nothing to do
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
                    text=self._current, edited_by=tuple(self._edited_by), overlaps=tuple(self._claims.overlaps)
                )
            if self._current.data in seen:  # it goes round in a circle: the other rounds would be the same
                break
            seen.add(self._current.data)
        return self._fight(edits)

    def _turn(self, link: Link, *, is_first: bool) -> _Edit | Broken | None:
        """Let a codemod do what it wants to the text as it is now."""
        before = self._current
        alone = self._alone(link) if is_first and before is not self._start else None
        if self._settled.get(link.place) == before.data:
            return None
        result = link.revise(before) if before.may_hit(link.trigger) else before
        if isinstance(result, Rejected):
            return Broken(place=link.place, rejected=result)
        if alone is not None:
            self._claims.contest(link.id, alone, before.data, result.data)
        if result is before:
            self._settled[link.place] = before.data
            return None
        if is_first and alone is None and len(self._links) > 1:
            self._claims.claim(link.id, before.data, result.data)
        self._current = result
        self._edited_by[link.place] = None
        return _Edit(link=link, before=before.data, after=result.data)

    def _alone(self, link: Link) -> bytes | None:
        """What the codemod would have made of the file as it was, when that may tell of an overlap."""
        if not self._claims.may_concern(link.trigger):
            return None
        result = link.revise(self._start)
        return None if isinstance(result, Rejected) or result is self._start else result.data

    def _fight(self, edits: Sequence[_Edit]) -> Broken:
        """Say who, in the last round, changed what somebody else had just made."""
        last = edits[-1]
        changed = changed_lines(compare(last.before, last.after))
        others = [edit for edit in edits if edit.link is not last.link]
        other = next((edit for edit in reversed(others) if changed & _made_by(edit, last.before)), None)
        other = other or (others[-1] if others else None)
        lines = carried(changed, backwards(compare(self._start.data, last.before)))
        whom = (
            f"{other.link.id}: each changes what the other one makes" if other else "itself: it changes its own result"
        )
        advice = "run one without the other" if other else "run it alone"
        return Broken(
            place=last.link.place,
            rejected=Rejected(
                path=self._start.path,
                reason="fight",
                pattern=last.link.id,
                message=f"fights with {whom}, so there is no end to it; {advice}",
                line=min(lines) + 1 if lines else None,
            ),
        )


def _made_by(edit: _Edit, later: bytes) -> set[int]:
    """Where what `edit` wrote is in a later text."""
    made = changed_lines(backwards(compare(edit.before, edit.after)))
    return carried(made, compare(edit.after, later))
