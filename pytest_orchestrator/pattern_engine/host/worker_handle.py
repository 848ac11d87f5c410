"""Runs patterns in worker processes, so that a pattern that loops, prints, exits or crashes costs one file at most."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.errors import PatternError, ProcessError
from pytest_orchestrator.pattern_engine.channel import (
    Begun,
    Check,
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
from pytest_orchestrator.pattern_engine.foreign.rule_case import RuleCase
from pytest_orchestrator.pattern_engine.host.task import Examined, Task
from pytest_orchestrator.pattern_engine.host.worker_process import EndedError, TimeLimitError, WorkerProcess
from pytest_orchestrator.pattern_engine.library.risky_regex import must_be_watched
from pytest_orchestrator.pattern_engine.pattern import PatternCall

DEFAULT_TIME_LIMIT_S = 60.0
_START_LIMIT_S = 60.0
_MAX_DESCRIBED = 1_000
_MAX_LEARNT = 1_000

ShouldStop = Callable[[], bool] | None


class WorkerHandle:
    """A worker process, started when it is first needed and again whenever a pattern took it down.

    Threads may share a worker; they take turns. `close` it, or use it in a `with` statement.
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
            task = Task(path=path, data=data, calls=calls, root=root, every_file=every_file)
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

    def _attempt(self, task: Task, time_limit_s: float, should_stop: ShouldStop) -> None:
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
            self._learnt, self._imported = {}, {}
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
