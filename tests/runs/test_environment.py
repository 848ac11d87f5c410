from __future__ import annotations

import subprocess
from importlib import metadata
from pathlib import Path

import pytest

from pytest_orchestrator.runs.environment import find_git_state, find_versions


def git(root: Path, *arguments: str) -> str:
    completed = subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True)
    return completed.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    return tmp_path


def test_git_state_names_commit_branch_and_whether_the_tree_is_clean(repository: Path) -> None:
    (repository / "a").write_text("a")
    git(repository, "add", "a")
    git(repository, "commit", "-q", "-m", "a")
    state = find_git_state(repository)
    assert state is not None
    assert (state.commit, state.branch, state.dirty) == (git(repository, "rev-parse", "HEAD"), "main", False)

    (repository / "b").write_text("b")
    git(repository, "checkout", "-q", "--detach")
    state = find_git_state(repository)
    assert state is not None
    assert (state.branch, state.dirty) == (None, True)


def test_git_state_before_the_first_commit_has_no_commit(repository: Path) -> None:
    state = find_git_state(repository)
    assert state is not None
    assert (state.commit, state.branch) == (None, "main")


def test_there_is_no_git_state_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert find_git_state(tmp_path) is None


def test_there_is_no_git_state_and_no_git_version_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_git_state(tmp_path) is None
    assert "git" not in find_versions(tmp_path)


def test_versions_are_those_installed(tmp_path: Path) -> None:
    versions = find_versions(tmp_path)
    assert versions["pytest"] == metadata.version("pytest")
    assert {"python", "pytest-orchestrator", "libcst", "mcp", "git"} <= versions.keys()
