"""What patterns say about one text, and what they would change in it; nothing is written."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from pytest_orchestrator.commands.editor.places import line_edits, statement_edits
from pytest_orchestrator.commands.patterns.apply import Applied, RunOptions, run, work_tree
from pytest_orchestrator.commands.patterns.findings import diagnostics, message_of
from pytest_orchestrator.commands.patterns.list import project_library
from pytest_orchestrator.commands.patterns.selection import NothingSelectedError, Runnable
from pytest_orchestrator.commands.patterns.settings import (
    Assign,
    Assignment,
    SettingsFiles,
    Wanted,
    assigned,
    chosen_by,
)
from pytest_orchestrator.config import PROJECT_FILE
from pytest_orchestrator.diagnostics import Diagnostic, Edit, Range
from pytest_orchestrator.errors import InputError, UsageError
from pytest_orchestrator.pattern_engine.host.apply import Observer
from pytest_orchestrator.pattern_engine.host.cache import default_cache_folder
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import SourceFile
from pytest_orchestrator.pattern_engine.library.library import Library
from pytest_orchestrator.pattern_engine.pattern import METADATA_FILE
from pytest_orchestrator.pattern_engine.results import Edited, Rejected

ShouldStop = Callable[[], bool]

_TIME_LIMIT_S = 5.0  # a pattern that takes longer for a text that somebody edits is no help
_INDEPENDENT = ("header", "statement")


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text in an editor. `path` is POSIX and relative to `root`, the project's folder."""

    root: Path
    path: str
    content: str


@dataclass(frozen=True, kw_only=True)
class Fix:
    """What one pattern, or all codemods together, would change in a text."""

    pattern: str
    """The pattern's id; empty for all codemods."""
    edits: tuple[Edit, ...]
    finding: Diagnostic | None = None
    """The finding of a linter that this corrects."""
    whole_file: bool = False
    """Whether these are all its changes in the file."""
    is_codemod: bool = True


class EditorPatterns:
    """Runs the patterns that the command line would run on a file, on its text in an editor.

    `workers` are processes that stay; `close` them elsewhere. A pattern that exceeds its time or ends its process is
    not run on that file again, until `forget`. Not for several threads at once. `folders` are those of the patterns, as
    for `project_library`.
    """

    def __init__(self, workers: Sequence[WorkerHandle], folders: Sequence[Path] = ()) -> None:
        self._workers, self.folders = workers, folders
        self._libraries: dict[Path, tuple[object, Library]] = {}
        self._assigned: dict[tuple[Path, str, Runnable], tuple[object, Sequence[Assignment]]] = {}
        self._failed: dict[tuple[Path, str], dict[str, Rejected]] = {}
        self._ignored: dict[tuple[Path, str], bool] = {}

    def forget(self, root: Path, path: str) -> None:
        """Forget a file: what failed on it is tried again, and git is asked again whether it ignores it."""
        self._failed.pop((root, path), None)
        self._ignored.pop((root, path), None)
        for kind in get_args(Runnable):
            self._assigned.pop((root, path, kind), None)

    def lint(self, text: Text, should_stop: ShouldStop) -> tuple[Diagnostic, ...]:
        """The findings of the linters, and as warnings why a linter has no result; sorted.

        Empty for a file that git ignores. The result is incomplete once `should_stop` returns true.

        Raises:
            OrchestratorError: settings or patterns can't be used, or git fails.
        """
        applied = self._run("linter", text, should_stop)
        if applied is None:
            return ()
        rejected = [item for item in applied.report.files if isinstance(item, Rejected)]
        rejected += self._failed.get((text.root, text.path), {}).values()
        found = [*diagnostics(applied), *{_about(item): None for item in rejected}]
        return tuple(sorted(found, key=lambda item: (item.range, item.rule, item.message)))

    def fixes(self, text: Text, should_stop: ShouldStop) -> tuple[Fix, ...]:
        """What patterns would change, in the order of a menu: places first, then whole files.

        A place of a codemod is a statement or its header; a codemod whose changes may depend on each other has none.

        Raises:
            OrchestratorError: as `lint`.
        """
        corrected = [item for item in self.lint(text, should_stop) if item.edit is not None]
        places = [
            Fix(pattern=item.rule, edits=(item.edit,), finding=item, is_codemod=False)
            for item in corrected
            if item.edit
        ]
        files = [
            Fix(
                pattern=rule,
                edits=_apart(item.edit for item in corrected if item.rule == rule),
                whole_file=True,
                is_codemod=False,
            )
            for rule in dict.fromkeys(item.rule for item in corrected)
        ]
        try:
            applied = self._run("codemod", text, should_stop)
        except UsageError:  # the settings select a codemod that is unsafe, and don't allow that: it is not offered
            applied = None
        change = _changed(applied, text)
        if applied is None or change is None:
            return (*places, *files)
        ids = [id_ for result in applied.report.files if isinstance(result, Edited) for id_ in result.patterns]
        files = [fix for fix in files if fix.pattern not in ids]  # the fix of a Fixit rule is a codemod, too
        for id_ in ids:
            after = change if len(ids) == 1 else _changed(self._run("codemod", text, should_stop, only=id_), text)
            if after is None:  # it only changes what another codemod made
                continue
            if applied.patterns[id_].trigger.within in _INDEPENDENT:
                places += [Fix(pattern=id_, edits=(edit,)) for edit in statement_edits(text.content, after)]
            files.append(Fix(pattern=id_, edits=line_edits(text.content, after), whole_file=True))
        return (*places, *files, Fix(pattern="", edits=line_edits(text.content, change), whole_file=True))

    def fix_project(
        self, root: Path, texts: Mapping[str, str], pattern: str, should_stop: ShouldStop
    ) -> Mapping[str, tuple[Edit, ...]]:
        """The edits by path that a codemod would make in all files of a project; all codemods for an empty `pattern`.

        `texts` are read in place of the files of these names.

        Raises:
            OrchestratorError: as `lint`.
        """
        library = self._library(root)
        assign = _only(
            assigned(library, chosen_by(library, Wanted(kind="codemod")), SettingsFiles(root), root), pattern
        )
        saved = run(root, assign, (), self._options(library, None), observer=Observer(should_stop=should_stop))
        found = {
            change.path: line_edits(_decoded(change.before), _decoded(change.after))
            for change in saved.changes
            if change.path not in texts
        }
        for path, content in texts.items():
            text = Text(root=root, path=path, content=content)
            after = _changed(self._run("codemod", text, should_stop, only=pattern), text)
            if after is not None:
                found[path] = line_edits(content, after)
        return found

    def _run(self, kind: Runnable, text: Text, should_stop: ShouldStop, *, only: str = "") -> Applied | None:
        """None for a file that git ignores, and where the settings leave no pattern to run."""
        if self._is_ignored(text):
            return None
        library = self._library(text.root)
        failed = self._failed.get((text.root, text.path), {})
        file = SourceFile(path=text.path, data=_encoded(text))
        try:
            assignments = self._assignments(library, kind, text)
        except NothingSelectedError:
            return None
        wanted = _only(lambda _: assignments, only, without=failed)
        applied = run(text.root, wanted, (), self._options(library, file), observer=Observer(should_stop=should_stop))
        for result in applied.report.failures:
            if result.pattern and result.reason in ("time", "exited"):
                self._failed.setdefault((text.root, text.path), {})[result.pattern] = result
        return applied

    def _options(self, library: Library, file: SourceFile | None) -> RunOptions:
        return RunOptions(
            write=False,
            allow_dirty=True,
            jobs=None,
            cache_folder=default_cache_folder() if file is None else None,  # hardly any text is judged twice
            problem_with=library.problem_with,
            text=file,
            workers=self._workers,
            time_limit_s=_TIME_LIMIT_S,
        )

    def _library(self, root: Path) -> Library:
        """The patterns of a project, read again when a `pattern.yaml` of its own changed."""
        state = _states((root / "patterns").glob(f"*/{METADATA_FILE}"))
        known = self._libraries.get(root)
        if known is None or known[0] != state:
            known = self._libraries[root] = (state, project_library(root, folders=self.folders))
            self._assigned.clear()
        return known[1]

    def _assignments(self, library: Library, kind: Runnable, text: Text) -> Sequence[Assignment]:
        """What to run, found again when a `pyproject.toml` changed that may say it."""
        folder = (text.root / text.path).parent
        state = _states(parent / PROJECT_FILE for parent in (folder, *folder.parents))
        key = (text.root, text.path, kind)
        known = self._assigned.get(key)
        if known is None or known[0] != state:
            chosen = chosen_by(library, Wanted(kind=kind, unsafe=kind == "linter"))
            assign = assigned(library, chosen, SettingsFiles(text.root), text.root)
            known = self._assigned[key] = (state, assign([text.path]))
        return known[1]

    def _is_ignored(self, text: Text) -> bool:
        key = (text.root, text.path)
        if key not in self._ignored:
            tree = work_tree(text.root)
            is_file = (text.root / text.path).is_file()
            self._ignored[key] = tree is not None and is_file and text.path not in tree.files([text.path])
        return self._ignored[key]


def _only(assign: Assign, pattern: str, *, without: Mapping[str, object] | None = None) -> Assign:
    """The same assignments, of one pattern if it is named, without some."""

    def chosen(files: Sequence[str]) -> Sequence[Assignment]:
        found = []
        for item in assign(files):
            calls = tuple(
                call
                for call in item.calls
                if pattern in ("", call.pattern.id) and not (without and call.pattern.id in without)
            )
            if calls:
                found.append(replace(item, calls=calls))
        return found

    return chosen


def _states(files: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    """What tells that one of the files changed, came or went."""
    found = []
    for file in files:
        try:
            stat = file.stat()
        except OSError:  # there is none
            continue
        found.append((str(file), stat.st_mtime_ns, stat.st_size))
    return tuple(sorted(found))


def _about(result: Rejected) -> Diagnostic:
    """Why there is no result, as a warning at the line in question or the first one."""
    return Diagnostic(
        rule=result.pattern or result.reason,
        severity="warning",
        message=f"not checked ({result.reason}): {message_of(result)}",
        path=result.path,
        range=Range.of_line(result.line or 1),
    )


def _changed(applied: Applied | None, text: Text) -> str | None:
    """The text after the codemods; None when they leave it as it is."""
    if applied is None:
        return None
    return next((_decoded(change.after) for change in applied.changes if change.path == text.path), None)


def _apart(edits: Iterable[Edit | None]) -> tuple[Edit, ...]:
    """The edits in order, without those that overlap an earlier one."""
    kept: list[Edit] = []
    for edit in sorted(filter(None, edits), key=lambda one: one.range):
        if not kept or _end(kept[-1]) <= (edit.range.start_line, edit.range.start_column):
            kept.append(edit)
    return tuple(kept)


def _end(edit: Edit) -> tuple[int, int]:
    return edit.range.end_line, edit.range.end_column


def _encoded(text: Text) -> bytes:
    """The text as a file that declares its encoding holds it.

    Raises:
        InputError: it can't hold a character, or there is no such encoding.
    """
    data = text.content.encode("utf-8", "surrogatepass")
    try:
        return text.content.encode(_encoding(data))
    except (SyntaxError, UnicodeEncodeError) as error:
        raise InputError(
            f"is not in the encoding that it declares: {error}", path=text.path, fix="correct the coding comment"
        ) from error


def _decoded(data: bytes) -> str:
    return data.decode(_encoding(data), "replace")


def _encoding(data: bytes) -> str:
    return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
