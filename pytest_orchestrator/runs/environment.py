"""The circumstances of a run: versions and the project's git state."""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from pytest_orchestrator.errors import GitError
from pytest_orchestrator.git.command import user_git
from pytest_orchestrator.git.worktree import open_work_tree
from pytest_orchestrator.runs.manifest import GitState

_PATIENCE_S = 5.0
_PACKAGES = ("pytest-orchestrator", "pytest", "libcst", "mcp")


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
    try:
        tree = open_work_tree(root, patience_s=_PATIENCE_S)
        branch = tree.git.call("symbolic-ref", "--quiet", "--short", "HEAD")
        dirty = bool(tree.uncommitted_changes())
    except GitError:
        return None
    return GitState(commit=tree.head, branch=branch.stdout.decode("utf-8", "replace").strip() or None, dirty=dirty)
