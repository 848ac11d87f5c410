"""Runs patterns in worker processes, so that a pattern that loops, prints, exits or crashes costs one file at most."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.errors import PatternError, ProcessError
from pytest_orchestrator.pattern_engine.adopted.rule_case import RuleCase
from pytest_orchestrator.pattern_engine.noqa import unsilenced
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
from pytest_orchestrator.pattern_engine.suppressions import heed
from pytest_orchestrator.pattern_engine.watching import must_be_watched
from pytest_orchestrator.pattern_engine.workers.channel import (
    Begun,
    Check,
    Done,
    Examine,
    Failed,
    Findings,
    Illustrate,
    Illustrated,
    Learn,
    Ready,
    Reply,
    Scan,
    Scanned,
    Unloadable,
    WireCall,
)
from pytest_orchestrator.pattern_engine.workers.worker_process import EndedError, TimeLimitError, WorkerProcess
from pytest_orchestrator.records import Diagnostic

DEFAULT_TIME_LIMIT_S = 60.0
_START_LIMIT_S = 60.0
_MAX_DESCRIBED = 1_000
_MAX_LEARNT = 1_000

ShouldStop = Callable[[], bool] | None


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What came of one file: what is to be said of it, never empty, and its text afterwards."""

    results: tuple[FileResult, ...]
    data: bytes


class Crew:
    """A worker process, started when it is first needed and again whenever a pattern took it down.

    Threads may share a crew; they take turns. `close` it, or use it in a `with` statement.
    """

    def __init__(self) -> None:
        self._worker: WorkerProcess | None = None
        self._learnt: dict[str, int] = {}
        self._described: dict[int, tuple[PatternCall, WireCall, str]] = {}
        self._imported: dict[str, str] = {}
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker; the next request starts another one."""
        with self._turn:
            if self._worker is not None:
                self._worker.close()
                self._worker = None
            self._learnt, self._imported = {}, {}

    def check(self, calls: Sequence[PatternCall], *, time_limit_s: float = DEFAULT_TIME_LIMIT_S) -> None:
        """Load the patterns, so that what is wrong with them is said once and not for each file.

        Raises:
            PatternError: a template is among them, or one can't be loaded; says which and why.
        """
        refuse_templates(calls)
        with self._turn:
            self._check(calls, time_limit_s)

    def examine(  # noqa: PLR0913 - each of them is needed each time
        self,
        path: str,
        data: bytes,
        calls: Sequence[PatternCall],
        *,
        root: Path,
        time_limit_s: float = DEFAULT_TIME_LIMIT_S,
        should_stop: ShouldStop = None,
        every_file: bool = True,
    ) -> Examined:
        """Run linters on the file as it is, and codemods on it in turn; nothing is written.

        `path` is relative to `root`. Each pattern has `time_limit_s`, all its turns together. When a codemod fails, the
        file stays as it was.
        Without `every_file`, a file in which no pattern has anything to do is not looked at any closer.

        Raises:
            StoppedError: `should_stop` said so.
        """
        with self._turn:
            task = _Task(path=path, data=data, calls=calls, root=root, every_file=every_file)
            while not task.is_done:
                self._attempt(task, time_limit_s, should_stop)
            return task.examined()

    def rule_cases(self, call: PatternCall, *, time_limit_s: float = DEFAULT_TIME_LIMIT_S) -> tuple[RuleCase, ...]:
        """The examples that a Fixit rule comes with; none of another pattern.

        Raises:
            PatternError: it can't be loaded.
        """
        with self._turn, _loading(call.pattern.id, time_limit_s), self._asking([call]) as worker:
            worker.send(Illustrate(call=WireCall.of(call)))
            reply, _ = worker.receive(deadline=time.monotonic() + time_limit_s)
        if isinstance(reply, Unloadable):
            raise PatternError(reply.message, fix=reply.fix)
        assert isinstance(reply, Illustrated)  # noqa: S101 - our own module's answer
        return reply.cases

    def may_match(self, call: PatternCall, data: bytes, *, time_limit_s: float = DEFAULT_TIME_LIMIT_S) -> bool:
        """Whether the call's trigger matches a file with these bytes; it does, when that takes too long to tell."""
        if not must_be_watched(call.pattern):
            return call.pattern.trigger.may_match(data)
        try:
            with self._turn, self._asking([call]) as worker:
                worker.send(Scan(call=WireCall.of(call)), data)
                reply, _ = worker.receive(deadline=time.monotonic() + time_limit_s)
        except (TimeLimitError, EndedError):
            return True
        assert isinstance(reply, Scanned)  # noqa: S101 - our own module's answer
        return reply.matches

    def _check(self, calls: Sequence[PatternCall], time_limit_s: float) -> None:
        with self._asking(calls) as worker:
            worker.send(Check(calls=tuple(map(WireCall.of, calls))))
            reply = self._heard(worker, calls[0].pattern.id if calls else "", time_limit_s)
            while isinstance(reply, Begun) and reply.call is not None:
                reply = self._heard(worker, calls[reply.call].pattern.id, time_limit_s)
        if isinstance(reply, Unloadable):
            raise PatternError(reply.message, fix=reply.fix)

    def _heard(self, worker: WorkerProcess, pattern: str, time_limit_s: float) -> Reply:
        with _loading(pattern, time_limit_s):
            return worker.receive(deadline=time.monotonic() + time_limit_s)[0]

    def _attempt(self, task: _Task, time_limit_s: float, should_stop: ShouldStop) -> None:
        """Have the rest of the task done; a worker that dies of it takes the call with it that it was busy with."""
        try:
            with self._asking(task.calls) as worker:
                numbers = [self._teach(worker, call) for call in task.calls]
                worker.send(task.request(numbers), task.data)
                while not task.is_done:
                    began = time.monotonic()
                    reply = worker.receive(deadline=began + time_limit_s - task.spent_s, should_stop=should_stop)
                    task.hear(*reply, seconds=time.monotonic() - began)
        except TimeLimitError:
            task.lose("time", f"did not end within {time_limit_s:g} s")
        except EndedError as error:
            # Somebody else may have ended it on the way here: what nobody had begun is worth a second worker.
            if not task.may_try_again():
                task.lose("exited", str(error))

    def _teach(self, worker: WorkerProcess, call: PatternCall) -> int:
        """The number by which the worker knows the call. Describing it costs more than many a file."""
        known = self._described.get(id(call))
        if known is None or known[0] is not call:
            if len(self._described) > _MAX_DESCRIBED:
                self._described.clear()
            wire = WireCall.of(call)
            known = self._described[id(call)] = (call, wire, json.dumps(encode(wire), sort_keys=True))
        _, wire, key = known
        if key not in self._learnt:
            worker.send(Learn(call=wire))
            self._learnt[key] = len(self._learnt)
        return self._learnt[key]

    @contextmanager
    def _asking(self, calls: Sequence[PatternCall]) -> Iterator[WorkerProcess]:
        """A worker to ask something about these; it is given up when that fails, for what is still on its way would be
        taken for the answer to the next request.
        """
        dotted = {call.pattern.entry: call.pattern.digest for call in calls if call.pattern.folder is None}
        self._retire(dotted)
        worker = self._hire()
        self._imported.update(dotted)
        try:
            yield worker
        except BaseException:
            self._fire()
            raise

    def _retire(self, dotted: Mapping[str, str]) -> None:
        """Give up a worker that has learnt more than it will ever need, or has imported what is no longer the code of
        these dotted names, by their digests: only another process sees the new one.
        """
        is_stale = any(self._imported.get(entry, digest) != digest for entry, digest in dotted.items())
        if is_stale or len(self._learnt) > _MAX_LEARNT:
            self._fire()

    def _hire(self) -> WorkerProcess:
        if self._worker is not None and not self._worker.is_alive():
            self._fire()  # somebody else ended it between two requests: no pattern is to blame
        if self._worker is None:
            try:
                worker = WorkerProcess()
            except OSError as error:
                raise ProcessError(f"the worker that runs patterns can't be started: {error}") from error
            try:
                reply, _ = worker.receive(deadline=time.monotonic() + _START_LIMIT_S)
                assert isinstance(reply, Ready)  # noqa: S101 - our own module's first word
            except (TimeLimitError, EndedError) as error:
                printed = worker.printed()
                worker.kill()
                raise ProcessError(f"the worker that runs patterns did not start: {printed or error}") from error
            except BaseException:
                worker.kill()
                raise
            self._worker = worker
        return self._worker

    def _fire(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker = None
        self._learnt, self._imported = {}, {}


@contextmanager
def _loading(pattern: str, time_limit_s: float) -> Iterator[None]:
    """Say it of the pattern when its code takes for ever to load, or ends the process."""
    try:
        yield
    except (TimeLimitError, EndedError) as error:
        how = f"did not end within {time_limit_s:g} s" if isinstance(error, TimeLimitError) else str(error)
        raise PatternError(f"pattern {pattern!r} can't be loaded: it {how}") from error


def refuse_templates(calls: Sequence[PatternCall]) -> None:
    """Say so when one of the patterns can't be run at all.

    Raises:
        PatternError: it is a template.
    """
    for call in calls:
        if call.pattern.kind == "template":
            raise PatternError(
                f"pattern {call.pattern.id!r} is a template: it is read, not run",
                fix="show it: pytest-orchestrator patterns show " + call.pattern.id,
            )


class _Task:
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
