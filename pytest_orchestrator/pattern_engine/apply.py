"""Patterns over a workspace: select, read, examine, write, and count what came of it."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pytest_orchestrator.errors import InputError, UsageError
from pytest_orchestrator.pattern_engine.crew import DEFAULT_TIME_LIMIT_S, Crew
from pytest_orchestrator.pattern_engine.pattern import PatternCall, bind
from pytest_orchestrator.pattern_engine.results import ApplyReport, Edited, FileResult, Found, Rejected, Unchanged
from pytest_orchestrator.pattern_engine.worker_process import StoppedError
from pytest_orchestrator.pattern_engine.workspace import ChangedError, Workspace

__all__ = ["PatternCall", "apply", "bind"]

_MAX_TIMEOUTS = 3


def apply(  # noqa: PLR0913 - the one door to the engine
    workspace: Workspace,
    patterns: Sequence[PatternCall],
    paths: Sequence[str] = (),
    *,
    progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    write: bool = True,
    crew: Crew | None = None,
) -> ApplyReport:
    """Run the patterns on the selected files: linters on a file as it is, then the codemods in the given order.

    A codemod sees what the one before it made of the file. The file is written once, when all of them are through,
    in one step; when one of them fails, it stays as it was. With `write=False` nothing is written and the report says
    what would be. A pattern that ran out of time on three files is not tried on the others.

    `progress` is told how many files are done, of how many. `should_stop` is asked several times a second; the report
    then covers what was done until then. A `crew` that is passed in outlives the call.

    Raises:
        PatternError: a pattern can't be loaded.
        InputError: a path leads out of the workspace or does not exist.
        UsageError: there are no patterns.
    """
    if not patterns:
        raise UsageError("no pattern was named", fix="name at least one: pytest-orchestrator patterns list")
    started = time.monotonic()
    selected = workspace.select(paths)
    results: list[FileResult] = []
    examined, stopped = 0, False
    with contextlib.ExitStack() as stack:
        crew = crew if crew is not None else stack.enter_context(Crew())
        crew.check(patterns, time_limit_s=time_limit_s)
        walk = _Walk(
            workspace=workspace,
            patterns=patterns,
            crew=crew,
            time_limit_s=time_limit_s,
            should_stop=should_stop,
            write=write,
        )
        for path in selected:
            if progress is not None:
                progress(examined, len(selected))
            try:
                results += walk.visit(path)
            except StoppedError:
                stopped = True
                break
            examined += 1
        if progress is not None:
            progress(examined, len(selected))
    return ApplyReport(
        files=tuple(result for result in results if not isinstance(result, Unchanged)),
        examined=examined,
        counts=count(results),
        seconds=round(time.monotonic() - started, 3),
        stopped=stopped,
    )


def count(results: Sequence[FileResult]) -> Mapping[str, int]:
    """How many results there are of each kind, and how many single diagnostics."""
    kinds = Counter(result.kind for result in results)
    diagnostics = sum(len(result.diagnostics) for result in results if isinstance(result, Found))
    return {**{kind: kinds[kind] for kind in ("unchanged", "edited", "found", "rejected")}, "diagnostics": diagnostics}


@dataclass(kw_only=True)
class _Walk:
    """Takes one file after the other."""

    workspace: Workspace
    patterns: Sequence[PatternCall]
    crew: Crew
    time_limit_s: float
    should_stop: Callable[[], bool] | None
    write: bool
    timeouts: Counter[str] = field(default_factory=Counter)

    def visit(self, path: str) -> Sequence[FileResult]:
        """Examine one file, and write what became of it."""
        if self.should_stop is not None and self.should_stop():
            raise StoppedError
        try:
            data = self.workspace.read(path)
        except InputError as error:
            return [Rejected(path=path, reason="unreadable", message=error.message)]
        calls, given_up = self._worth_trying(path)
        if not calls:
            return given_up
        examined = self.crew.examine(
            path,
            data,
            calls,
            root=self.workspace.root,
            time_limit_s=self.time_limit_s,
            should_stop=self.should_stop,
        )
        for result in examined.results:
            if isinstance(result, Rejected) and result.reason == "time":
                self.timeouts[result.pattern] += 1
        said = [result for result in examined.results if not given_up or not isinstance(result, Unchanged)]
        return [*(self._written(result, examined.data) for result in said), *given_up]

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

    def _written(self, result: FileResult, data: bytes) -> FileResult:
        if not isinstance(result, Edited) or not self.write:
            return result
        assert hashlib.sha256(data).hexdigest() == result.after_sha256  # noqa: S101 - the crew's promise
        try:
            self.workspace.write(result.path, data, before_sha256=result.before_sha256)
        except ChangedError as error:
            return Rejected(path=result.path, reason="changed", message=error.message)
        except InputError as error:
            return Rejected(path=result.path, reason="unwritable", message=error.message)
        return result
