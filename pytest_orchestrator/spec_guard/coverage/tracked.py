"""The files that git tracks, and those that differ from HEAD. Git is asked when they are first needed, and once."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
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

    @cached_property
    def entries(self) -> Mapping[str, tuple[int, str]]:
        """The mode and the object id of each tracked file, by path."""
        return self.tree.tracked()

    @cached_property
    def uncommitted(self) -> Sequence[ChangedPath]:
        """What differs between HEAD and the working tree."""
        return self.tree.uncommitted_changes()

    def below(self, folders: Sequence[str]) -> tuple[str, ...]:
        """The files at and below `folders`, sorted: tracked ones, even if deleted, and untracked ones that are not
        ignored. The same as `WorkTree.files` tells, without another process."""
        untracked = (item.path for item in self.uncommitted if item.untracked)
        if "." in folders:
            return tuple(sorted({*self.entries, *untracked}))
        starts = tuple(f"{folder}/" for folder in folders)
        everything = itertools.chain(self.entries, untracked)
        return tuple(sorted({path for path in everything if path.startswith(starts) or path in folders}))

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
            docstrings=docstrings,
        )

    def _target(self, link: str) -> str:
        """Where a symbolic link leads."""
        where = self.root / link
        return os.fspath(where.readlink()) if where.is_symlink() else os.fsdecode(self.stored(link) or b"")
