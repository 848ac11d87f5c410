"""Runs patterns in a worker process, so that a pattern that loops, prints, exits or crashes costs one file at most."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TypeVar

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.errors import PatternError, ProcessError
from pytest_orchestrator.pattern_engine.channel import (
    Begun,
    Check,
    Examples,
    ListExamples,
    Ready,
    Register,
    Reply,
    RuleCase,
    Unloadable,
    WireCall,
)
from pytest_orchestrator.pattern_engine.host.task import Examined, Task
from pytest_orchestrator.pattern_engine.host.worker_process import TimeLimitError, WorkerExitedError, WorkerProcess
from pytest_orchestrator.pattern_engine.host.workspace import SourceFile
from pytest_orchestrator.pattern_engine.library.library import origin_of
from pytest_orchestrator.pattern_engine.pattern import PatternCall

DEFAULT_TIME_LIMIT_S = 60.0
_START_LIMIT_S = 60.0
_MAX_DESCRIBED = 1_000
_MAX_REGISTERED = 1_000

ShouldStop = Callable[[], bool] | None

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class WorkerHandle:
    """A worker process. It is started by the first request, and again after a pattern ended it.

    Threads may share a handle; their requests are served in turn. `close` it, or use it in a `with` statement.
    """

    def __init__(self) -> None:
        self._process: WorkerProcess | None = None
        self._registered: dict[str, int] = {}
        self._described: dict[int, tuple[PatternCall, WireCall, str]] = {}
        self._imported: dict[str, str] = {}
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process. The next request starts another one."""
        with self._turn:
            if self._process is not None:
                self._process.close()
                self._process = None

    def check(self, calls: Sequence[PatternCall], *, time_limit_s: float = DEFAULT_TIME_LIMIT_S) -> None:
        """Load the patterns, so that what is wrong with them is reported once and not for each file.

        Raises:
            PatternError: one of them is a template or can't be loaded.
        """
        refuse_templates(calls)
        with self._turn, self._asking(calls) as process:
            process.send(Check(calls=self._register(process, calls)))
            reply: Reply = Begun(call=0 if calls else None)
            while isinstance(reply, Begun):
                pattern = "" if reply.call is None else calls[reply.call].pattern.id
                reply = _load_reply(process, pattern, time_limit_s)
        _refuse_unloadable(reply)

    def examine(  # noqa: PLR0913 - each of them is needed each time
        self,
        file: SourceFile,
        calls: Sequence[PatternCall],
        *,
        root: Path,
        time_limit_s: float = DEFAULT_TIME_LIMIT_S,
        should_stop: ShouldStop = None,
        every_file: bool = True,
        honours: bool = True,
    ) -> Examined:
        """Run linters on the file as it is, and codemods on it in turn; nothing is written.

        `file.path` is relative to `root`. Each pattern has `time_limit_s`, all its turns together. When a codemod
        fails, the file stays as it was. Without `every_file`, a file that no trigger matches is not parsed.
        Without `honours`, comments suppress no finding.

        Raises:
            StoppedError: `should_stop` returned true.
        """
        task = Task(file=file, calls=calls, root=root, every_file=every_file, honours=honours)
        self.complete(task, time_limit_s=time_limit_s, should_stop=should_stop)
        return task.examined()

    def complete(
        self, task: Task, *, time_limit_s: float = DEFAULT_TIME_LIMIT_S, should_stop: ShouldStop = None
    ) -> None:
        """Do what is left of the task, as `examine` does. A task that is done needs no process.

        Raises:
            StoppedError: `should_stop` returned true.
        """
        with self._turn:
            while not task.is_done:
                self._attempt(task, time_limit_s, should_stop)

    def rule_cases(self, call: PatternCall, *, time_limit_s: float = DEFAULT_TIME_LIMIT_S) -> tuple[RuleCase, ...]:
        """The examples that a Fixit rule comes with; none for another pattern.

        Raises:
            PatternError: it can't be loaded.
        """
        with self._turn, self._asking([call]) as process:
            (number,) = self._register(process, [call])
            process.send(ListExamples(call=number))
            reply = _load_reply(process, call.pattern.id, time_limit_s)
        _refuse_unloadable(reply)
        assert isinstance(reply, Examples)  # noqa: S101 - our own module's answer
        return reply.cases

    def _attempt(self, task: Task, time_limit_s: float, should_stop: ShouldStop) -> None:
        """Have the rest of the task done. If the worker dies, the current call fails."""
        try:
            with self._asking(task.calls) as process:
                process.send(task.request(self._register(process, task.calls)), task.file.data)
                while not task.is_done:
                    began = time.monotonic()
                    reply = process.receive(deadline=began + time_limit_s - task.spent_s, should_stop=should_stop)
                    task.receive(*reply, seconds=time.monotonic() - began)
        except TimeLimitError:
            task.fail_current("time", f"did not end within {time_limit_s:g} s")
        except WorkerExitedError as error:
            # Another process may have ended it before it got the request: that is worth a second worker.
            if not task.may_retry():
                task.fail_current("exited", str(error))

    def _register(self, process: WorkerProcess, calls: Sequence[PatternCall]) -> tuple[int, ...]:
        """The numbers by which the worker knows the calls. Encoding a call costs more than examining many a file."""
        numbers = []
        for call in calls:
            known = self._described.get(id(call))
            if known is None or known[0] is not call:
                if len(self._described) > _MAX_DESCRIBED:
                    self._described.clear()
                wire = WireCall.of(call, origin=origin_of(call.pattern))
                known = self._described[id(call)] = (call, wire, json.dumps(encode(wire), sort_keys=True))
            _, wire, key = known
            if key not in self._registered:
                process.send(Register(call=wire))
                self._registered[key] = len(self._registered)
            numbers.append(self._registered[key])
        return tuple(numbers)

    @contextmanager
    def _asking(self, calls: Sequence[PatternCall]) -> Iterator[WorkerProcess]:
        """The process, for one request about these calls.

        If the request fails, the process is killed: a late reply would be taken for the reply to the next request.
        """
        dotted = {call.pattern.entry: call.pattern.digest for call in calls if call.pattern.folder is None}
        process = self._started(dotted)
        self._imported.update(dotted)
        try:
            yield process
        except BaseException:
            self._kill()
            raise

    def _started(self, dotted: Mapping[str, str]) -> WorkerProcess:
        """A process that is alive and has imported no other code of these dotted names, which come with digests.

        Only a new process imports changed code.
        """
        is_stale = any(self._imported.get(entry, digest) != digest for entry, digest in dotted.items())
        if is_stale or len(self._registered) > _MAX_REGISTERED:
            self._kill()
        if self._process is not None and not self._process.is_alive():
            self._kill()  # another process ended it between two requests: no pattern is to blame
        if self._process is None:
            self._process = self._start()
        return self._process

    def _start(self) -> WorkerProcess:
        self._registered, self._imported = {}, {}
        try:
            process = WorkerProcess()
        except OSError as error:
            raise ProcessError(f"the worker that runs patterns can't be started: {error}") from error
        try:
            reply, _ = process.receive(deadline=time.monotonic() + _START_LIMIT_S)
            assert isinstance(reply, Ready)  # noqa: S101 - our own module's first reply
        except (TimeLimitError, WorkerExitedError) as error:
            printed = process.printed()
            process.kill()
            raise ProcessError(f"the worker that runs patterns did not start: {printed or error}") from error
        except BaseException:
            process.kill()
            raise
        return process

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process = None


def share(
    items: Sequence[_Item],
    workers: Sequence[WorkerHandle],
    work: Callable[[_Item, WorkerHandle], _Result],
    *,
    stop: threading.Event | None = None,
) -> Iterator[tuple[_Item, _Result]]:
    """Give the items to the workers in order; yield each with its result as soon as it is done.

    When this ends early, the items that were not begun are left out, and `stop` is set before it waits for the others.
    One worker works in the caller's thread.
    """
    if len(workers) == 1:
        yield from ((item, work(item, workers[0])) for item in items)
        return
    idle: queue.SimpleQueue[WorkerHandle] = queue.SimpleQueue()
    for worker in workers:
        idle.put(worker)

    def run(item: _Item) -> _Result:
        worker = idle.get()
        try:
            return work(item, worker)
        finally:
            idle.put(worker)

    pool = ThreadPoolExecutor(len(workers))
    try:
        futures = {pool.submit(run, item): item for item in items}
        for future in as_completed(futures):
            yield futures[future], future.result()
    except BaseException:
        if stop is not None:
            stop.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _load_reply(process: WorkerProcess, pattern: str, time_limit_s: float) -> Reply:
    try:
        return process.receive(deadline=time.monotonic() + time_limit_s)[0]
    except (TimeLimitError, WorkerExitedError) as error:
        how = f"did not end within {time_limit_s:g} s" if isinstance(error, TimeLimitError) else str(error)
        raise PatternError(f"pattern {pattern!r} can't be loaded: it {how}") from error


def _refuse_unloadable(reply: Reply) -> None:
    if isinstance(reply, Unloadable):
        raise PatternError(reply.message, fix=reply.fix)


def refuse_templates(calls: Sequence[PatternCall]) -> None:
    """Refuse templates, which can't be run.

    Raises:
        PatternError: one of the patterns is a template.
    """
    for call in calls:
        if call.pattern.kind == "template":
            raise PatternError(
                f"pattern {call.pattern.id!r} is a template: it is read, not run",
                fix="show it: pytest-orchestrator patterns show " + call.pattern.id,
            )
