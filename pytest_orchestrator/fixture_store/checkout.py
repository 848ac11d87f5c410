"""A checkout of a pin, what its tree holds, and what turned it into another tree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pytest_orchestrator.fixture_store.pin import Pin
from pytest_orchestrator.git.command import Git
from pytest_orchestrator.git.objects import FOLDER, LINK, SUBMODULE, TreeEntry, path_text

_OPTIONS = ("-r", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color")
_PATCH = (
    *("-p", "--binary", "--full-index", "--src-prefix=a/", "--dst-prefix=b/"),
    *("--unified=3", "--diff-algorithm=myers"),
)
_STATUS: dict[str, Literal["added", "deleted"]] = {"A": "added", "D": "deleted"}


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """A pin's files, byte for byte, in a folder of their own."""

    pin: Pin
    root: Path


@dataclass(frozen=True, kw_only=True)
class Contents:
    """Counts of a pin's tree. Links count as files: a checkout writes them as regular ones. Submodules do not count."""

    files: int
    python_files: int
    links: int
    submodules: int
    largest_bytes: int


@dataclass(frozen=True, kw_only=True)
class FileChange:
    """One file that differs. A change of the executable bit alone is a modification too."""

    path: str
    status: Literal["added", "deleted", "modified"]
    added: int = 0
    """Lines, as `git diff --numstat` counts them; a binary file has none."""
    removed: int = 0


@dataclass(frozen=True, kw_only=True)
class TreeDiff:
    """The difference between a checkout and a snapshot of it."""

    changes: tuple[FileChange, ...]
    """In the order of their paths' bytes."""
    patch: bytes
    """`git apply` turns the checkout into the snapshot with it; empty when nothing changed."""


def count(entries: Iterable[TreeEntry]) -> Contents:
    """The counts of a tree's entries."""
    leaves = [entry for entry in entries if entry.mode != FOLDER]
    files = [entry for entry in leaves if entry.mode != SUBMODULE]
    return Contents(
        files=len(files),
        python_files=sum(entry.path.endswith(b".py") for entry in files),
        links=sum(entry.mode == LINK for entry in files),
        submodules=len(leaves) - len(files),
        largest_bytes=max((entry.size for entry in files), default=0),
    )


def diff_trees(git: Git, before: str, after: str) -> TreeDiff:
    """The difference between the trees `before` and `after`.

    Raises:
        GitError: an object of one of them is absent or damaged.
    """
    if before == after:
        return TreeDiff(changes=(), patch=b"")
    # Both lists have one record a path, in the same order.
    names = git.output("diff-tree", *_OPTIONS, "--name-status", "-z", before, after).split(b"\0")[:-1]
    numbers = git.output("diff-tree", *_OPTIONS, "--numstat", "-z", before, after).split(b"\0")[:-1]
    changes = tuple(
        _change(path, status.decode(), *number.split(b"\t", 2)[:2])
        for status, path, number in zip(names[::2], names[1::2], numbers, strict=True)
    )
    return TreeDiff(changes=changes, patch=git.output("diff-tree", *_OPTIONS, *_PATCH, before, after))


def _change(path: bytes, status: str, added: bytes, removed: bytes) -> FileChange:
    binary = added == b"-"
    return FileChange(
        path=path_text(path),
        status=_STATUS.get(status, "modified"),
        added=0 if binary else int(added),
        removed=0 if binary else int(removed),
    )
