"""Git's objects, written and read without filters, attributes or configuration.

The formats are git's: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.errors import GitError
from pytest_orchestrator.git.command import Git

WriteObject = Callable[[str, bytes], str]

REGULAR, EXECUTABLE, LINK, FOLDER, SUBMODULE = 0o100644, 0o100755, 0o120000, 0o040000, 0o160000
_BATCH = 1_000


@dataclass(frozen=True, kw_only=True)
class TreeEntry:
    """One path of a tree. `path` is relative to the tree's root, its parts joined by `/`."""

    path: bytes
    mode: int
    id: str
    size: int = 0
    """Of a blob, in bytes, where it was asked for."""


def path_text(path: bytes) -> str:
    """The text of a path's bytes; those that are not UTF-8 as `\\xNN`."""
    return path.decode("utf-8", "backslashreplace")


def object_id(kind: str, data: bytes) -> str:
    """Git's id (SHA-1) of an object of a kind: `blob` or `tree`."""
    return hashlib.sha1(_headed(kind, data), usedforsecurity=False).hexdigest()


def build_tree(entries: Iterable[TreeEntry], write: WriteObject) -> str:
    """The id of the tree of `entries`. `write` is called with each tree object, inner folders first.

    `entries` name files, links and submodules, each path once; folders follow from the paths.
    """
    folders: dict[bytes, list[tuple[bytes, int, str]]] = {b"": []}
    for entry in entries:
        folder, _, name = entry.path.rpartition(b"/")
        folders.setdefault(folder, []).append((name, entry.mode, entry.id))
        while folder:
            folder = folder.rpartition(b"/")[0]
            folders.setdefault(folder, [])
    # Deepest first, without recursion: a path can hold more folders than Python's stack.
    for folder in sorted(folders, key=lambda path: path.count(b"/") + bool(path), reverse=True):
        tree = write("tree", _tree_bytes(folders[folder]))
        if folder:
            parent, _, name = folder.rpartition(b"/")
            folders[parent].append((name, FOLDER, tree))
    return tree


def list_tree(git: Git, tree: str) -> tuple[TreeEntry, ...]:
    """Every entry of a tree, folders included, with the sizes of blobs.

    Raises:
        GitError: the tree is absent or damaged.
    """
    entries = []
    for record in git.output("ls-tree", "-r", "-t", "-l", "-z", "--full-tree", tree).split(b"\0")[:-1]:
        head, _, path = record.partition(b"\t")
        mode, _, name, size = head.split()
        if size == b"BAD":  # as git says it
            raise GitError(f"the object {name.decode()} is missing", fix="fetch the history again: git fetch --refetch")
        entries.append(TreeEntry(path=path, mode=int(mode, 8), id=name.decode(), size=0 if size == b"-" else int(size)))
    return tuple(entries)


class LooseObjects:
    """A new folder of loose objects, laid out as `objects/` in a repository; for `sealed_git(objects=...)`."""

    def __init__(self, folder: Path) -> None:
        self._folder = os.fspath(folder)
        self._written: set[str] = set()
        self._made: set[str] = set()

    def write(self, kind: str, data: bytes) -> str:
        """Store an object and return its id. The object is complete only once this returns.

        Raises:
            OSError: the folder is full or may not be written.
        """
        name = object_id(kind, data)
        if name in self._written:
            return name
        folder = f"{self._folder}/{name[:2]}"
        if folder not in self._made:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - plain strings: a tree can hold 100,000 files
            self._made.add(folder)
        descriptor = os.open(f"{folder}/{name[2:]}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(zlib.compress(_headed(kind, data), 1))
        self._written.add(name)
        return name


def damaged_objects(git: Git, names: Iterable[str], *, at_most: int = 10) -> tuple[str, ...]:
    """The blobs and trees among `names` that are absent, or whose bytes don't hash to their id; the first `at_most`."""
    damaged: list[str] = []
    waiting = list(dict.fromkeys(names))
    while waiting and len(damaged) < at_most:
        batch = waiting[:_BATCH]
        answered, broken = _rehash(git, batch)
        damaged += broken
        waiting = waiting[answered:]
    return tuple(damaged[:at_most])


def _rehash(git: Git, names: list[str]) -> tuple[int, list[str]]:
    """How many of `names` git answered for, and which of these are damaged."""
    completed = git.call("cat-file", "--batch", "--buffer", input="".join(f"{name}\n" for name in names).encode())
    output, start, answered = completed.stdout, 0, 0
    broken = []
    while (end := output.find(b"\n", start)) >= 0:
        name, *rest = output[start:end].split()
        start = end + 1
        intact = False
        if len(rest) == 2:
            kind, size = rest[0].decode(), int(rest[1])
            data = output[start : start + size]
            start += size + 1
            intact = name.decode() == object_id(kind, data)
        if not intact:
            broken.append(name.decode())
        answered += 1
    if answered < len(names):  # git dies at a corrupt object, without an answer for those after it
        broken.append(names[answered])
        answered += 1
    return answered, broken


def _tree_bytes(entries: list[tuple[bytes, int, str]]) -> bytes:
    ordered = sorted(entries, key=lambda entry: entry[0] + b"/" if entry[1] == FOLDER else entry[0])
    return b"".join(b"%o %b\0" % (mode, name) + bytes.fromhex(name_id) for name, mode, name_id in ordered)


def _headed(kind: str, data: bytes) -> bytes:
    return b"%b %d\0" % (kind.encode(), len(data)) + data
