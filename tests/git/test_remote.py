"""Fetching one commit from real repositories over `file://`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_orchestrator.errors import GitError, UsageError
from pytest_orchestrator.git.command import sealed_git
from pytest_orchestrator.git.remote import fetch_commit


def _silent(_done: int, _total: int | None) -> None:
    pass


class Origin:
    """Somebody's repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q", "-b", "main")
        self.git("config", "uploadpack.allowAnySHA1InWant", "true")

    @property
    def url(self) -> str:
        return self.folder.as_uri()

    def git(self, *arguments: str) -> str:
        run = subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True, text=True)
        return run.stdout.strip()

    def commit(self, **files: str) -> str:
        """Commit files, and say the commit's id."""
        for name, text in files.items():
            (self.folder / f"{name}.py").write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    return Origin(tmp_path / "origin")


def test_one_commit_is_fetched_without_its_history(origin: Origin, tmp_path: Path) -> None:
    first = origin.commit(a="1\n")
    middle = origin.commit(a="2\n")
    origin.commit(a="3\n")
    seen: list[tuple[int, int | None]] = []

    tree = fetch_commit(origin.url, middle, into=tmp_path / "into", progress=lambda *step: seen.append(step))

    assert tree == origin.git("rev-parse", f"{middle}^{{tree}}")
    git = sealed_git(tmp_path / "into")
    assert git.output("cat-file", "blob", f"{middle}:a.py") == b"2\n"
    assert git.call("cat-file", "-e", first).returncode != 0
    assert seen
    assert seen[-1] == (3, 3)


def test_commit_that_the_server_lacks_is_an_error(origin: Origin, tmp_path: Path) -> None:
    origin.commit(a="1\n")

    with pytest.raises(GitError, match=f"refuses to send the commit {'1' * 40}") as caught:
        fetch_commit(origin.url, "1" * 40, into=tmp_path / "into", progress=_silent)

    assert "allowReachableSHA1InWant" in caught.value.fix


def test_server_that_refuses_commits_by_id_is_an_error(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Protocol version 2 always gives them; older servers speak 0 and give what their branches and tags point at.
    old = origin.commit(a="1\n")
    tip = origin.commit(a="2\n")
    origin.git("config", "uploadpack.allowAnySHA1InWant", "false")
    config = tmp_path / "config"
    config.write_text("[protocol]\nversion = 0\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))

    fetch_commit(origin.url, tip, into=tmp_path / "tip", progress=_silent)
    with pytest.raises(GitError, match=f"refuses to send the commit {old}"):
        fetch_commit(origin.url, old, into=tmp_path / "old", progress=_silent)


def test_object_that_is_not_a_commit_is_an_error(origin: Origin, tmp_path: Path) -> None:
    origin.commit(a="1\n")
    tree = origin.git("rev-parse", "HEAD^{tree}")

    with pytest.raises(GitError):
        fetch_commit(origin.url, tree, into=tmp_path / "tree", progress=_silent)
    origin.git("tag", "-a", "v1", "-m", "a tag")
    tag = origin.git("rev-parse", "v1")
    with pytest.raises(GitError, match=f"has an object {tag} that is not a commit"):
        fetch_commit(origin.url, tag, into=tmp_path / "tag", progress=_silent)


@pytest.mark.parametrize("url", ["ext::sh -c touch% {}", "http://127.0.0.1/x.git", "/plain/path", "git://host/x", "-u"])
def test_other_protocols_are_refused(tmp_path: Path, url: str) -> None:
    marker = tmp_path / "was-run"

    with pytest.raises(GitError, match="is not an https, ssh or file URL"):
        fetch_commit(url.format(marker), "1" * 40, into=tmp_path / "into", progress=_silent)

    assert not marker.exists()
    assert not (tmp_path / "into").exists()


def test_redirection_to_a_program_by_configuration_is_refused(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "was-run"
    config = tmp_path / "config"
    config.write_text(f'[url "ext::touch {marker} #"]\ninsteadOf = file://\n[protocol]\nallow = always\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "ext")

    with pytest.raises(GitError, match="not allowed"):
        fetch_commit(origin.url, origin.commit(a="1\n"), into=tmp_path / "into", progress=_silent)

    assert not marker.exists()


def test_environment_of_a_git_hook_is_not_obeyed(
    origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = origin.commit(a="1\n")
    bystander = Origin(tmp_path / "bystander")
    before = sorted(bystander.folder.rglob("*"))
    monkeypatch.setenv("GIT_DIR", str(bystander.folder / ".git"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(bystander.folder / ".git" / "objects"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(bystander.folder / ".git" / "index"))

    fetch_commit(origin.url, commit, into=tmp_path / "into", progress=_silent)

    assert sorted(bystander.folder.rglob("*")) == before


def test_users_ssh_command_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = tmp_path / "spoken"
    script = tmp_path / "ssh"
    script.write_text(f'#!/bin/sh\necho "$@" > {spoken}\nexit 1\n')
    script.chmod(0o755)
    config = tmp_path / "config"
    config.write_text(f"[core]\nsshCommand = {script}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))

    with pytest.raises(GitError, match=r"ssh://\*\*\*@host\.invalid/x\.git can't be fetched from"):
        fetch_commit("ssh://git@host.invalid/x.git", "1" * 40, into=tmp_path / "one", progress=_silent)

    assert "git@host.invalid" in spoken.read_text()
    spoken.unlink()
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    (tmp_path / "bin").mkdir()
    script.rename(tmp_path / "bin" / "ssh")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(GitError):
        fetch_commit("ssh://git@host.invalid/x.git", "1" * 40, into=tmp_path / "two", progress=_silent)
    assert "BatchMode=yes" in spoken.read_text()


def test_no_message_holds_the_credentials_of_the_url(tmp_path: Path) -> None:
    with pytest.raises(GitError, match=r"https://\*\*\*@127\.0\.0\.1:9/x\?token=\*\*\*") as caught:
        fetch_commit("https://me:s3cret@127.0.0.1:9/x?token=s3cret", "1" * 40, into=tmp_path / "a", progress=_silent)

    assert "s3cret" not in str(caught.value)


def test_without_gitpython_the_extra_that_brings_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "git", None)

    with pytest.raises(UsageError, match="'gitpython' is not installed") as caught:
        fetch_commit("https://127.0.0.1:9/x", "1" * 40, into=tmp_path / "a", progress=_silent)

    assert caught.value.fix == "pip install 'pytest-orchestrator[evaluate]'"
