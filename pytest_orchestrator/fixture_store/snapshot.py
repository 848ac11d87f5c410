"""A snapshot of a folder as a git tree; nothing in the folder has any influence on how it is read.

`git add` obeys `.gitattributes` (which can name programs to run), `.gitignore` and embedded repositories. An agent
could have written all of them, so the folder is walked and hashed here.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.errors import FixtureError
from pytest_orchestrator.git.objects import (
    EXECUTABLE,
    LINK,
    REGULAR,
    SUBMODULE,
    LooseObjects,
    TreeEntry,
    build_tree,
    object_id,
    path_text,
)

MAX_FILE_BYTES = 256 << 20
_MAX_NEW_BYTES = 2 << 30
_MAX_ENTRIES = 1_000_000
# What git refuses as a part of a path, on any system (git's `verify_path` and `is_ntfs_dotgit`).
_GIT_FOLDER = re.compile(rb"(?:\.git|git~1)[ .]*(?:[:\\].*)?", re.IGNORECASE | re.DOTALL)
_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The content of a checkout's folder at one moment, as a git tree.

    Paths are POSIX and relative; bytes of a name that are not UTF-8 stand as `\\xNN`.
    """

    tree: str
    objects: Path
    """The folder beside the checkout that holds the objects which the store lacks."""
    links: tuple[str, ...]
    """Every symbolic link found; none was followed."""
    foreign: Mapping[str, str]
    """What the tree leaves out, with the reason: `.git` folders, devices, pipes, sockets, files that can't be read."""


class Walk:
    """Hashes the folder `root`, which was filled from the tree `base_tree` with the entries `base`.

    New objects are written to the folder `objects`.
    """

    def __init__(self, root: Path, base_tree: str, base: tuple[TreeEntry, ...], objects: Path) -> None:
        self._root = os.fsencode(root)
        self._base: Mapping[bytes, TreeEntry] = {entry.path: entry for entry in base}
        self._known = {base_tree, *(entry.id for entry in base)}
        self._objects = LooseObjects(objects)
        self._new_bytes = 0
        self.links: list[str] = []
        self.foreign: dict[str, str] = {}

    def tree(self) -> str:
        """Hash every file, and write the objects that `base` lacks; the id of the tree.

        Raises:
            FixtureError: the folder holds too many files or too many new bytes.
        """
        entries = {}
        for path, status in self._walk():
            entry = self._entry(path, status)
            if entry is not None:
                entries[path] = entry
        folders = {path[:end] for path in entries for end in range(len(path)) if path[end] == 0x2F}
        for path, entry in self._base.items():
            # A submodule is an empty folder here; a file in its place replaces it.
            if entry.mode == SUBMODULE and path not in entries and path not in folders:
                entries[path] = entry
        return build_tree(entries.values(), self._write)

    def _walk(self) -> Iterator[tuple[bytes, os.stat_result]]:
        """Every file below the root, of any kind, with its own status: links are not followed."""
        pending = [b""]
        seen = 0
        while pending:
            folder = pending.pop()
            try:
                with os.scandir(self._root + b"/" + folder) as scan:
                    found = [(entry.name, entry.stat(follow_symlinks=False)) for entry in scan]
            except OSError as error:
                self._report(folder or b".", f"a folder that can't be read: {error.strerror}")
                continue
            seen += len(found)
            if seen > _MAX_ENTRIES:
                raise FixtureError(f"{os.fsdecode(self._root)} holds more than {_MAX_ENTRIES:,} files")
            for name, status in found:
                path = folder + b"/" + name if folder else name
                if _GIT_FOLDER.fullmatch(name):
                    self._report(path, "git reserves this name; its content was not read")
                elif stat.S_ISDIR(status.st_mode):
                    pending.append(path)
                else:
                    yield path, status

    def _entry(self, path: bytes, status: os.stat_result) -> TreeEntry | None:
        where = self._root + b"/" + path
        kind = stat.S_IFMT(status.st_mode)
        try:
            if kind == stat.S_IFLNK:
                self.links.append(path_text(path))
                return TreeEntry(path=path, mode=LINK, id=self._blob(os.readlink(where)))  # noqa: PTH115 - bytes
            if kind == stat.S_IFREG:
                data = self._read(where)
                if data is None:
                    self._report(path, f"a file of more than {MAX_FILE_BYTES:,} bytes")
                    return None
                return TreeEntry(path=path, mode=self._mode(path, status), id=self._blob(data))
        except OSError as error:
            self._report(path, f"a file that can't be read: {error.strerror}")
            return None
        self._report(path, _KINDS.get(kind, "not a regular file"))
        return None

    def _mode(self, path: bytes, status: os.stat_result) -> int:
        base = self._base.get(path)
        if base is not None and base.mode == LINK:
            return LINK  # the checkout wrote this link of the pin as a regular file that holds its target
        return EXECUTABLE if status.st_mode & stat.S_IXUSR else REGULAR

    def _read(self, where: bytes) -> bytes | None:
        # A regular file can have become a link or a pipe since it was listed.
        descriptor = os.open(where, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as stream:
            if os.fstat(descriptor).st_size > MAX_FILE_BYTES:
                return None
            data = stream.read(MAX_FILE_BYTES + 1)
        return data if len(data) <= MAX_FILE_BYTES else None

    def _blob(self, data: bytes) -> str:
        return self._write("blob", data)

    def _write(self, kind: str, data: bytes) -> str:
        name = object_id(kind, data)
        if name not in self._known:
            self._new_bytes += len(data)
            if self._new_bytes > _MAX_NEW_BYTES:
                raise FixtureError(f"{os.fsdecode(self._root)} holds more than {_MAX_NEW_BYTES:,} new bytes")
            self._objects.write(kind, data)
            self._known.add(name)
        return name

    def _report(self, path: bytes, reason: str) -> None:
        self.foreign[path_text(path)] = reason
