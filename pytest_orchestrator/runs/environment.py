"""The circumstances of a run: versions, the project's git state, the command line without its secrets."""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

from pytest_orchestrator.display import redact_urls
from pytest_orchestrator.errors import GitError
from pytest_orchestrator.git.command import user_git
from pytest_orchestrator.runs.manifest import GitState

_PACKAGES = ("pytest-orchestrator", "pytest", "libcst", "mcp")


def redact(command_line: Sequence[str]) -> tuple[str, ...]:
    """The words of a command line with the user and password of every URL (RFC 3986, 3.2.1) redacted."""
    return tuple(map(redact_urls, command_line))


def find_versions(root: Path) -> Mapping[str, str]:
    """The versions of Python, git and the packages that can change a result. Those not installed are left out."""
    versions = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    with contextlib.suppress(GitError):
        versions["git"] = user_git(root).line("version").removeprefix("git version ")
    return versions


def find_git_state(root: Path) -> GitState | None:
    """The state of the repository around `root`; None when there is none, or git is absent or fails."""
    git = user_git(root)
    try:
        commit = git.call("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        branch = git.call("symbolic-ref", "--quiet", "--short", "HEAD")
        status = git.output("status", "--porcelain=v1", "-z")
    except GitError:
        return None
    return GitState(commit=_line(commit.stdout), branch=_line(branch.stdout), dirty=bool(status))


def _line(output: bytes) -> str | None:
    return output.decode("utf-8", "replace").strip() or None
