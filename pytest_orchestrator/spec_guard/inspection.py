"""One look at a project: everything that the rules judge by, loaded when it is first asked for, and once."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

from pytest_orchestrator.codec.decode import decode_json
from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.display import printable
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import read_limited
from pytest_orchestrator.git.history import read_log
from pytest_orchestrator.git.worktree import ChangedPath, WorkTree, open_work_tree
from pytest_orchestrator.records import Diagnostic
from pytest_orchestrator.spec_guard.background import Background
from pytest_orchestrator.spec_guard.change.base import Base, find_base
from pytest_orchestrator.spec_guard.change.changes import Changes, find_gone
from pytest_orchestrator.spec_guard.coverage.anchors import Anchor, parse_anchor
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot, digest_of
from pytest_orchestrator.spec_guard.document.discovery import (
    DEFAULT_PATHS,
    existing_specs,
    find_folders,
    is_spec,
    walk_files,
)
from pytest_orchestrator.spec_guard.document.spec import MAX_BYTES, SpecDocument, parse, unreadable
from pytest_orchestrator.spec_guard.rules.rule import RuleContext
from pytest_orchestrator.spec_guard.surroundings import Surroundings, load_overrides


class Inspection:
    """A project as it is now. Git is asked only for what git alone knows; its trouble is raised where that is used."""

    def __init__(  # noqa: PLR0913 - everything that an inspection depends on
        self,
        root: Path,
        *,
        settings: SpecGuardSettings,
        today: date,
        base: str | None = None,
        environ: Mapping[str, str] = os.environ,
        rule_ids: Sequence[str] = (),
    ) -> None:
        self.root = root
        self.settings = settings
        self.today = today
        self._base = base
        self._environ = environ
        self.rule_ids = tuple(rule_ids)
        """The rules that will be checked; overrides can name no others."""
        self._documents: dict[str, SpecDocument] = {}

    @cached_property
    def folders(self) -> tuple[str, ...]:
        """Where specs are searched. Raises `InputError` for a wrong setting."""
        return find_folders(self.root, self.settings)

    @cached_property
    def tree(self) -> WorkTree:
        """The repository. Raises `GitError`."""
        return open_work_tree(self.root)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The specs, tracked or not, never ignored ones; sorted. Raises `GitError`."""
        if not self.folders:
            return ()
        return existing_specs(self.root, self.tree.files(self.folders), self.folders)

    def paths_without_git(self) -> tuple[str, ...]:
        """Every file that is a spec by its place and name, ignored or not."""
        return existing_specs(self.root, walk_files(self.root, self.folders), self.folders)

    def document(self, path: str) -> SpecDocument:
        """The spec in the file `path`, whatever it holds."""
        if path not in self._documents:
            self._documents[path] = _read(self.root, path)
        return self._documents[path]

    @cached_property
    def narrow_context(self) -> RuleContext:
        """What a rule that doesn't look across judges by."""
        overrides = load_overrides(self.root, self.settings)
        return RuleContext(
            policy=self.settings,
            today=self.today,
            folders=self.folders,
            background=Background(overrides=overrides),
            rule_ids=self.rule_ids,
        )

    @cached_property
    def context(self) -> RuleContext:
        """What every rule may judge by. Raises `GitError`."""
        return self.with_background(self.change_context, self.change_context.specs)

    @cached_property
    def change_context(self) -> RuleContext:
        """The specs and what changed, without what costs a look at the history. Raises `GitError`."""
        specs = tuple(self.document(path) for path in self.paths)
        changes = self._changes(self.base, self.dirty)
        return RuleContext(
            policy=self.settings,
            today=self.today,
            folders=self.folders,
            specs=specs,
            changes=changes,
            rule_ids=self.rule_ids,
        )

    @cached_property
    def base(self) -> Base:
        """What the change is compared with. Raises `GitError`."""
        return find_base(self.tree, explicit=self._base, environ=self._environ)

    @cached_property
    def dirty(self) -> tuple[ChangedPath, ...]:
        """What differs from the commit that is checked out. Raises `GitError`."""
        return self.tree.uncommitted_changes()

    def with_background(self, context: RuleContext, specs: Sequence[SpecDocument]) -> RuleContext:
        """`context`, with where each of `specs` stands. Raises `GitError`."""
        background = self.surroundings.background(specs, context.changes, context.folders)
        return replace(context, background=background)

    @cached_property
    def surroundings(self) -> Surroundings:
        """The project around its specs. Raises `GitError`."""
        assert self.change_context is not None  # noqa: S101 - it finds out what differs
        return Surroundings(
            self.root,
            tree=self.tree,
            settings=self.settings,
            today=self.today,
            dirty=self.dirty,
            base=self._at_base,
            log=lambda: read_log(self.tree),
        )

    def _changes(self, base: Base, uncommitted: tuple[ChangedPath, ...]) -> Changes:
        committed: tuple[ChangedPath, ...] = ()
        if base.commit is not None and base.commit != self.tree.head:
            committed = self.tree.committed_changes(base.commit)
        # A file that the commits changed had its former content at the base, not at HEAD.
        changed = {item.path: item for item in (*uncommitted, *committed)}
        self._at_base = changed
        folders = self._folders_then_and_now(changed.get("pyproject.toml"))
        specs = {path: item for path, item in changed.items() if is_spec(path, folders)}
        earlier = self._earlier(tuple(specs.values()))
        files = tuple(sorted(changed.keys() - specs.keys()))
        return Changes(
            base=base,
            files=files,
            specs=tuple(sorted(specs)),
            days=self._days(base.commit, committed, uncommitted) if earlier else {},
            earlier=earlier,
            same=self._same(changed, earlier),
            gone=find_gone(earlier, [self.document(path) for path in self.paths]) if earlier else (),
        )

    def _same(self, changed: Mapping[str, ChangedPath], earlier: Sequence[SpecDocument]) -> frozenset[str]:
        """The anchors inside of changed files that are as they were at the base: what else changed there is not
        theirs."""
        anchors: dict[str, Anchor] = {}
        for spec in (*map(self.document, self.paths), *earlier):
            for text in spec.declaration.covers if spec.declaration else ():
                if "::" in text and text not in anchors:
                    anchors[text] = parse_anchor(text)
        former = {
            text: blob for text, anchor in anchors.items() if (item := changed.get(anchor.glob)) and (blob := item.blob)
        }
        if not former:
            return frozenset()
        contents = self.tree.blobs(list(dict.fromkeys(former.values())))
        snapshot = Snapshot(self.root, files=(), dirty=())
        return frozenset(
            text
            for text, blob in former.items()
            if (before := digest_of(contents[blob], anchors[text].glob, anchors[text].symbol)) is not None
            and before == snapshot.part_digest(anchors[text].glob, anchors[text].symbol)
        )

    def _folders_then_and_now(self, project_file: ChangedPath | None) -> tuple[str, ...]:
        """A change that moves `paths` elsewhere must not make what lay there invisible."""
        if project_file is None:
            return self.folders
        former = None if project_file.blob is None else _paths(self.tree.blobs([project_file.blob])[project_file.blob])
        return tuple(dict.fromkeys((*self.folders, *map(posixpath.normpath, former or DEFAULT_PATHS))))

    def _earlier(self, changed: Sequence[ChangedPath]) -> tuple[SpecDocument, ...]:
        contents = self.tree.blobs([item.blob for item in changed if item.blob is not None])
        return tuple(parse(contents[item.blob], path=item.path) for item in changed if item.blob is not None)

    def _days(
        self, base: str | None, committed: Sequence[ChangedPath], uncommitted: Sequence[ChangedPath]
    ) -> dict[str, date]:
        days: dict[str, date] = {}
        if base is not None and committed:
            written = self.tree.author_days(base)
            newest = max(written.values(), default=self.today)
            days = {item.path: written.get(item.path, newest) for item in committed}
        return {**days, **{item.path: self.today for item in uncommitted}}


def blocking(spec: SpecDocument, *, freshness: bool) -> tuple[Diagnostic, ...]:
    """What is wrong with the front matter that keeps other rules from judging: one failure a cause, not three."""
    return spec.problems if spec.declaration is None or freshness else ()


def _paths(project_file: bytes) -> tuple[str, ...] | None:
    """The `paths` of a former `pyproject.toml`; None when it set none, or none that could be understood."""
    import tomllib

    try:
        table = tomllib.loads(project_file.decode())["tool"]["pytest_orchestrator"]["spec_guard"]
        return decode_json(SpecGuardSettings, table, path="pyproject.toml").paths
    except (ValueError, KeyError, TypeError, InputError):
        return None


def _read(root: Path, path: str) -> SpecDocument:
    if printable(path) != path:
        fix = "rename it: without control characters, and in UTF-8"
        return unreadable(printable(path), InputError("has a name that can't be shown as it is", path=path, fix=fix))
    try:
        # A Path for each of ten thousand specs takes as long as reading them.
        return parse(read_limited(f"{root}/{path}", max_bytes=MAX_BYTES, display_path=path, follow=False), path=path)
    except InputError as error:
        linked = InputError("is a symbolic link", path=path, fix="put the spec itself here")
        return unreadable(path, linked if (root / path).is_symlink() else error)
