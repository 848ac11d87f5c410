"""Calls of the git program that run no code of the repository.

A repository's configuration and attributes can name programs that git runs by itself: hooks, file system monitors,
clean and smudge filters, external diffs, text conversions. Every call here disables what options can disable
(`git help config`: `core.hooksPath`, `core.fsmonitor`, `protocol.allow`, `diff.external`). A sealed call also ignores
the environment and all configuration files, and its git directory lies outside the tree that it reads.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_orchestrator.errors import GitError, ProcessError
from pytest_orchestrator.process import Completed, run

HARDENING = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.quotePath=false",
    "diff.external=",
    "protocol.allow=never",
    "gc.auto=0",
    "maintenance.auto=false",
)
"""The settings of every call of git, also of those that GitPython makes."""
_OPTIONS = tuple(word for setting in HARDENING for word in ("-c", setting))
_BASE_ENV = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_PAGER": "cat"}
_SEALED_ENV = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_ATTR_NOSYSTEM": "1"}
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
    """The folder and the environment of git calls. Create one with `user_git` or `sealed_git`."""

    cwd: Path
    env: Mapping[str, str] = field(repr=False)

    def call(self, *arguments: str | Path, input: bytes = b"", timeout_s: float = 120.0) -> Completed:  # noqa: A002
        """Run `git ARGUMENTS`, and return its output with any exit code.

        Raises:
            GitError: git is not installed, or did not end within `timeout_s` seconds.
        """
        try:
            return run(["git", *_OPTIONS, *arguments], cwd=self.cwd, env=self.env, input=input, timeout_s=timeout_s)
        except ProcessError as error:
            raise GitError(error.message, fix="install git, and check that `git status` works here") from error

    def output(self, *arguments: str | Path, input: bytes = b"", timeout_s: float = 120.0) -> bytes:  # noqa: A002
        """The standard output of `git ARGUMENTS`.

        Raises:
            GitError: the exit code is not 0; the message holds git's own.
        """
        completed = self.call(*arguments, input=input, timeout_s=timeout_s)
        if completed.returncode != 0:
            message = completed.stderr.decode("utf-8", "replace").strip() or f"exit code {completed.returncode}"
            verb = next(word for word in map(str, arguments) if not word.startswith("-"))
            raise GitError(f"git {verb} failed: {message}")
        return completed.stdout

    def line(self, *arguments: str | Path) -> str:
        """The standard output of `git ARGUMENTS`, which is one line."""
        return self.output(*arguments).decode("utf-8", "surrogateescape").rstrip("\n")


def user_git(root: Path) -> Git:
    """Git in the user's repository, with the user's configuration (`safe.directory`, ignore files).

    Inside a hook it uses the index that git is about to commit.
    """
    return Git(cwd=root, env={**os.environ, **_BASE_ENV})


def sealed_git(
    git_dir: Path,
    *,
    work_tree: Path | None = None,
    index: Path | None = None,
    objects: Path | None = None,
) -> Git:
    """Git in a repository of ours, independent of the environment and of configuration files.

    With `objects`, new objects are written there, and the repository's own objects are only read.
    """
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    env |= {**_BASE_ENV, **_SEALED_ENV, **_IDENTITY, "GIT_DIR": str(git_dir)}
    if work_tree is not None:
        env["GIT_WORK_TREE"] = str(work_tree)
    if index is not None:
        env["GIT_INDEX_FILE"] = str(index)
    if objects is not None:
        env |= {"GIT_OBJECT_DIRECTORY": str(objects), "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(git_dir / "objects")}
    return Git(cwd=work_tree or git_dir, env=env)
