"""A project as its past commits left it. Each blob is read once, and a commit costs what it changes.

The files of the project are written to a temporary folder once; each later commit writes those that it changed. What
git would tell about that folder is known from the log, so that a commit needs no process of git. A symbolic link is
written as a file that holds its target, as git does it where the file system has no links.
"""

from __future__ import annotations

import contextlib
import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, fields, replace
from datetime import date
from functools import cached_property
from pathlib import PurePosixPath

from pytest_orchestrator.errors import RunError
from pytest_orchestrator.git.history import Log, parse_log
from pytest_orchestrator.git.objects import EXECUTABLE, LINK, REGULAR, list_tree
from pytest_orchestrator.git.shared_clone import FileChange, MainlineCommit, SharedClone
from pytest_orchestrator.git.worktree import ChangedPath, TrackedFile, WorkTree, open_work_tree
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.project import Project
from pytest_orchestrator.spec_guard.reviews.history import History, in_order_of_mainline

_UNSAFE = ("", ".", "..")
_STEPS_AT_ONCE = 50
_BLOBS_AT_ONCE = 500
_MAX_KEPT_BYTES = 256 << 20


class Blobs:
    """The contents of blobs, each read once while there is room."""

    def __init__(self, tree: WorkTree) -> None:
        self._tree = tree
        self._known: dict[str, bytes] = {}
        self._size = 0

    def read(self, ids: Sequence[str]) -> Mapping[str, bytes]:
        """The contents of blobs, by id. Raises `GitError`."""
        missing = [item for item in dict.fromkeys(ids) if item not in self._known]
        new = self._tree.blobs(missing)
        found = {item: self._known[item] if item in self._known else new[item] for item in ids}
        if self._size > _MAX_KEPT_BYTES:
            self._known.clear()
            self._size = 0
        self._known.update(new)
        self._size += sum(map(len, new.values()))
        return found


class Past:
    """The project's folder, as the last step that was applied left it."""

    def __init__(self, clone: SharedClone, tree: WorkTree, steps: Sequence[MainlineCommit]) -> None:
        self.steps = steps
        self.shallow = tree.shallow
        self.inner = open_work_tree(clone.git.cwd)
        self.blobs = Blobs(self.inner)
        self.log = Log(tree)
        commits = tuple(parse_log(self.log.read(), tree.prefix))
        self.history = History(in_order_of_mainline(commits, (step.commit for step in steps)))
        self.files: dict[str, TrackedFile] = {}
        """The mode and the object id of each file, by path; those of links, too."""
        self.documents: dict[str, SpecDocument] = {}
        self._root, self._prefix, self._git = clone.root, tree.prefix, clone.git

    def start(self, number: int) -> None:
        """Write the files of the commit before the step with this number. Raises `GitError`."""
        self._root.mkdir(parents=True, exist_ok=True)
        wanted: list[tuple[str, int, str]] = []
        for entry in list_tree(self._git, self.steps[number].parent):
            path = self._inside(os.fsdecode(entry.path))
            if path and entry.mode in (REGULAR, EXECUTABLE, LINK):
                wanted.append((path, entry.mode, entry.id))
        for begin in range(0, len(wanted), _BLOBS_AT_ONCE):
            self._write(wanted[begin : begin + _BLOBS_AT_ONCE])

    def advance(self, number: int) -> None:
        """Apply the step with this number; the one before it must be applied, or be started from. Raises `GitError`."""
        if number % _STEPS_AT_ONCE == 0:
            ahead = self.steps[number : number + _STEPS_AT_ONCE]
            known = self.history.positions
            self.history.prepare(known[name] for step in ahead for name in (step.commit, step.parent))
            blobs = (change.blob for step in ahead for change in self.changes(step))
            self.blobs.read([blob for blob in blobs if blob is not None])
        changes = tuple(self.changes(self.steps[number]))
        for change in changes:
            if change.blob is None:  # before others are written: a file may follow where a folder was
                self._remove(change.path)
        self._write([(change.path, change.mode, change.blob) for change in changes if change.blob is not None])
        self._forget(change.path for change in changes)

    def changes(self, step: MainlineCommit) -> Iterator[FileChange]:
        """What a step changes in the project's folder; the paths are relative to it."""
        for change in step.changes:
            path = self._inside(change.path)
            if path:
                yield change._replace(path=path)

    def project(self, number: int, policy: Project) -> PastProject:
        """The project after the step with this number: judged as a change of its own, on its own day, by `policy`.

        Of the folders of specs that the settings name, those count that exist by then.
        """
        step = self.steps[number]
        named = policy.settings.paths
        paths = None if named is None else tuple(path for path in named if (self._root / path).exists())
        kept = {item.name: getattr(policy, item.name) for item in fields(Project) if item.init}
        past = {
            "root": self._root,
            "settings": replace(policy.settings, paths=paths or None),
            "today": step.day,
            "base": step.parent,
            "environ": {},
        }
        return PastProject(**{**kept, **past}, past=self, step=step)

    def _inside(self, path: str) -> str:
        """A path of the repository relative to the project; empty for one outside, or that git would not check out."""
        inside = path[len(self._prefix) :] if path.startswith(self._prefix) else ""
        return "" if any(part in _UNSAFE or part.casefold() == ".git" for part in inside.split("/")) else inside

    def _write(self, files: Sequence[tuple[str, int, str]]) -> None:
        contents = self.blobs.read([blob for _, _, blob in files])
        for path, mode, blob in files:
            where = self._root / path
            try:
                where.parent.mkdir(parents=True, exist_ok=True)
                where.write_bytes(contents[blob])
            except OSError as error:
                raise RunError(f"can't be written for the replay: {error.strerror or error}", path=path) from error
            self.files[path] = TrackedFile(mode, blob)

    def _remove(self, path: str) -> None:
        if self.files.pop(path, None) is None:
            return
        where = self._root / path
        where.unlink()
        with contextlib.suppress(OSError):  # a folder goes when it is empty
            for folder in PurePosixPath(path).parents[:-1]:
                (self._root / folder).rmdir()

    def _forget(self, touched: Iterable[str]) -> None:
        """Forget the specs that changed, and those that a changed ledger or a file beside them may complete."""
        for path in touched:
            if self.documents.pop(path, None) is not None:
                continue
            folder = posixpath.dirname(path)
            for other, spec in tuple(self.documents.items()):
                if posixpath.dirname(other) == folder or spec.date_in_body or ("last_review",) not in spec.lines:
                    del self.documents[other]


@dataclass(frozen=True, kw_only=True)
class _PastTree(WorkTree):
    """What git would tell about the folder if `step` were checked out there. The base is always the step's parent."""

    past: Past
    step: MainlineCommit

    def files(self, folders: Sequence[str]) -> tuple[str, ...]:
        below = tuple(f"{folder}/" for folder in folders)
        found = self.past.files
        return tuple(sorted(path for path in found if "." in folders or path in folders or path.startswith(below)))

    def tracked(self) -> Mapping[str, TrackedFile]:
        return self.past.files

    def commit(self, revision: str) -> str | None:
        return revision if revision in (self.step.commit, self.step.parent) else super().commit(revision)

    def merge_base(self, commit: str) -> str | None:
        return commit if commit == self.step.parent else super().merge_base(commit)

    def committed_changes(self, since: str) -> tuple[ChangedPath, ...]:  # noqa: ARG002 - the parent
        changes = sorted(self.past.changes(self.step), key=lambda change: change.path)
        return tuple(ChangedPath(path=change.path, blob=change.former) for change in changes)

    def uncommitted_changes(self) -> tuple[ChangedPath, ...]:
        return ()

    def blobs(self, ids: Sequence[str]) -> Mapping[str, bytes]:
        return self.past.blobs.read(ids)


@dataclass(frozen=True, eq=False)
class PastProject(Project):
    """The project after a step. It shares what the steps before it have read."""

    _: KW_ONLY
    past: Past
    step: MainlineCommit

    @cached_property
    def tree(self) -> WorkTree:
        """The folder, as if git had checked out the commit."""
        past = self.past
        return _PastTree(
            git=past.inner.git,
            prefix="",
            head=self.step.commit,
            shallow=past.shallow,
            common_dir=past.inner.common_dir,
            past=past,
            step=self.step,
        )

    @cached_property
    def history(self) -> History:
        """The step and the commits that it descends from."""
        return self.past.history.as_of(self.past.history.positions[self.step.commit])

    @cached_property
    def log(self) -> Log:
        """The log that is read already."""
        return self.past.log

    def narrowed(self) -> Project:
        """This project: every spec is known already, and git can't search the folder."""
        return self

    def days_since(self, commit: str) -> Mapping[str, date]:
        """As of a project, from the log that is read already."""
        history = self.past.history
        days: dict[str, date] = {}
        for found in history.commits[history.positions[self.step.commit] : history.positions[commit]]:
            for touch in found.touches:
                days[touch.path] = max(found.day, days.get(touch.path, found.day))
        return days

    def document(self, path: str) -> SpecDocument:
        """The spec in the file `path`."""
        known = self.past.documents
        if path not in known:
            known[path] = super().document(path)
        return known[path]
