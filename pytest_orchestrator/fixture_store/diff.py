"""The difference of two trees, in values and as a patch."""

from __future__ import annotations

from typing import Literal

from pytest_orchestrator.fixture_store.checkout import FileChange, TreeDiff
from pytest_orchestrator.fixture_store.snapshot import shown
from pytest_orchestrator.git.command import Git

_OPTIONS = ("-r", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color")
_PATCH = (
    "-p",
    "--binary",
    "--full-index",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--unified=3",
    "--diff-algorithm=myers",
)
_STATUS: dict[str, Literal["added", "deleted"]] = {"A": "added", "D": "deleted"}


def diff_trees(git: Git, before: str, after: str) -> TreeDiff:
    """What turns the tree `before` into the tree `after`.

    Raises:
        GitError: an object of one of them is absent or damaged.
    """
    if before == after:
        return TreeDiff(changes=(), patch=b"", added=0, removed=0)
    names = git.output("diff-tree", *_OPTIONS, "--name-status", "-z", before, after).split(b"\0")[:-1]
    changes = tuple(
        FileChange(path=shown(path), status=_STATUS.get(status.decode(), "modified"))
        for status, path in zip(names[::2], names[1::2], strict=True)
    )
    added = removed = 0
    for record in git.output("diff-tree", *_OPTIONS, "--numstat", "-z", before, after).split(b"\0")[:-1]:
        plus, minus, _ = record.split(b"\t", 2)
        if plus != b"-":  # a binary file
            added += int(plus)
            removed += int(minus)
    patch = git.output("diff-tree", *_OPTIONS, *_PATCH, before, after)
    return TreeDiff(changes=changes, patch=patch, added=added, removed=removed)
