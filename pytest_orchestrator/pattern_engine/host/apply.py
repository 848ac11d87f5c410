"""Runs patterns on files of a workspace: read, examine, write, and count the results."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache as cached

from pytest_orchestrator.errors import InputError, OrchestratorError, UsageError
from pytest_orchestrator.pattern_engine.host.cache import ResultCache, result_key
from pytest_orchestrator.pattern_engine.host.fingerprint import fingerprint
from pytest_orchestrator.pattern_engine.host.task import Examined, with_findings
from pytest_orchestrator.pattern_engine.host.worker_handle import (
    DEFAULT_TIME_LIMIT_S,
    WorkerHandle,
    refuse_templates,
    share,
)
from pytest_orchestrator.pattern_engine.host.worker_process import StoppedError
from pytest_orchestrator.pattern_engine.host.workspace import ChangedError, SourceFile, Workspace
from pytest_orchestrator.pattern_engine.library.order import in_order
from pytest_orchestrator.pattern_engine.pattern import PatternCall
from pytest_orchestrator.pattern_engine.results import ApplyReport, Edited, FileResult, Found, Rejected, Unchanged
from pytest_orchestrator.pattern_engine.suppressions import misspelt

_MAX_TIMEOUTS = 3


def _no_problem(_: str) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Workers:
    """The processes that run the patterns: those of `handles`, which outlive the run, or `count` new ones."""

    handles: Sequence[WorkerHandle] = ()
    count: int = 1
    time_limit_s: float = DEFAULT_TIME_LIMIT_S
    """How long a pattern may take for a file."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A file before and after the codemods. `path` is relative to the workspace."""

    path: str
    before: bytes
    after: bytes


@dataclass(frozen=True, kw_only=True)
class Observer:
    """Callbacks of a run. With several workers they may be called from several threads."""

    progress: Callable[[int, int], None] | None = None
    """Gets the number of files that are done, and the number of all files."""
    should_stop: Callable[[], bool] | None = None
    """Asked several times a second; when it returns true, the run ends, and its report covers what was done."""
    on_edit: Callable[[Change], None] | None = None
    """Gets each change, whether it is written or not."""


@dataclass(frozen=True, kw_only=True)
class ApplyOptions:
    """How patterns are applied."""

    write: bool = True
    """Whether files are written; if not, the report says what would be."""
    every_file: bool = True
    """Whether files that no pattern can touch are reported, even if no pattern has anything to do in them.

    Without it only files that a trigger matches are parsed, which is many times faster.
    """
    cache: ResultCache | None = None
    problem_with: Callable[[str], str] = _no_problem
    """Why a pattern that a suppression names can't be run, such as `Library.problem_with`; empty if it can."""


_WORKERS, _OBSERVER, _OPTIONS = Workers(), Observer(), ApplyOptions()


def apply(  # noqa: PLR0913 - the one door to the engine
    workspace: Workspace,
    patterns: Sequence[PatternCall],
    files: Sequence[str],
    *,
    workers: Workers = _WORKERS,
    observer: Observer = _OBSERVER,
    options: ApplyOptions = _OPTIONS,
) -> ApplyReport:
    """Run the patterns on the files: linters on a file as it is, then the codemods in the given order.

    `files` are paths as `workspace.select` returns them. A codemod gets the result of the one before it. Several
    codemods are run again until none changes anything; one whose pattern names others in `after` follows them. A file
    is written once, in one step, after its last codemod. If a codemod fails, or two undo each other's changes, the file
    stays as it was. A pattern that ran out of time on three files is not run on the others.

    Raises:
        PatternError: a pattern can't be loaded, or patterns wait for each other.
        UsageError: there are no patterns, or two that conflict.
    """
    if not patterns:
        raise UsageError("no pattern was named", fix="name at least one: pytest-orchestrator patterns list")
    started = time.monotonic()
    refuse_templates(patterns)
    patterns = in_order(patterns)
    with contextlib.ExitStack() as stack:
        new = (stack.enter_context(WorkerHandle()) for _ in range(max(1, workers.count)))
        handles = workers.handles or list(new)
        run = _Run(
            workspace=workspace,
            patterns=patterns,
            time_limit_s=workers.time_limit_s,
            observer=observer,
            options=options,
            problem_with=cached(options.problem_with),
            fingerprint=fingerprint(patterns, workspace.root, every_file=options.every_file) if options.cache else None,
        )
        is_stopped = False
        if not files:
            try:
                run.check(handles[0])
            except StoppedError:
                is_stopped = True
        visited = run.visit_all(files, handles)
    results = [result for path in files for result in visited.get(path, ())]
    return ApplyReport(
        files=tuple(result for result in results if not isinstance(result, Unchanged)),
        examined=len(visited),
        counts=_count(results),
        seconds=round(time.monotonic() - started, 3),
        stopped=is_stopped or len(visited) < len(files),
    )


def _count(results: Sequence[FileResult]) -> Mapping[str, int]:
    """The number of results of each kind, and of single diagnostics."""
    kinds = Counter(result.kind for result in results)
    diagnostics = sum(len(result.diagnostics) for result in results if isinstance(result, Found))
    return {**{kind: kinds[kind] for kind in ("unchanged", "edited", "found", "rejected")}, "diagnostics": diagnostics}


@dataclass(kw_only=True)
class _Run:
    workspace: Workspace
    patterns: Sequence[PatternCall]
    time_limit_s: float
    observer: Observer
    options: ApplyOptions
    problem_with: Callable[[str], str]
    fingerprint: bytes | None
    timeouts: Counter[str] = field(default_factory=Counter)
    stopping: threading.Event = field(default_factory=threading.Event)
    checking: threading.Lock = field(default_factory=threading.Lock)
    is_checked: bool = False

    def check(self, worker: WorkerHandle) -> None:
        """Load the patterns and prepare their triggers, once, before the first file that they are run on."""
        if self.is_checked:
            return
        worker.check(())  # its process starts while another worker loads the patterns
        with self.checking:
            if self._is_stopped():
                raise StoppedError
            if not self.is_checked:
                try:
                    worker.check(self.patterns, time_limit_s=self.time_limit_s)
                except OrchestratorError:
                    self.stopping.set()  # the other workers need not try it too
                    raise
                for call in self.patterns:
                    call.pattern.trigger.prepare()
                self.is_checked = True

    def visit_all(self, files: Sequence[str], workers: Sequence[WorkerHandle]) -> dict[str, Sequence[FileResult]]:
        """The results by path, without the files that were not examined before the run was stopped.

        Several workers begin with the largest files, so that none of them ends long after the others.
        """
        visited: dict[str, Sequence[FileResult]] = {}
        progress = self.observer.progress or (lambda _done, _total: None)
        progress(0, len(files))
        ordered = files if len(workers) == 1 else sorted(files, key=self.workspace.size, reverse=True)
        for path, results in share(ordered, workers, self._visit, stop=self.stopping):
            if results is not None:
                visited[path] = results
                self.timeouts.update(
                    result.pattern for result in results if isinstance(result, Rejected) and result.reason == "time"
                )
                progress(len(visited), len(files))
        return visited

    def _is_stopped(self) -> bool:
        should_stop = self.observer.should_stop
        return self.stopping.is_set() or (should_stop is not None and should_stop())

    def _visit(self, path: str, worker: WorkerHandle) -> Sequence[FileResult] | None:
        """Examine one file and write it; None when the run was stopped."""
        if self._is_stopped():
            return None
        try:
            file = SourceFile(path=path, data=self.workspace.read(path))
        except InputError as error:
            return [Rejected(path=path, reason="unreadable", message=error.message)]
        calls, given_up = self._worth_trying(path)
        if not calls:
            return given_up
        try:
            examined = self._examined(file, calls, worker)
        except StoppedError:
            return None
        results = with_findings(examined.results, path, tuple(misspelt(file.data, path, self.problem_with)))
        kept = [result for result in results if not given_up or not isinstance(result, Unchanged)]
        return [*(self._written(result, file, examined.data) for result in kept), *given_up]

    def _examined(self, file: SourceFile, calls: Sequence[PatternCall], worker: WorkerHandle) -> Examined:
        cache, key = self.options.cache, None
        if cache is not None and self.fingerprint is not None and calls is self.patterns:
            key = result_key(self.fingerprint, file)
            if (known := cache.get(key, file)) is not None:
                return known
        self.check(worker)
        examined = worker.examine(
            file,
            calls,
            root=self.workspace.root,
            time_limit_s=self.time_limit_s,
            should_stop=self._is_stopped,
            every_file=self.options.every_file,
        )
        if cache is not None and key is not None:
            cache.put(key, examined)
        return examined

    def _worth_trying(self, path: str) -> tuple[Sequence[PatternCall], Sequence[Rejected]]:
        """All patterns but those that always run out of time; if a codemod is one of them, no codemod is run."""
        slow = [call for call in self.patterns if self.timeouts[call.pattern.id] >= _MAX_TIMEOUTS]
        if not slow:
            return self.patterns, ()
        message = f"not run: it exceeded its time limit on {_MAX_TIMEOUTS} files"
        broken_chain = any(call.pattern.kind == "codemod" for call in slow)
        calls = [
            call for call in self.patterns if call not in slow and not (broken_chain and call.pattern.kind == "codemod")
        ]
        return calls, [Rejected(path=path, reason="time", pattern=call.pattern.id, message=message) for call in slow]

    def _written(self, result: FileResult, file: SourceFile, data: bytes) -> FileResult:
        if not isinstance(result, Edited):
            return result
        if self.observer.on_edit is not None:
            self.observer.on_edit(Change(path=file.path, before=file.data, after=data))
        if not self.options.write:
            return result
        try:
            self.workspace.write(file, data)
        except ChangedError as error:
            return Rejected(path=file.path, reason="changed", message=error.message)
        except InputError as error:
            return Rejected(path=file.path, reason="unwritable", message=error.message)
        return result
