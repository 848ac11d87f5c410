"""What a folder holds now, as a git tree, found without asking anything that the folder says about itself.

Git's own `add` obeys `.gitattributes` (which can name programs to run), `.gitignore` and embedded repositories. An
agent could have written all of them, so the folder is walked and hashed here.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from pytest_orchestrator.errors import FixtureError
from pytest_orchestrator.fixture_store.checkout import Foreign
from pytest_orchestrator.git.objects import (
    EXECUTABLE,
    LINK,
    REGULAR,
    SUBMODULE,
    LooseObjects,
    TreeEntry,
    build_tree,
    object_id,
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


class Walk:
    """One look at the folder `root`, which was filled from a tree called `name` of `base` entries."""

    def __init__(self, root: Path, name: str, base: tuple[TreeEntry, ...], objects: Path) -> None:
        self._root = os.fsencode(root)
        self._base: Mapping[bytes, TreeEntry] = {entry.path: entry for entry in base}
        self._known = {name, *(entry.id for entry in base)}
        self._objects = LooseObjects(objects)
        self._new_bytes = 0
        self.links: list[str] = []
        self.foreign: list[Foreign] = []

    def tree(self) -> str:
        """Hash everything; write what `base` lacks.

        Raises:
            FixtureError: the folder holds more than can be a careful change of a pin.
        """
        entries = {}
        for path, status in self._walk():
            entry = self._entry(path, status)
            if entry is not None:
                entries[path] = entry
        folders = {path[:place] for path in entries for place in range(len(path)) if path[place] == 0x2F}
        for path, entry in self._base.items():
            # A submodule is an empty folder here; it is gone when something has taken its place.
            if entry.mode == SUBMODULE and path not in entries and path not in folders:
                entries[path] = entry
        return build_tree(entries.values(), self._write)

    def _walk(self) -> Iterator[tuple[bytes, os.stat_result]]:
        """Every file below the root, whatever its kind, with its own status: no link is followed."""
        waiting = [b""]
        seen = 0
        while waiting:
            folder = waiting.pop()
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
                    self._report(path, "git keeps this name for itself; not looked into")
                elif stat.S_ISDIR(status.st_mode):
                    waiting.append(path)
                else:
                    yield path, status

    def _entry(self, path: bytes, status: os.stat_result) -> TreeEntry | None:
        where = self._root + b"/" + path
        kind = stat.S_IFMT(status.st_mode)
        try:
            if kind == stat.S_IFLNK:
                self.links.append(shown(path))
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
        self._report(path, _KINDS.get(kind, "no regular file"))
        return None

    def _mode(self, path: bytes, status: os.stat_result) -> int:
        base = self._base.get(path)
        if base is not None and base.mode == LINK:
            return LINK  # the checkout writes a link of the pin as a plain file that holds its target
        return EXECUTABLE if status.st_mode & stat.S_IXUSR else REGULAR

    def _read(self, where: bytes) -> bytes | None:
        # What stood there as a plain file a moment ago may be a link or a pipe by now.
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
        self.foreign.append(Foreign(path=shown(path), reason=reason))


def shown(path: bytes) -> str:
    """The text of a path's bytes; those that are not UTF-8 as `\\xNN`."""
    return path.decode("utf-8", "backslashreplace")
