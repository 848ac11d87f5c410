"""A repository's past: the commits of its main line, and a temporary clone that shares its objects.

The working tree and the refs of the original are not touched.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pytest_orchestrator.git.command import Git, sealed_git
from pytest_orchestrator.git.history import read_day
from pytest_orchestrator.git.worktree import WorkTree

_TIMEOUT_S = 600.0
_REGULAR, _LINK = ("100644", "100755"), "120000"


@dataclass(frozen=True, kw_only=True)
class SharedClone:
    """A temporary clone. `root` is the project's folder in it."""

    git: Git
    root: Path


class FileChange(NamedTuple):
    """A path of the repository that a commit changed: the ids of its content after and before, and the mode after.

    `blob` is None where nothing is left but a submodule, at most; `former` is None where there was no regular file.
    The content of a symbolic link is its target.
    """

    path: str
    blob: str | None
    former: str | None
    mode: int


@dataclass(frozen=True, kw_only=True)
class MainlineCommit:
    """One commit of the line of first parents, and its first parent. `day` is the author's date."""

    commit: str
    parent: str
    day: date
    subject: str
    changes: tuple[FileChange, ...] = ()
    """What differs from the first parent; a rename is a deletion and an addition."""


def mainline_commits(tree: WorkTree, since: str | None) -> tuple[MainlineCommit, ...]:
    """The commits after `since`, or all, on the line of first parents that ends in HEAD, the oldest first.

    The first commit of a repository is left out: it changes nothing.

    Raises:
        GitError: git can't list them.
    """
    head = tree.head or "HEAD"
    plain = ("--no-color", "--no-relative", "--ignore-submodules=none", "--no-notes")
    options = (
        "--first-parent",
        "--diff-merges=first-parent",
        "--reverse",
        "-z",
        "--raw",
        "--no-abbrev",
        "--no-renames",
        "--date=raw",
    )
    form = "--format=%x01%H%x02%P%x02%ad%x02%s"
    listed = tree.git.output(
        "log", *options, *plain, form, f"{since}..{head}" if since else head, "--", timeout_s=_TIMEOUT_S
    )
    found: list[tuple[str, list[FileChange]]] = []
    tokens = iter(os.fsdecode(listed).split("\0"))
    # The token after one that starts with a colon is always a path, as in `history.parse_log`.
    for token in tokens:
        if token.startswith("\x01"):
            found.append((token[1:], []))
        elif token.startswith((":", "\n:")):
            found[-1][1].append(_change(token, next(tokens)))
    return tuple(commit for head, changes in found if (commit := _commit(head, changes)) is not None)


def _commit(head: str, changes: list[FileChange]) -> MainlineCommit | None:
    commit, parents, day, subject = head.split("\x02", 3)
    if not parents:
        return None
    parent = parents.split(" ", 1)[0]
    return MainlineCommit(commit=commit, parent=parent, day=read_day(day), subject=subject, changes=tuple(changes))


def _change(head: str, path: str) -> FileChange:
    # ":<old mode> <new mode> <old id> <new id> <status>"
    old, new, former, blob, _ = head.lstrip("\n:").split(" ")
    left = blob if new in (*_REGULAR, _LINK) else None
    return FileChange(path, left, former if old in _REGULAR else None, int(new, 8))


@contextlib.contextmanager
def shared_clone(tree: WorkTree) -> Iterator[SharedClone]:
    """A shared clone of the repository of `tree`, deleted afterwards.

    Raises:
        GitError: git can't create it.
    """
    objects = tree.git.line("rev-parse", "--path-format=absolute", "--git-path", "objects")
    with tempfile.TemporaryDirectory(prefix="pytest-orchestrator-replay-") as folder:
        clone = Path(folder).resolve()
        # Sealed: no filter of the user's configuration rewrites what is checked out.
        git = sealed_git(clone / ".git", work_tree=clone)
        git.output("init", "-q", "--template=", "-b", "replay")
        info = clone / ".git" / "objects" / "info"
        info.mkdir(parents=True, exist_ok=True)
        (info / "alternates").write_text(objects + "\n", encoding="utf-8", errors="surrogateescape")
        yield SharedClone(git=git, root=clone / tree.prefix)
