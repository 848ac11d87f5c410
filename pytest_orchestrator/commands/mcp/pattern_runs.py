"""What runs behind the MCP tools for patterns: the use case of the command line, with workers that stay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from pytest_orchestrator.commands.patterns.apply import RunOptions
from pytest_orchestrator.commands.patterns.apply import run as run_patterns
from pytest_orchestrator.commands.patterns.findings import as_diff
from pytest_orchestrator.commands.patterns.selection import defaults_of, refuse_unsafe
from pytest_orchestrator.commands.patterns.settings import SettingsFiles, SettingsSource, assigned
from pytest_orchestrator.errors import UsageError
from pytest_orchestrator.mcp_servers.pattern_run import PatternRun, RunResult
from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, Observer, Workers, apply
from pytest_orchestrator.pattern_engine.host.cache import default_cache_folder
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.library.library import Library
from pytest_orchestrator.pattern_engine.pattern import PatternCall

# The arguments of the tools, by the options that the command line's errors name.
_ARGUMENTS = {"--diff": "dry_run", "--allow-dirty": "allow_dirty", "--unsafe": "unsafe"}


@dataclass(frozen=True, kw_only=True)
class GuardedRuns:
    """Runs patterns in a project that people work on, as `patterns apply` and `patterns lint` do.

    The project's settings count, but for those that choose patterns: the call has chosen.
    """

    library: Library
    workers: Sequence[WorkerHandle]

    def __call__(self, run: PatternRun, observer: Observer) -> RunResult:
        """Run patterns.

        Raises:
            UsageError: a file can't be restored, or a codemod is unsafe, and the call doesn't allow that.
            PatternError: a pattern can't be used in this project.
            InputError: a path can't be used.
        """
        options = RunOptions(
            write=run.write,
            allow_dirty=run.allow_dirty,
            jobs=None,
            cache_folder=default_cache_folder(),
            problem_with=run.problem_with,
            workers=self.workers,
        )
        try:
            for pattern in run.patterns:
                refuse_unsafe(pattern, unsafe=run.unsafe)
            assign = assigned(self.library, partial(_calls, run), SettingsFiles(run.folder), run.folder)
            applied = run_patterns(run.folder, assign, run.paths, options, observer=observer)
        except UsageError as error:
            fix = re.sub(r"--[a-z-]+", lambda option: _ARGUMENTS.get(option[0], option[0]), error.fix)
            raise UsageError(error.message, path=error.path, line=error.line, fix=fix) from error
        if not applied.patterns:
            raise UsageError("\n".join(applied.skipped), fix="choose others, or raise requires-python")
        diffs = {change.path: b"".join(as_diff([change])).decode("utf-8", "replace") for change in applied.changes}
        return RunResult(report=applied.report, diffs={} if run.write else diffs, skipped=applied.skipped)


def _calls(run: PatternRun, source: SettingsSource) -> Sequence[PatternCall]:
    return run.calls(lambda pattern: defaults_of(pattern, source.settings))


@dataclass(frozen=True, kw_only=True)
class EvaluationRuns:
    """Runs patterns in a checkout that an evaluation made and throws away.

    Every file is parsed and no result is cached, because the patterns are what is tested. Somebody else's code doesn't
    choose what runs on it, so its `requires-python` and its state in git mean nothing. Answers aren't cut.
    """

    workers: Sequence[WorkerHandle]

    def __call__(self, run: PatternRun, observer: Observer) -> RunResult:
        """Run patterns; raises `PatternError` or `InputError` if that can't be done."""
        workspace = Workspace(run.folder)
        report = apply(
            workspace,
            run.calls(lambda _: {}),
            workspace.select(run.paths),
            workers=Workers(handles=self.workers[:1]),
            observer=observer,
            options=ApplyOptions(write=run.write, problem_with=run.problem_with),
        )
        return RunResult(report=report)
