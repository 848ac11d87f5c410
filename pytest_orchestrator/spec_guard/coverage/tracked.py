"""The files that git tracks, and those that differ from HEAD. Git is asked when they are first needed, and once."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from pathlib import Path

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import read_limited
from pytest_orchestrator.git.objects import LINK, SUBMODULE
from pytest_orchestrator.git.worktree import ChangedPath, TrackedFile, WorkTree
from pytest_orchestrator.spec_guard.coverage.links import find_linked
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot

_MAX_BYTES = 64 << 20


@dataclass(frozen=True, eq=False)
class TrackedFiles:
    """The files that git tracks below `root`. Everything here raises `GitError`."""

    root: Path
    tree: WorkTree
    texts: Mapping[str, bytes] = field(default_factory=dict)
    """What is read in place of files. A file that git tracks differs from HEAD if its text does."""

    @cached_property
    def entries(self) -> Mapping[str, TrackedFile]:
        """Each tracked file, by path."""
        return self.tree.tracked()

    @cached_property
    def uncommitted(self) -> Sequence[ChangedPath]:
        """What differs between HEAD and the working tree, also where git was told not to look."""
        found = list(self.tree.uncommitted_changes())
        known = {item.path for item in found}
        hidden = [
            ChangedPath(path=path, blob=file.blob if file.mode not in (LINK, SUBMODULE) else None)
            for path, file in self.entries.items()
            if file.unwatched and path not in known and self._differs(path, file)
        ]
        found = [*found, *hidden]
        known = {item.path for item in found}
        others = [path for path in self.texts if path not in known and path in self.entries]
        if not others:
            return found
        stored = self.tree.blobs([self.entries[path].blob for path in others])
        blobs = ((path, self.entries[path].blob) for path in others)
        edited = [ChangedPath(path=path, blob=blob) for path, blob in blobs if stored[blob] != self.texts[path]]
        return sorted([*found, *edited], key=attrgetter("path"))

    def _differs(self, path: str, file: TrackedFile) -> bool:
        where = self.root / path
        if not os.path.lexists(where):
            return file.unwatched != "skip-worktree"  # a sparse checkout leaves it out
        if file.mode == SUBMODULE:
            return False
        try:
            data = os.fsencode(where.readlink()) if file.mode == LINK else read_limited(where, max_bytes=_MAX_BYTES)
        except (OSError, InputError):
            return True
        if where.is_symlink() != (file.mode == LINK):
            return True
        digest = hashlib.sha1 if len(file.blob) == 40 else hashlib.sha256
        return digest(b"blob %d\0%b" % (len(data), data)).hexdigest() != file.blob

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
        return any(file.mode == SUBMODULE for file in self.entries.values())

    def is_absent(self, path: str) -> bool:
        """Whether a file that does not exist is only not checked out: git doesn't call it deleted."""
        return all(item.path != path for item in self.uncommitted)

    def stored(self, path: str) -> bytes | None:
        """The content of a tracked file as git's index has it; of a submodule, the name of its commit."""
        file = self.entries.get(path)
        if file is None:
            return None
        if file.mode == SUBMODULE:
            return f"Subproject commit {file.blob}\n".encode()
        return self.tree.blobs([file.blob])[file.blob]

    def snapshot(self, *, docstrings: bool) -> Snapshot:
        """The files as they are now, untracked ones too; `docstrings` is whether docstrings count."""
        untracked = [item.path for item in self.uncommitted if item.untracked]
        links = {path: self._target(path) for path, file in self.entries.items() if file.mode == LINK}
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
