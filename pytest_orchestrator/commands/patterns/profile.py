"""`patterns profile`: the time that each pattern takes, and how many files its trigger matches without effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.commands.patterns.apply import select_files, work_tree
from pytest_orchestrator.commands.patterns.selection import choose
from pytest_orchestrator.errors import InputError, UsageError
from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, Workers, apply
from pytest_orchestrator.pattern_engine.host.worker_handle import DEFAULT_TIME_LIMIT_S, WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.library.library import Library
from pytest_orchestrator.pattern_engine.pattern import Pattern, bind


@dataclass(frozen=True, kw_only=True)
class PatternProfile:
    """One pattern, run alone. `matched` counts the files that its trigger matches, `touched` those with a result;
    `failed` has a message for each file that it failed on. A file on which it ran out of time is in `failed` alone.
    """

    pattern: str
    seconds: float
    files: int
    matched: int
    touched: int
    failed: tuple[str, ...]


def profile_patterns(
    root: Path,
    library: Library,
    select: Sequence[str],
    paths: Sequence[str],
    *,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
) -> Iterator[PatternProfile]:
    """Run each pattern that `select` names (default: all codemods and linters) alone; nothing is written.

    `time_limit_s` is how long a pattern may take for a file.

    Raises:
        PatternError, InputError, UsageError: a pattern or a path can't be used.
    """
    workspace = Workspace(root)
    selected = select_files(workspace, work_tree(root), paths)
    with WorkerHandle() as worker:
        for pattern in _chosen(library, select):
            call = bind(pattern, {})
            worker.check([call])  # so that starting and loading don't count
            report = apply(
                workspace,
                [call],
                selected,
                workers=Workers(handles=[worker], time_limit_s=time_limit_s),
                options=ApplyOptions(write=False, every_file=False),
            )
            # The search for the trigger ended in time on the other files, so it may be repeated here.
            slow = {result.path for result in report.failures if result.reason == "time"}
            yield PatternProfile(
                pattern=pattern.id,
                seconds=report.seconds,
                files=len(selected),
                matched=sum(_matches(workspace, path, pattern) for path in selected if path not in slow),
                touched=len({result.path for result in report.files} - slow),
                failed=tuple(f"{result.path}: {result.message}" for result in report.failures),
            )


def _chosen(library: Library, select: Sequence[str]) -> Sequence[Pattern]:
    if not select:
        return [pattern for pattern in library.patterns if pattern.kind != "template"]
    chosen: list[Pattern] = []
    problem: UsageError | None = None
    for word in select:
        for kind in ("codemod", "linter"):
            try:
                chosen += choose(library, kind, select=[word], ignore=(), unsafe=True)
            except UsageError as error:  # it may be of the other kind
                problem = error
    if not chosen and problem is not None:
        raise problem
    return chosen


def _matches(workspace: Workspace, path: str, pattern: Pattern) -> bool:
    try:
        return pattern.trigger.may_match(workspace.read(path))
    except InputError:
        return False
