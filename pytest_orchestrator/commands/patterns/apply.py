"""`patterns apply` and `patterns lint`: choose patterns and files, run them, collect the changes."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.config import PatternSettings
from pytest_orchestrator.errors import GitError, InputError, UsageError
from pytest_orchestrator.git.worktree import WorkTree, open_work_tree
from pytest_orchestrator.pattern_engine.foreign.dotted_name import fix_of
from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, Change, Observer, Workers, apply
from pytest_orchestrator.pattern_engine.host.cache import ResultCache
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import SUFFIXES, Workspace, below
from pytest_orchestrator.pattern_engine.library.library import Library
from pytest_orchestrator.pattern_engine.library.supported_python import FittingCalls, fit_calls
from pytest_orchestrator.pattern_engine.pattern import Pattern, PatternCall, bind
from pytest_orchestrator.pattern_engine.results import ApplyReport
from pytest_orchestrator.process import count_cores

Runnable = Literal["codemod", "linter"]

Progress = Callable[[int, int], None]

_SETTINGS = PatternSettings()
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


def choose(
    library: Library, kind: Runnable, *, select: Sequence[str], ignore: Sequence[str], unsafe: bool
) -> tuple[Pattern, ...]:
    """The patterns of a kind that the words of `select` name, without those of `ignore`; all, when none is selected.

    A word is an id, the dotted name of a LibCST command, of a Fixit rule or of a module of such rules, `tag:NAME`,
    `safety:safe` or `safety:unsafe`. An unsafe codemod is passed over unless `unsafe` is set; naming it without that is
    an error.

    Raises:
        PatternError: there is no such pattern.
        UsageError: a word is of another kind, names no pattern, or names an unsafe codemod.
    """
    runnable = [pattern for pattern in library.patterns if pattern.kind == kind]
    chosen: dict[str, Pattern] = {}
    passed_over = False
    if not all(word.strip() for word in (*select, *ignore)):
        raise UsageError("the value is empty", fix="name a pattern, or leave the option out")
    for word in select or ("",):
        for pattern in _selected_by(library, runnable, word, kind):
            if pattern.id == word or pattern.folder is None:
                refuse_unsafe(pattern, unsafe=unsafe)
            if _is_allowed(pattern, unsafe=unsafe):
                chosen[pattern.id] = pattern
            else:
                passed_over = bool(select)
    for word in ignore:
        for pattern in _selected_by(library, runnable, word, kind):
            chosen.pop(pattern.id, None)
    if not chosen and passed_over and not ignore:
        message = f"{' and '.join(select)}: every codemod selected is unsafe: a person must review its changes"
        raise UsageError(message, fix="to run it anyway, add --unsafe")
    if not chosen:
        raise UsageError(f"no {kind} is left to run", fix="see pytest-orchestrator patterns list")
    return tuple(chosen.values())


def refuse_unsafe(pattern: Pattern, *, unsafe: bool) -> None:
    """Raises `UsageError` for a codemod that needs a person's consent, if `unsafe` doesn't give it."""
    if not _is_allowed(pattern, unsafe=unsafe):
        raise UsageError(
            f"{pattern.id} is unsafe: a person must review its changes", fix="to run it anyway, add --unsafe"
        )


def _is_allowed(pattern: Pattern, *, unsafe: bool) -> bool:
    return pattern.kind == "linter" or unsafe or pattern.safety == "safe"


def bind_all(
    patterns: Iterable[Pattern], settings: Sequence[str], project: PatternSettings = _SETTINGS
) -> tuple[PatternCall, ...]:
    """The calls of the patterns with parameters given as `ID.NAME=VALUE`, by default as the project's settings say.

    Raises:
        UsageError: a setting is malformed, or of a pattern that is not run.
        PatternError: a parameter is unknown, missing or of the wrong type.
    """
    by_id = {pattern.id: pattern for pattern in patterns}
    given: dict[str, dict[str, Any]] = {
        id_: {name: value for name, value in vars(project).items() if name in pattern.parameters}
        for id_, pattern in by_id.items()
    }
    for setting in settings:
        key, equals, value = setting.partition("=")
        id_, dot, name = key.rpartition(".")
        if not (equals and dot):
            raise UsageError(f"{setting!r} is not of this form", fix="write --set ID.NAME=VALUE")
        if id_ not in by_id:
            raise UsageError(
                f"--set {setting}: {id_!r} is not one of the selected patterns: {did_you_mean(id_, by_id)}"
            )
        parameter = by_id[id_].parameters.get(name)
        given[id_][name] = value if parameter is None else parameter.from_text(value)
    return tuple(bind(pattern, given[pattern.id]) for pattern in by_id.values())


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """How patterns are run. `problem_with` is that of the library, see `ApplyOptions`."""

    write: bool
    allow_dirty: bool
    jobs: int | None
    """The number of worker processes; None: as many as pay off."""
    cache_folder: Path | None
    problem_with: Callable[[str], str]
    workers: Sequence[WorkerHandle] = ()
    """Processes that outlive the run, the first of which are used; without them it starts its own."""


def run(
    root: Path,
    calls: Sequence[PatternCall],
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
    workspace = Workspace(root)
    tree = work_tree(root)
    is_guarded = options.write and not options.allow_dirty
    if is_guarded and tree is None:
        raise UsageError(
            "this is not a git repository, so git could not restore changed files",
            fix="review the changes with --diff, then add --allow-dirty",
        )
    selected = select_files(workspace, tree, paths)
    groups, skipped = fit_calls(root, selected, calls)
    changes: list[Change] = []
    folder = options.cache_folder
    with ResultCache(folder) if folder is not None else nullcontext() as cache:

        def apply_to(group: FittingCalls, *, write: bool, observer: Observer) -> ApplyReport:
            count = options.jobs or _jobs(len(group.files))
            return apply(
                workspace,
                group.calls,
                group.files,
                workers=Workers(handles=options.workers[:count], count=count),
                observer=observer,
                options=ApplyOptions(write=write, every_file=False, cache=cache, problem_with=options.problem_with),
            )

        try:
            if is_guarded and tree is not None:
                guard = _RestorableFiles(tree)
                refusing = replace(observer, progress=None, on_edit=guard.refuse)
                for group in groups:
                    if found := tuple(file for file in group.files if file in guard.refused):
                        apply_to(replace(group, files=found), write=False, observer=refusing)
            reports, total = list[ApplyReport](), sum(len(group.files) for group in groups)
            for group in groups:
                progress = _continued(observer.progress, sum(report.examined for report in reports), total)
                noting = replace(observer, progress=progress, on_edit=changes.append)
                reports.append(apply_to(group, write=options.write, observer=noting))
            report = _joined(reports)
        except (KeyboardInterrupt, SystemExit) as error:
            if options.write and changes:
                error.add_note(f"stopped; files changed: at most {len(changes)}; `git diff` shows them")
            raise
    kept = {result.path for result in report.files if result.kind == "edited"}
    return Applied(
        report=report,
        changes=tuple([change for change in sorted(changes, key=attrgetter("path")) if change.path in kept]),
        patterns={call.pattern.id: call.pattern for group in groups for call in group.calls},
        skipped=tuple(skipped),
    )


def _continued(progress: Progress | None, done: int, total: int) -> Progress | None:
    """Progress through some of the files, of which others are done, as progress through all."""
    return None if progress is None else lambda more, _: progress(done + more, total)


def _joined(reports: Sequence[ApplyReport]) -> ApplyReport:
    """The report of several runs on different files."""
    if len(reports) == 1:
        return reports[0]
    counts, rules = Counter[str](), Counter[str]()
    for report in reports:
        counts.update(report.counts)
        rules.update(report.rules)
    return ApplyReport(
        files=tuple(sorted((file for report in reports for file in report.files), key=attrgetter("path"))),
        examined=sum(report.examined for report in reports),
        counts=counts,
        rules=dict(rules.most_common()),
        seconds=round(sum(report.seconds for report in reports), 3),
        stopped=any(report.stopped for report in reports),
    )


def select_files(workspace: Workspace, tree: WorkTree | None, paths: Sequence[str]) -> tuple[str, ...]:
    """The Python files at `paths` that git does not ignore, where there is git; all of the workspace's without paths.

    Raises:
        InputError: a path leads to nothing, or out of the workspace, or is one that git ignores.
    """
    named = workspace.named([below(workspace.root, path) for path in paths])
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


def _selected_by(library: Library, runnable: Sequence[Pattern], word: str, kind: Runnable) -> Sequence[Pattern]:
    prefix, colon, value = word.partition(":")
    if not word:
        return runnable
    if colon:
        named = {item.id: item.tags if prefix == "tag" else (item.safety,) for item in runnable}
        matching = [item for item in runnable if value in named[item.id]] if prefix in ("tag", "safety") else []
        if not matching:
            known = {word for words in named.values() for word in words}
            raise UsageError(
                f"there is no {kind} {word!r}" + (f": {did_you_mean(value, known)}" if prefix == "tag" else ""),
                fix="name an id, a dotted name, tag:NAME, safety:safe or safety:unsafe",
            )
        return matching
    found = library.find(word)
    if kind == "codemod":  # a Fixit rule with an autofix is a codemod too
        found = tuple(fix_of(item) if item.folder is None and item.kind == "linter" else item for item in found)
    for item in found:
        if item.kind != kind:
            raise UsageError(f"{word} is a {item.kind}", fix=_FIXES.get(item.kind, "") + word)
    return found


_FIXES: Mapping[str, str] = {
    "codemod": "run it with: pytest-orchestrator patterns apply --select ",
    "linter": "run it with: pytest-orchestrator patterns lint --select ",
    "template": "show it: pytest-orchestrator patterns show ",
}


class _RestorableFiles:
    """The files of a working tree that git could restore: all but those that differ from their commit."""

    def __init__(self, tree: WorkTree) -> None:
        self._unwatched = frozenset(tree.unwatched())
        self.refused = self._unwatched | {item.path for item in tree.uncommitted_changes()}

    def refuse(self, change: Change) -> None:
        """Refuse to change one of the other files; raises `UsageError`."""
        if change.path in self._unwatched:
            raise UsageError(
                f"git ignores changes of {change.path}, so it could not restore the file",
                fix="git update-index --no-assume-unchanged --no-skip-worktree FILE, or add --allow-dirty",
            )
        raise UsageError(
            f"{change.path} has uncommitted changes, and would be changed",
            fix="commit them first, or add --allow-dirty",
        )


def _jobs(files: int) -> int:
    return max(1, min(count_cores(), files // _FILES_A_WORKER))
