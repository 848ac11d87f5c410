"""How many files of which kind a tree holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pytest_orchestrator.git.objects import FOLDER, LINK, SUBMODULE, TreeEntry


@dataclass(frozen=True, kw_only=True)
class Contents:
    """Counts of a pin's tree. Links are files too: a checkout writes them as plain ones. Submodules are left out."""

    files: int
    python_files: int
    links: int
    submodules: int
    largest_bytes: int


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
