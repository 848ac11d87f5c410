"""A temporary clone that shares the objects of a repository, whose commits can be checked out in it.

The working tree and the refs of the original are not touched.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pytest_orchestrator.git.command import Git, sealed_git
from pytest_orchestrator.git.history import read_day
from pytest_orchestrator.git.worktree import WorkTree


@dataclass(frozen=True, kw_only=True)
class SharedClone:
    """A temporary clone. `root` is the project's folder in it."""

    git: Git
    root: Path

    def check_out(self, commit: str) -> bool:
        """Check out `commit`, without any other file; False when it does not have the project's folder."""
        self.git.output("checkout", "-q", "--force", "--detach", commit, timeout_s=600.0)
        self.git.output("clean", "-q", "-ffdx", timeout_s=600.0)
        return self.root.is_dir()


@dataclass(frozen=True, kw_only=True)
class MainlineCommit:
    """One commit of the line of first parents, and its first parent. `day` is the author's date."""

    commit: str
    parent: str
    day: date
    subject: str


def mainline_commits(tree: WorkTree, since: str) -> tuple[MainlineCommit, ...]:
    """The commits after `since` on the line of first parents that ends in HEAD, the oldest first.

    Raises:
        GitError: git can't list them.
    """
    printed = tree.git.output(
        "log",
        "-z",
        "--first-parent",
        "--reverse",
        "--date=raw",
        "--format=%H%x02%P%x02%ad%x02%s",
        f"{since}..{tree.head or 'HEAD'}",
    )
    commits = []
    for record in printed.decode("utf-8", "replace").split("\0"):
        if record:
            commit, parents, day, subject = record.strip("\n").split("\x02", 3)
            if parents:
                parent = parents.split(" ", 1)[0]
                commits.append(MainlineCommit(commit=commit, parent=parent, day=read_day(day), subject=subject))
    return tuple(commits)


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
