"""The files that git tracks, and those that differ from HEAD. Git is asked when they are first needed, and once."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from pathlib import Path

from pytest_orchestrator.git.objects import LINK, SUBMODULE
from pytest_orchestrator.git.worktree import ChangedPath, WorkTree
from pytest_orchestrator.spec_guard.coverage.links import find_linked
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class TrackedFiles:
    """The files that git tracks below `root`. Everything here raises `GitError`."""

    root: Path
    tree: WorkTree
    texts: Mapping[str, bytes] = field(default_factory=dict)
    """What is read in place of files. A file that git tracks differs from HEAD if its text does."""

    @cached_property
    def entries(self) -> Mapping[str, tuple[int, str]]:
        """The mode and the object id of each tracked file, by path."""
        return self.tree.tracked()

    @cached_property
    def uncommitted(self) -> Sequence[ChangedPath]:
        """What differs between HEAD and the working tree."""
        found = self.tree.uncommitted_changes()
        known = {item.path for item in found}
        others = [path for path in self.texts if path not in known and path in self.entries]
        if not others:
            return found
        stored = self.tree.blobs([self.entries[path][1] for path in others])
        blobs = ((path, self.entries[path][1]) for path in others)
        edited = [ChangedPath(path=path, blob=blob) for path, blob in blobs if stored[blob] != self.texts[path]]
        return sorted([*found, *edited], key=attrgetter("path"))

    @property
    def has_submodules(self) -> bool:
        """Whether a submodule is tracked."""
        return any(mode == SUBMODULE for mode, _ in self.entries.values())

    def is_absent(self, path: str) -> bool:
        """Whether a file that does not exist is only not checked out: git doesn't call it deleted."""
        return all(item.path != path for item in self.uncommitted)

    def stored(self, path: str) -> bytes | None:
        """The content of a tracked file as git's index has it; of a submodule, the name of its commit."""
        mode, name = self.entries.get(path, (0, ""))
        if mode == SUBMODULE:
            return f"Subproject commit {name}\n".encode()
        return self.tree.blobs([name])[name] if name else None

    def snapshot(self, *, docstrings: bool) -> Snapshot:
        """The files as they are now, untracked ones too; `docstrings` is whether docstrings count."""
        untracked = [item.path for item in self.uncommitted if item.untracked]
        links = {path: self._target(path) for path, (mode, _) in self.entries.items() if mode == LINK}
        return Snapshot(
            self.root,
            files=self.entries,
            dirty=[item.path for item in self.uncommitted],
            untracked=untracked,
            linked=find_linked(links, (*self.entries, *untracked)) if links else {},
            absent=self.stored,
            texts=self.texts,
            docstrings=docstrings,
        )

    def _target(self, link: str) -> str:
        """Where a symbolic link leads."""
        where = self.root / link
        return os.fspath(where.readlink()) if where.is_symlink() else os.fsdecode(self.stored(link) or b"")
