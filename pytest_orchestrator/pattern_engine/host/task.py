"""One file's way through a list of patterns: what is still to be done, and what came of the rest."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.pattern_engine.channel import Begun, Done, Examine, Failed, Findings
from pytest_orchestrator.pattern_engine.pattern import PatternCall
from pytest_orchestrator.pattern_engine.results import (
    Edited,
    FileResult,
    Overlap,
    Reason,
    Rejected,
    SparedLines,
    Unchanged,
    with_findings,
)
from pytest_orchestrator.pattern_engine.suppressions.comments import heed
from pytest_orchestrator.pattern_engine.suppressions.noqa import unsilenced
from pytest_orchestrator.records import Diagnostic


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What came of one file: what is to be said of it, never empty, and its text afterwards."""

    results: tuple[FileResult, ...]
    data: bytes


class Task:
    """One file's way through a list of patterns, across the workers that it costs."""

    def __init__(self, *, path: str, data: bytes, calls: Sequence[PatternCall], root: Path, every_file: bool) -> None:
        self.path, self.data, self._root, self._every_file = path, data, root, every_file
        self.is_done = False
        self._asked = tuple(calls)
        self._waiting = list(calls)
        self._sent: list[PatternCall] = []
        self._current: PatternCall | None = None
        self._scans = False
        self._diagnostics: list[Diagnostic] = []
        self._rejected: list[Rejected] = []
        self._after = data
        self._edited_by: tuple[str, ...] = ()
        self._overlaps: tuple[Overlap, ...] = ()
        self._spared: set[tuple[str, int]] = set()
        self._suppressed: list[Rejected] = []
        self._has_heard = False
        self._has_tried_again = False
        self._spent_s: defaultdict[str, float] = defaultdict(float)

    @property
    def calls(self) -> Sequence[PatternCall]:
        """The calls that are still to be done."""
        return self._waiting

    def request(self, numbers: Sequence[int]) -> Examine:
        """What to ask of a worker that knows the calls by these numbers."""
        self._sent = list(self._waiting)
        self._current, self._scans, self._has_heard = None, False, False
        return Examine(path=self.path, root=str(self._root), calls=tuple(numbers), every_file=self._every_file)

    @property
    def spent_s(self) -> float:
        """What the pattern that the worker is busy with has taken for the file so far, in earlier turns too."""
        return self._spent_s[self._busy]

    @property
    def _busy(self) -> str:
        return self._current.pattern.id if self._current is not None else ""

    def hear(self, reply: object, blob: bytes, *, seconds: float) -> None:
        """Note what the worker says, `seconds` after it was last heard of."""
        self._has_heard = True
        self._spent_s[self._busy] += seconds
        match reply:
            case Begun():
                self._current = None if reply.call is None else self._sent[reply.call]
                self._scans = reply.scans
            case Findings():
                self._diagnostics += reply.diagnostics
                self._drop(self._sent[reply.call])
            case Failed():
                pattern = "" if reply.call is None else self._sent[reply.call].pattern.id
                self._reject(reply.reason, reply.message, pattern, reply.line)
                if reply.call is not None:
                    self._drop(self._sent[reply.call])
            case Done():
                for spared in reply.spared:
                    self._spare(self._sent[spared.call].pattern.id, spared)
                if reply.edited_by:
                    self._edited_by = tuple(self._sent[place].pattern.id for place in reply.edited_by)
                    self._overlaps, self._after = reply.overlaps, blob
                self.is_done = True

    def may_try_again(self) -> bool:
        """Whether the worker died before it began with anything, for the first time."""
        may, self._has_tried_again = not self._has_heard and not self._has_tried_again, True
        return may

    def lose(self, reason: Reason, how: str) -> None:
        """The worker is gone, and with it the call that it was busy with; the linters after it are still to be run."""
        if self._current is None:
            self._reject(reason, f"LibCST's parser {how}", "", None)
            self._waiting = []
        else:
            if self._scans:
                how = f"looking for its trigger {how}: simplify the regular expressions in its pattern.yaml"
            self._reject(reason, how, self._current.pattern.id, None)
            self._drop(self._current)
        self.is_done = not self._waiting

    def examined(self) -> Examined:
        """What came of the file, with what people's comments say of it heeded."""
        results: Sequence[FileResult] = ()
        if self._edited_by:
            before, after = (hashlib.sha256(data).hexdigest() for data in (self.data, self._after))
            edited = Edited(
                path=self.path,
                before_sha256=before,
                after_sha256=after,
                patterns=self._edited_by,
                overlaps=self._overlaps,
            )
            results = (edited,)
        results = with_findings([*results, *self._rejected, *self._suppressed], self.path, self._heeded())
        return Examined(results=tuple(results or [Unchanged(path=self.path)]), data=self._after)

    def _heeded(self) -> Sequence[Diagnostic]:
        failed = {rejected.pattern for rejected in self._rejected}
        ran = {call.pattern.id: call.pattern.kind for call in self._asked}
        codes = {call.pattern.id: call.pattern.noqa for call in self._asked}
        if any(ran.get(id_) == "codemod" for id_ in failed):  # then no codemod came to its end
            failed.update(id_ for id_, kind in ran.items() if kind == "codemod")
        ran = {id_: kind for id_, kind in ran.items() if id_ not in failed}
        found = heed(self._diagnostics, self.data, path=self.path, ran=ran, spared=self._spared)
        return unsilenced(found, self.data, codes)

    def _spare(self, pattern: str, spared: SparedLines) -> None:
        self._spared.update((pattern, line) for line in spared.lines)
        if spared.whole_file:
            message = "a comment keeps it from this statement, and what else it does may count on that: it does nothing"
            line = spared.lines[0] if spared.lines else None
            self._suppressed.append(
                Rejected(path=self.path, reason="suppressed", pattern=pattern, message=message, line=line)
            )

    def _drop(self, call: PatternCall) -> None:
        """Take the call off the list; without one of its codemods, all of the chain."""
        chain = call.pattern.kind == "codemod"
        self._waiting = [
            other for other in self._waiting if other is not call and not (chain and other.pattern.kind == "codemod")
        ]

    def _reject(self, reason: Reason, message: str, pattern: str, line: int | None) -> None:
        self._rejected.append(Rejected(path=self.path, reason=reason, pattern=pattern, message=message, line=line))
