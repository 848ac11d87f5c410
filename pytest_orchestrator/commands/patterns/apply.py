"""`patterns apply` and `patterns lint`: choose patterns and files, run them, collect the changes."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path

from pytest_orchestrator.commands.patterns.settings import Assign
from pytest_orchestrator.errors import GitError, InputError, UsageError
from pytest_orchestrator.git.worktree import WorkTree, open_work_tree
from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, Change, Observer, Workers, apply
from pytest_orchestrator.pattern_engine.host.cache import ResultCache
from pytest_orchestrator.pattern_engine.host.worker_handle import DEFAULT_TIME_LIMIT_S, WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import SUFFIXES, SourceFile, Workspace, below
from pytest_orchestrator.pattern_engine.library.supported_python import FittingCalls, fit_calls
from pytest_orchestrator.pattern_engine.pattern import Pattern
from pytest_orchestrator.pattern_engine.results import ApplyReport
from pytest_orchestrator.process import count_cores

# Below this many files starting further workers costs more than they save.
_FILES_A_WORKER = 40
_OBSERVER = Observer()


@dataclass(frozen=True, kw_only=True)
class Applied:
    """The report of a run and its changes, sorted by path. `patterns` are those that ran, by id.

    `skipped` has a line for each codemod that did not run on all files, because they are for an older Python.
    """

    report: ApplyReport
    changes: tuple[Change, ...]
    patterns: Mapping[str, Pattern]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """How patterns are run. `problem_with` is that of the library, see `ApplyOptions`."""

    write: bool
    allow_dirty: bool
    jobs: int | None
    """The number of worker processes; None: as many as pay off."""
    cache_folder: Path | None
    problem_with: Callable[[str], str]
    text: SourceFile | None = None
    """The one file to run on, in place of paths; it need not be on disk, and nothing is written."""
    workers: Sequence[WorkerHandle] = ()
    """Processes that outlive the run, the first of which are used; without them it starts its own."""
    time_limit_s: float = DEFAULT_TIME_LIMIT_S
    """How long a pattern may take for a file."""


def run(
    root: Path,
    assign: Assign,
    paths: Sequence[str],
    options: RunOptions,
    *,
    observer: Observer = _OBSERVER,
) -> Applied:
    """Run the patterns on the Python files below `root` that git does not ignore.

    A codemod runs only on files whose oldest Python can run what it writes. `observer` may show progress and stop the
    run; its `on_edit` is not called.

    Raises:
        UsageError: a file that would be changed has uncommitted changes, or git can't restore it.
        InputError, PatternError: a path or a pattern can't be used.
    """
    text = options.text
    workspace = Workspace(root, {} if text is None else {text.path: text.data})
    tree = work_tree(root) if text is None else None
    writes = options.write and text is None
    guard = RestorableFiles(tree) if writes and not options.allow_dirty else None
    selected = select_files(workspace, tree, paths) if text is None else (text.path,)
    groups, skipped = list[FittingCalls](), list[str]()
    for item in assign(selected):
        fitting, lines = fit_calls(root, item.files, item.calls, target=item.target_python)
        groups += fitting
        skipped += lines
    changes: list[Change] = []
    folder = options.cache_folder
    with ResultCache(folder) if folder is not None else nullcontext() as cache:

        def apply_to(group: FittingCalls, *, write: bool, observer: Observer) -> ApplyReport:
            count = options.jobs or _jobs(len(group.files))
            return apply(
                workspace,
                group.calls,
                group.files,
                workers=Workers(handles=options.workers[:count], count=count, time_limit_s=options.time_limit_s),
                observer=observer,
                options=ApplyOptions(write=write, every_file=False, cache=cache, problem_with=options.problem_with),
            )

        try:
            if guard is not None:
                refuse = Observer(on_edit=lambda change: guard.check(change.path))
                for group in groups:
                    if found := tuple(file for file in group.files if file in guard.others):
                        apply_to(replace(group, files=found), write=False, observer=refuse)
            noting = replace(observer, on_edit=changes.append)
            report = _joined([apply_to(group, write=writes, observer=noting) for group in groups])
        except (KeyboardInterrupt, SystemExit) as error:
            if writes and changes:
                error.add_note(f"stopped; files changed: at most {len(changes)}; `git diff` shows them")
            raise
    kept = {result.path for result in report.files if result.kind == "edited"}
    return Applied(
        report=report,
        changes=tuple([change for change in sorted(changes, key=attrgetter("path")) if change.path in kept]),
        patterns={call.pattern.id: call.pattern for group in groups for call in group.calls},
        skipped=tuple(skipped),
    )


def _joined(reports: Sequence[ApplyReport]) -> ApplyReport:
    """The report of several runs on different files."""
    if len(reports) == 1:
        return reports[0]
    counts = Counter[str]()
    for report in reports:
        counts.update(report.counts)
    return ApplyReport(
        files=tuple(sorted((file for report in reports for file in report.files), key=attrgetter("path"))),
        examined=sum(report.examined for report in reports),
        counts=counts,
        seconds=round(sum(report.seconds for report in reports), 3),
        stopped=any(report.stopped for report in reports),
    )


def select_files(workspace: Workspace, tree: WorkTree | None, paths: Sequence[str]) -> tuple[str, ...]:
    """The Python files at `paths` that git does not ignore, where there is git; all of the workspace's without paths.

    Raises:
        InputError: a path leads to nothing, or out of the workspace, or is one that git ignores.
    """
    named = {path: workspace.select([path]) for path in (below(workspace.root, path) for path in paths)}
    selected = tuple(sorted({file for files in named.values() for file in files})) if named else workspace.select()
    if tree is None:
        return selected
    files = tree.files(["."])
    tracked = {*files, *(path for path in selected if not path.endswith(SUFFIXES) and _are_below(path, files))}
    for path, found in named.items():
        if found and tracked.isdisjoint(found):
            message = "is ignored by git, or part of another repository: patterns never change it"
            raise InputError(message, path=path, fix="leave it out")
    return tuple(path for path in selected if path in tracked)


def work_tree(root: Path) -> WorkTree | None:
    """The git repository that `root` is in, if any.

    Raises:
        GitError: git fails.
    """
    try:
        return open_work_tree(root)
    except GitError as error:
        if "is not in a git repository" in error.message:
            return None
        raise


def _are_below(folder: str, files: Sequence[str]) -> bool:
    """Whether the folder, which can't be listed, holds some of the files, which are sorted."""
    index = bisect_left(files, f"{folder}/")
    return folder == "." or (index < len(files) and files[index].startswith(f"{folder}/"))


class RestorableFiles:
    """The files of a working tree that git could restore: all but those that differ from their commit.

    Raises:
        UsageError: there is no git repository.
    """

    def __init__(self, tree: WorkTree | None) -> None:
        if tree is None:
            raise UsageError(
                "this is not a git repository, so git could not restore changed files",
                fix="review the changes with --diff, then add --allow-dirty",
            )
        self._unwatched = frozenset(tree.unwatched())
        self.others = self._unwatched | {item.path for item in tree.uncommitted_changes()}

    def check(self, path: str) -> None:
        """Raises `UsageError` if the file is to be changed, and is none of them."""
        if path in self._unwatched:
            raise UsageError(
                f"git ignores changes of {path}, so it could not restore the file",
                fix="git update-index --no-assume-unchanged --no-skip-worktree FILE, or add --allow-dirty",
            )
        if path in self.others:
            raise UsageError(
                f"{path} has uncommitted changes, and would be changed",
                fix="commit them first, or add --allow-dirty",
            )


def _jobs(files: int) -> int:
    return max(1, min(count_cores(), files // _FILES_A_WORKER))
