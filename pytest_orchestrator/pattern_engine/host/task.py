"""The patterns that are still to be run on a file, and the results of the others."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.pattern_engine.channel import Begun, Done, Examine, Failed, Findings
from pytest_orchestrator.pattern_engine.host.workspace import SourceFile
from pytest_orchestrator.pattern_engine.noqa import unsuppressed
from pytest_orchestrator.pattern_engine.pattern import PatternCall
from pytest_orchestrator.pattern_engine.results import (
    TOO_DEEP,
    Edited,
    FileResult,
    Found,
    Overlap,
    Reason,
    Rejected,
    SuppressedLines,
    Unchanged,
)
from pytest_orchestrator.pattern_engine.suppressions import MARK, honour_suppressions
from pytest_orchestrator.python_syntax import is_deep

_SLOW_SEARCH = "the search for its trigger is slow, so write a regular expression with fewer repeats"


@dataclass(frozen=True, kw_only=True)
class Examined:
    """The results for one file, at least one, and its bytes afterwards."""

    results: tuple[FileResult, ...]
    data: bytes


class Task:
    """One file and the patterns to run on it. If a worker dies, another one gets the rest of the task."""

    def __init__(
        self, *, file: SourceFile, calls: Sequence[PatternCall], root: Path, every_file: bool, honours: bool = True
    ) -> None:
        self.file, self._root, self._every_file, self._honours = file, root, every_file, honours
        self._calls = tuple(calls)
        self._waiting = list(calls)
        # The one search for triggers in the file as it is: the worker gets the result. No time limit and no request to
        # stop could end a slow one here, so those are left to the worker.
        quick = [call for call in calls if call.pattern.trigger.is_quick_on(file.data)]
        self._matching = frozenset(id(call) for call in quick if call.pattern.trigger.may_match(file.data))
        idle = {id(call) for call in quick} - self._matching
        self.needed = tuple(call for call in calls if every_file or id(call) not in idle)
        """The calls that may have something to do in the file as it is: all of them if every file is looked at."""
        self.is_done = not (every_file or self.needed or MARK in file.data)
        self._sent: list[PatternCall] = []
        self._current: PatternCall | None = None
        self._is_search = False
        self._diagnostics: list[Diagnostic] = []
        self._rejected: list[Rejected] = []
        self._after = file.data
        self._edited_by: tuple[str, ...] = ()
        self._overlaps: tuple[Overlap, ...] = ()
        self._suppressed_lines: set[tuple[str, int]] = set()
        self._suppressed: list[Rejected] = []
        self._has_reply = False
        self._was_retried = False
        self._spent_s: defaultdict[str, float] = defaultdict(float)

    @property
    def calls(self) -> Sequence[PatternCall]:
        """The calls that are still to be done."""
        return self._waiting

    def request(self, numbers: Sequence[int]) -> Examine:
        """The request for the rest of the task, to a worker that knows `calls` by these numbers."""
        self._sent = list(self._waiting)
        self._current, self._is_search, self._has_reply = None, False, False
        matching = (index for index, call in enumerate(self._sent) if id(call) in self._matching)
        return Examine(
            path=self.file.path,
            root=str(self._root),
            calls=tuple(numbers),
            matching=tuple(matching),
            every_file=self._every_file,
        )

    @property
    def spent_s(self) -> float:
        """How long the current pattern has run on the file so far, in earlier turns too."""
        return self._spent_s[self._current_id]

    @property
    def _current_id(self) -> str:
        return self._current.pattern.id if self._current is not None else ""

    def receive(self, reply: object, blob: bytes, *, seconds: float) -> None:
        """Note a reply of the worker, which came `seconds` after the one before it."""
        self._has_reply = True
        self._spent_s[self._current_id] += seconds
        match reply:
            case Begun():
                self._current = None if reply.call is None else self._sent[reply.call]
                self._is_search = reply.is_search
            case Findings():
                self._diagnostics += reply.diagnostics
                self._drop(self._sent[reply.call])
            case Failed():
                pattern = "" if reply.call is None else self._sent[reply.call].pattern.id
                self._reject(reply.reason, reply.message, pattern, reply.line)
                if reply.call is not None:
                    self._drop(self._sent[reply.call])
            case Done():
                for suppressed in reply.suppressed:
                    self._note_suppressed(self._sent[suppressed.call].pattern.id, suppressed)
                if reply.edited_by:
                    self._edited_by = tuple(self._sent[index].pattern.id for index in reply.edited_by)
                    self._overlaps, self._after = reply.overlaps, blob
                self.is_done = True

    def may_retry(self) -> bool:
        """Whether the worker died before its first reply, for the first time."""
        may, self._was_retried = not self._has_reply and not self._was_retried, True
        return may

    def fail_current(self, reason: Reason, how: str) -> None:
        """The worker is gone: the current call fails. The linters after it are still to be run.

        If the file is nested deeply, that is the reason for which LibCST's parser ended the process.
        """
        if reason == "exited" and is_deep(self.file.data):
            self._reject("syntax", TOO_DEEP, "", None)
            self._waiting = []
        elif self._current is None:
            self._reject(reason, f"LibCST's parser {how}", "", None)
            self._waiting = []
        else:
            how = f"{how}: {_SLOW_SEARCH}" if self._is_search else how
            self._reject(reason, how, self._current.pattern.id, None)
            self._drop(self._current)
        self.is_done = not self._waiting

    def examined(self) -> Examined:
        """The results, without the diagnostics that suppressions suppress."""
        results: Sequence[FileResult] = ()
        if self._edited_by:
            edited = Edited(
                path=self.file.path,
                before_sha256=self.file.sha256,
                after_sha256=hashlib.sha256(self._after).hexdigest(),
                patterns=self._edited_by,
                overlaps=self._overlaps,
            )
            results = (edited,)
        found = self._unsuppressed()
        results = with_findings([*results, *self._rejected, *self._suppressed], self.file.path, found)
        return Examined(results=tuple(results or [Unchanged(path=self.file.path)]), data=self._after)

    def _unsuppressed(self) -> Sequence[Diagnostic]:
        if not self._honours:
            return self._diagnostics
        failed = {rejected.pattern for rejected in self._rejected}
        ran = {call.pattern.id: call.pattern.kind for call in self._calls}
        codes = {call.pattern.id: call.pattern.noqa for call in self._calls}
        if any(ran.get(id_) == "codemod" for id_ in failed):  # then no codemod came to its end
            failed.update(id_ for id_, kind in ran.items() if kind == "codemod")
        ran = {id_: kind for id_, kind in ran.items() if id_ not in failed}
        found = honour_suppressions(
            self._diagnostics, self.file.data, path=self.file.path, ran=ran, suppressed=self._suppressed_lines
        )
        return unsuppressed(found, self.file.data, codes) if found else found

    def _note_suppressed(self, pattern: str, suppressed: SuppressedLines) -> None:
        self._suppressed_lines.update((pattern, line) for line in suppressed.lines)
        if suppressed.whole_file:
            message = (
                "a comment suppresses it here, and its other changes may depend on this one: the file stays unchanged"
            )
            self._suppressed.append(
                Rejected(
                    path=self.file.path,
                    reason="suppressed",
                    pattern=pattern,
                    message=message,
                    line=suppressed.lines[0] if suppressed.lines else None,
                )
            )

    def _drop(self, call: PatternCall) -> None:
        """Take the call off the list; without one of its codemods, all of the chain."""
        chain = call.pattern.kind == "codemod"
        self._waiting = [
            other for other in self._waiting if other is not call and not (chain and other.pattern.kind == "codemod")
        ]

    def _reject(self, reason: Reason, message: str, pattern: str, line: int | None) -> None:
        self._rejected.append(Rejected(path=self.file.path, reason=reason, pattern=pattern, message=message, line=line))


def with_findings(results: Sequence[FileResult], path: str, more: Sequence[Diagnostic]) -> Sequence[FileResult]:
    """The results for a file and `more` diagnostics; a file that can't be read has none."""
    if not more or any(isinstance(result, Rejected) and not result.pattern for result in results):
        return results
    known = [item for result in results if isinstance(result, Found) for item in result.diagnostics]
    found = sorted([*known, *more], key=lambda item: (item.range, item.rule, item.message))
    others = [result for result in results if not isinstance(result, Found | Unchanged)]
    edited = [result for result in others if isinstance(result, Edited)]
    rest = [result for result in others if not isinstance(result, Edited)]
    return [*edited, Found(path=path, diagnostics=tuple(found)), *rest]
