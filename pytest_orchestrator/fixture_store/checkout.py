"""What the store hands out: a pin's files in a folder, what became of them, and the difference."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pytest_orchestrator.fixture_store.pin import Pin


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """A pin's files, byte for byte, in a folder of their own."""

    pin: Pin
    root: Path
    tree: str
    """The git tree that the folder was filled from."""


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """Something in a checkout's folder that a git tree can't hold, or that must not be opened."""

    path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What was in a checkout's folder at one moment, as a git tree.

    Paths are POSIX and relative; bytes of a name that are not UTF-8 are shown as `\\xNN`.
    """

    tree: str
    objects: Path
    """The folder beside the checkout that holds the objects which the store lacks."""
    links: tuple[str, ...]
    """Every symbolic link found; none was followed."""
    foreign: tuple[Foreign, ...]
    """What the tree doesn't say: `.git` folders, devices, pipes, sockets, and what could not be read."""


@dataclass(frozen=True, kw_only=True)
class FileChange:
    """One file that differs; a change of its executable bit alone is a modification too."""

    path: str
    status: Literal["added", "deleted", "modified"]


@dataclass(frozen=True, kw_only=True)
class TreeDiff:
    """A checkout against a snapshot of it."""

    changes: tuple[FileChange, ...]
    """In the order of their paths' bytes."""
    patch: bytes
    """What `git apply` turns the checkout into the snapshot with; empty when nothing changed."""
    added: int
    """Lines; binary files count none."""
    removed: int
