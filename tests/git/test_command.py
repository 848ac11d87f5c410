from __future__ import annotations

from pathlib import Path

import pytest

from pytest_orchestrator.errors import GitError
from pytest_orchestrator.git.command import sealed_git, user_git


def repository(root: Path) -> Path:
    root.mkdir()
    git = sealed_git(root / ".git", work_tree=root)
    git.output("init", "--quiet", "--initial-branch=main")
    (root / "a.txt").write_text("a\n")
    git.output("add", "a.txt")
    git.output("commit", "--quiet", "--message=first")
    return root


def test_gits_message_is_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(GitError, match=r"git rev-parse failed: .*not a git repository"):
        user_git(tmp_path).output("--literal-pathspecs", "rev-parse", "HEAD")


def test_missing_git_is_an_error_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="git is not installed\n  fix: install git"):
        user_git(tmp_path).output("status")


@pytest.mark.parametrize("verb", ["add", "checkout", "commit", "fetch", "gc", "stash", "submodule"])
def test_a_users_repository_is_only_read(tmp_path: Path, verb: str) -> None:
    with pytest.raises(ValueError, match=f"git {verb} is not in the list of what git may do"):
        user_git(repository(tmp_path / "repository")).call("--literal-pathspecs", verb)


def test_a_sealed_call_uses_only_its_own_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path / "repository")
    configuration = tmp_path / "gitconfig"
    configuration.write_text("[user]\n\tname = Somebody\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody")
    git = sealed_git(root / ".git", work_tree=root)
    assert git.line("rev-parse", "--is-inside-work-tree") == "true"
    assert "Somebody" not in git.line("var", "GIT_AUTHOR_IDENT")


def test_new_objects_can_be_kept_out_of_the_repository(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    git = sealed_git(root / ".git", objects=scratch)
    blob = git.output("hash-object", "-w", "--stdin", input=b"new\n").decode().strip()
    assert git.output("cat-file", "blob", blob) == b"new\n"
    assert git.line("rev-parse", "HEAD:a.txt")
    with pytest.raises(GitError):
        sealed_git(root / ".git").output("cat-file", "blob", blob)
