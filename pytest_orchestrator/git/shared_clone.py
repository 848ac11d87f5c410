"""A throw-away repository that shares the objects of another one: its commits can be checked out, and nothing of the
other one moves, neither its working tree nor its refs."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.git.command import Git, user_git
from pytest_orchestrator.git.worktree import WorkTree


@dataclass(frozen=True, kw_only=True)
class Replica:
    """`root` is what the project's folder is in the original."""

    git: Git
    root: Path

    def check_out(self, commit: str) -> bool:
        """Make the files those of `commit`; False when the project's folder is not in it."""
        self.git.output("checkout", "-q", "--force", "--detach", commit, timeout_s=600.0)
        self.git.output("clean", "-q", "-ffdx", timeout_s=600.0)
        return self.root.is_dir()


@dataclass(frozen=True, kw_only=True)
class Step:
    """One commit of the main line, and the one before it."""

    commit: str
    parent: str
    day: str
    subject: str


def main_line(tree: WorkTree, since: str) -> tuple[Step, ...]:
    """The commits after `since` on the line of first parents that ends in HEAD, the oldest first.

    Raises:
        GitError: git can't tell.
    """
    printed = tree.git.output(
        "log", "-z", "--first-parent", "--reverse", "--format=%H%x02%P%x02%as%x02%s", f"{since}..{tree.head or 'HEAD'}"
    )
    steps = []
    for line in printed.decode("utf-8", "replace").split("\0"):
        if line:
            commit, parents, day, subject = line.strip("\n").split("\x02", 3)
            if parents:
                steps.append(Step(commit=commit, parent=parents.split(" ", 1)[0], day=day, subject=subject))
    return tuple(steps)


@contextlib.contextmanager
def replicate(tree: WorkTree) -> Iterator[Replica]:
    """A replica of the repository that `tree` lies in, gone afterwards.

    Raises:
        GitError: git can't make it.
    """
    objects = tree.git.line("rev-parse", "--path-format=absolute", "--git-path", "objects")
    with tempfile.TemporaryDirectory(prefix="pytest-orchestrator-replay-") as folder:
        place = Path(folder).resolve()
        git = user_git(place)
        git.output("init", "-q", "--template=", "-b", "replay")
        info = place / ".git" / "objects" / "info"
        info.mkdir(parents=True, exist_ok=True)
        (info / "alternates").write_text(objects + "\n", encoding="utf-8", errors="surrogateescape")
        yield Replica(git=git, root=place / tree.prefix)
