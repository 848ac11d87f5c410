"""Calls of the git program that run nobody else's code.

A repository's configuration and attributes can name programs that git runs by itself: hooks, file system monitors,
clean and smudge filters, external diffs, text conversions. A call made here switches off what it can
(`git help config`: `core.hooksPath`, `core.fsmonitor`, `protocol.allow`, `diff.external`). A sealed call also takes
nothing from the environment or from any configuration file, and its git directory lies outside the tree it looks at.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_orchestrator.errors import GitError, ProcessError
from pytest_orchestrator.process import Completed, run

_HARDENING = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.quotePath=false"),
    *("-c", "diff.external="),
    *("-c", "protocol.allow=never"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
)
_CALM = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_PAGER": "cat"}
_SEALED = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_ATTR_NOSYSTEM": "1"}
_IDENTITY = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in (
        ("NAME", "pytest-orchestrator"),
        ("EMAIL", "pytest-orchestrator@localhost"),
        ("DATE", "1970-01-01T00:00:00Z"),
    )
}


@dataclass(frozen=True, kw_only=True)
class Git:
    """A place to call git in. Make one with `user_git` or `sealed_git`."""

    cwd: Path
    env: Mapping[str, str] = field(repr=False)

    def call(self, *arguments: str | Path, input: bytes = b"", timeout_s: float = 120.0) -> Completed:  # noqa: A002
        """Run `git ARGUMENTS` whatever its exit code.

        Raises:
            GitError: git is not installed, or did not end within `timeout_s`.
        """
        try:
            return run(["git", *_HARDENING, *arguments], cwd=self.cwd, env=self.env, input=input, timeout_s=timeout_s)
        except ProcessError as error:
            raise GitError(error.message, fix="install git, and see that `git status` works here") from error

    def output(self, *arguments: str | Path, input: bytes = b"", timeout_s: float = 120.0) -> bytes:  # noqa: A002
        """What `git ARGUMENTS` prints.

        Raises:
            GitError: it exits with another code than 0; carries what git said.
        """
        completed = self.call(*arguments, input=input, timeout_s=timeout_s)
        if completed.returncode != 0:
            said = completed.stderr.decode("utf-8", "replace").strip() or f"exit code {completed.returncode}"
            verb = next(word for word in map(str, arguments) if not word.startswith("-"))
            raise GitError(f"git {verb} failed: {said}")
        return completed.stdout

    def line(self, *arguments: str | Path) -> str:
        """The one line that `git ARGUMENTS` prints."""
        return self.output(*arguments).decode("utf-8", "surrogateescape").rstrip("\n")


def user_git(root: Path) -> Git:
    """Git in a person's own repository, with the person's own configuration (`safe.directory`, ignore files) and,
    inside a hook, the index that git is about to commit."""
    return Git(cwd=root, env={**os.environ, **_CALM})


def sealed_git(
    git_dir: Path,
    *,
    work_tree: Path | None = None,
    index: Path | None = None,
    objects: Path | None = None,
) -> Git:
    """Git on a repository of ours, whatever the environment and the configuration files say.

    With `objects`, new objects are written there, and the repository's own are only read.
    """
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    env |= {**_CALM, **_SEALED, **_IDENTITY, "GIT_DIR": str(git_dir)}
    if work_tree is not None:
        env["GIT_WORK_TREE"] = str(work_tree)
    if index is not None:
        env["GIT_INDEX_FILE"] = str(index)
    if objects is not None:
        env |= {"GIT_OBJECT_DIRECTORY": str(objects), "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(git_dir / "objects")}
    return Git(cwd=work_tree or git_dir, env=env)
