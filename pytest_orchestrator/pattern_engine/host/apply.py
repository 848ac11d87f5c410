"""Patterns over a workspace: select, read, examine, write, and count what came of it."""

from __future__ import annotations

import contextlib
import hashlib
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cache as cached

from pytest_orchestrator.errors import InputError, OrchestratorError, UsageError
from pytest_orchestrator.pattern_engine.host.cache import ResultCache
from pytest_orchestrator.pattern_engine.host.task import Examined
from pytest_orchestrator.pattern_engine.host.worker_handle import DEFAULT_TIME_LIMIT_S, WorkerHandle, refuse_templates
from pytest_orchestrator.pattern_engine.host.worker_process import StoppedError
from pytest_orchestrator.pattern_engine.host.workspace import ChangedError, Workspace
from pytest_orchestrator.pattern_engine.library.order import in_order
from pytest_orchestrator.pattern_engine.library.risky_regex import must_be_watched
from pytest_orchestrator.pattern_engine.pattern import PatternCall, bind
from pytest_orchestrator.pattern_engine.results import (
    ApplyReport,
    Edited,
    FileResult,
    Found,
    Rejected,
    Unchanged,
    with_findings,
)
from pytest_orchestrator.pattern_engine.suppressions.comments import MARK
from pytest_orchestrator.pattern_engine.suppressions.misspelt import misspelt

__all__ = ["PatternCall", "apply", "bind"]

_MAX_TIMEOUTS = 3


def _nobody_knows(_: str) -> str:
    return ""


def apply(  # noqa: PLR0913 - the one door to the engine
    workspace: Workspace,
    patterns: Sequence[PatternCall],
    paths: Sequence[str] = (),
    *,
    progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    write: bool = True,
    worker: WorkerHandle | None = None,
    jobs: int = 1,
    cache: ResultCache | None = None,
    on_edit: Callable[[str, bytes, bytes], None] | None = None,
    only_named: bool = False,
    every_file: bool = True,
    problem_with: Callable[[str], str] = _nobody_knows,
) -> ApplyReport:
    """Run the patterns on the selected files: linters on a file as it is, then the codemods in the given order.

    A codemod sees what the one before it made of the file, and several are run until none has anything left to do; one
    whose pattern says `after` others follows them. The file is written once, when all of them are through, in one
    step; when one of them fails, or two fight, it stays as it was. With `write=False` nothing is written and the
    report says what would be. A pattern that ran out of time on three files is not tried on the others.

    `progress` is told how many files are done, of how many. `should_stop` is asked several times a second; the report
    then covers what was done until then. A `worker` that is passed in outlives the call, and does all the work itself;
    otherwise `jobs` worker processes share the files, the largest ones first. What `cache` knows is not done again.
    `on_edit` is told the path, the bytes before and the bytes after of each file that codemods change, written or not.
    With `only_named`, `paths` are files that `workspace.select` gave, and no paths are no files. Each file that no
    pattern may touch is reported; without `every_file` only those in which a pattern may have something to do, which
    is many times faster: the others are not parsed. `problem_with` says why comments that are to silence a pattern of
    some name can't, such as `Library.problem_with`.

    Raises:
        PatternError: a pattern can't be loaded, or patterns wait for each other.
        InputError: a path leads out of the workspace or does not exist.
        UsageError: there are no patterns, or two that conflict.
    """
    if not patterns:
        raise UsageError("no pattern was named", fix="name at least one: pytest-orchestrator patterns list")
    started = time.monotonic()
    refuse_templates(patterns)
    patterns = in_order(patterns)
    selected = tuple(paths) if only_named else workspace.select(paths)
    with contextlib.ExitStack() as stack:
        workers = [worker] if worker is not None else [stack.enter_context(WorkerHandle()) for _ in range(max(1, jobs))]
        walk = _Walk(
            workspace=workspace,
            patterns=patterns,
            time_limit_s=time_limit_s,
            should_stop=should_stop,
            write=write,
            cache=cache,
            on_edit=on_edit,
            every_file=every_file,
            problem_with=cached(problem_with),
            watched=frozenset(call.pattern.id for call in patterns if must_be_watched(call.pattern)),
        )
        if not selected:
            walk.check(workers[0])
        visited = walk.visit_all(selected, workers, progress)
    results = [result for path in selected for result in visited.get(path, ())]
    return ApplyReport(
        files=tuple(result for result in results if not isinstance(result, Unchanged)),
        examined=len(visited),
        counts=count(results),
        seconds=round(time.monotonic() - started, 3),
        stopped=len(visited) < len(selected),
    )


def count(results: Sequence[FileResult]) -> Mapping[str, int]:
    """How many results there are of each kind, and how many single diagnostics."""
    kinds = Counter(result.kind for result in results)
    diagnostics = sum(len(result.diagnostics) for result in results if isinstance(result, Found))
    return {**{kind: kinds[kind] for kind in ("unchanged", "edited", "found", "rejected")}, "diagnostics": diagnostics}


_Visited = dict[str, Sequence[FileResult]]


@dataclass(kw_only=True)
class _Walk:
    """Takes each file to a worker, or to what is known of it already."""

    workspace: Workspace
    patterns: Sequence[PatternCall]
    time_limit_s: float
    should_stop: Callable[[], bool] | None
    write: bool
    cache: ResultCache | None
    on_edit: Callable[[str, bytes, bytes], None] | None = None
    every_file: bool = True
    problem_with: Callable[[str], str] = _nobody_knows
    watched: frozenset[str] = frozenset()
    timeouts: Counter[str] = field(default_factory=Counter)
    stopping: threading.Event = field(default_factory=threading.Event)
    checking: threading.Lock = field(default_factory=threading.Lock)
    is_checked: bool = False

    def check(self, worker: WorkerHandle) -> None:
        """Have the patterns loaded, once, before the first file that they are run on."""
        if self.is_checked:
            return
        worker.check(())  # its worker starts while that of another worker loads the patterns
        with self.checking:
            if self._is_stopped():
                raise StoppedError
            if not self.is_checked:
                try:
                    worker.check(self.patterns, time_limit_s=self.time_limit_s)
                except OrchestratorError:
                    self.stopping.set()  # the other workers need not try, too
                    raise
                self.is_checked = True

    def visit_all(
        self, selected: Sequence[str], workers: Sequence[WorkerHandle], progress: Callable[[int, int], None] | None
    ) -> _Visited:
        """What came of each file, by path; not all of them are in it when the caller asked to stop."""
        if len(workers) > 1:
            return self._shared(selected, workers, progress)
        visited: _Visited = {}
        for path in selected:
            _tell(progress, len(visited), len(selected))
            try:
                visited[path] = self.visit(path, workers[0])
            except StoppedError:
                break
        _tell(progress, len(visited), len(selected))
        return visited

    def _shared(
        self, selected: Sequence[str], workers: Sequence[WorkerHandle], progress: Callable[[int, int], None] | None
    ) -> _Visited:
        """The files are given out the largest first, so that no worker begins a long one when the others are done."""
        visited: _Visited = {}
        idle: queue.SimpleQueue[WorkerHandle] = queue.SimpleQueue()
        for worker in workers:
            idle.put(worker)

        def visit(path: str) -> Sequence[FileResult]:
            worker = idle.get()
            try:
                return self.visit(path, worker)
            finally:
                idle.put(worker)

        with ThreadPoolExecutor(len(workers)) as pool:
            futures = {
                pool.submit(visit, path): path for path in sorted(selected, key=self.workspace.size, reverse=True)
            }
            try:
                for future in as_completed(futures):
                    _tell(progress, len(visited), len(selected))
                    with contextlib.suppress(StoppedError):
                        visited[futures[future]] = future.result()
            except BaseException:
                self.stopping.set()
                raise
        _tell(progress, len(visited), len(selected))
        return visited

    def _is_stopped(self) -> bool:
        return self.stopping.is_set() or (self.should_stop is not None and self.should_stop())

    def visit(self, path: str, worker: WorkerHandle) -> Sequence[FileResult]:
        """Examine one file, and write what became of it."""
        if self._is_stopped():
            raise StoppedError
        try:
            data = self.workspace.read(path)
        except InputError as error:
            return [Rejected(path=path, reason="unreadable", message=error.message)]
        calls, given_up = self._worth_trying(path)
        if not calls:
            return given_up
        examined = self._examined(path, data, calls, worker)
        for result in examined.results:
            if isinstance(result, Rejected) and result.reason == "time":
                self.timeouts[result.pattern] += 1
        results = with_findings(examined.results, path, tuple(misspelt(data, path, self.problem_with)))
        said = [result for result in results if not given_up or not isinstance(result, Unchanged)]
        return [*(self._written(result, data, examined.data) for result in said), *given_up]

    def _examined(self, path: str, data: bytes, calls: Sequence[PatternCall], worker: WorkerHandle) -> Examined:
        key = None
        if self.cache is not None:
            key = self.cache.key(path, data, calls, root=self.workspace.root, every_file=self.every_file)
            if key is not None and (known := self.cache.get(key, path, data)) is not None:
                return known
        self.check(worker)
        if self.every_file or MARK in data or any(self._may_match(call, data) for call in calls):
            examined = worker.examine(
                path,
                data,
                calls,
                root=self.workspace.root,
                time_limit_s=self.time_limit_s,
                should_stop=self._is_stopped,
                every_file=self.every_file,
            )
        else:
            examined = Examined(results=(Unchanged(path=path),), data=data)
        if self.cache is not None and key is not None:
            self.cache.put(key, examined)
        return examined

    def _may_match(self, call: PatternCall, data: bytes) -> bool:
        """Whether the pattern may have something to do in the file, as far as that may be asked in this process."""
        trigger = call.pattern.trigger
        return trigger.may_be_named(data) if call.pattern.id in self.watched else trigger.may_match(data)

    def _worth_trying(self, path: str) -> tuple[Sequence[PatternCall], Sequence[Rejected]]:
        """All patterns but those that always run out of time; without one of its codemods a chain is not run at all."""
        slow = [call for call in self.patterns if self.timeouts[call.pattern.id] >= _MAX_TIMEOUTS]
        if not slow:
            return self.patterns, ()
        message = f"not tried: it ran out of time on {_MAX_TIMEOUTS} files"
        broken_chain = any(call.pattern.kind == "codemod" for call in slow)
        calls = [
            call for call in self.patterns if call not in slow and not (broken_chain and call.pattern.kind == "codemod")
        ]
        return calls, [Rejected(path=path, reason="time", pattern=call.pattern.id, message=message) for call in slow]

    def _written(self, result: FileResult, before: bytes, data: bytes) -> FileResult:
        if not isinstance(result, Edited):
            return result
        if self.on_edit is not None:
            self.on_edit(result.path, before, data)
        if not self.write:
            return result
        assert hashlib.sha256(data).hexdigest() == result.after_sha256  # noqa: S101 - the worker's promise
        try:
            self.workspace.write(result.path, data, before_sha256=result.before_sha256)
        except ChangedError as error:
            return Rejected(path=result.path, reason="changed", message=error.message)
        except InputError as error:
            return Rejected(path=result.path, reason="unwritable", message=error.message)
        return result


def _tell(progress: Callable[[int, int], None] | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)
