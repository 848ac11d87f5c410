"""What a change is compared with, in real clones."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pytest_orchestrator.errors import GitError
from tests.spec_guard.project import Project

SILENT = ["SG007 specs/a.md"]


@pytest.fixture
def clone(project: Project, tmp_path: Path) -> Project:
    """A clone of a project, on the branch `topic` with one commit that changes covered code."""
    project.spec("a", ["src/"])
    project.write("src/one.py", "1")
    project.commit()
    project.commit()
    return _clone(project, tmp_path / "clone")


def _clone(project: Project, where: Path, *options: str) -> Project:
    project.git("clone", "-q", *options, project.root.as_uri(), str(where))
    cloned = Project.__new__(Project)
    cloned.root, cloned.settings, cloned.environ = where, project.settings, {}
    cloned.git("checkout", "-q", "-b", "topic")
    cloned.write("src/one.py", "11")
    cloned.commit()
    return cloned


def _base(project: Project, base: str | None = None) -> tuple[str, str]:
    compared = project.check(base=base).compared
    assert compared is not None
    return compared.base, compared.source


def test_default_branch_of_the_remote_is_the_base(clone: Project) -> None:
    assert _base(clone) == ("the default branch of origin", "the remote's default branch")
    assert clone.found() == SILENT


@pytest.mark.parametrize("branch", ["main", "master"])
def test_main_or_master_replaces_an_unknown_default_branch(clone: Project, branch: str) -> None:
    clone.git("remote", "set-head", "origin", "--delete")
    clone.git("update-ref", f"refs/remotes/origin/{branch}", "refs/remotes/origin/main")
    if branch == "master":
        clone.git("update-ref", "-d", "refs/remotes/origin/main")
    assert _base(clone)[0] == f"origin/{branch}"
    assert clone.found() == SILENT


def test_another_remote_replaces_origin(clone: Project) -> None:
    clone.git("remote", "rename", "origin", "upstream")
    assert _base(clone)[0] in ("the default branch of upstream", "upstream/main")


def test_remote_whose_branches_were_never_fetched_is_an_error(project: Project) -> None:
    project.spec("a")
    project.commit()
    project.git("remote", "add", "origin", "https://example.org/x.git")
    with pytest.raises(GitError, match="default branch of the remote origin is not known here") as caught:
        project.check()
    assert "git remote set-head origin --auto" in caught.value.fix
    assert project.found(base="HEAD") == []


def test_without_a_remote_only_what_is_not_committed_counts(project: Project) -> None:
    project.spec("a", ["src/"])
    project.commit()
    project.write("src/one.py", "1")
    assert _base(project) == ("HEAD", "there is no remote: only uncommitted changes count")
    assert project.found() == SILENT
    project.commit()
    assert project.found() == []


def test_before_the_first_commit_everything_is_new(project: Project) -> None:
    project.spec("a", ["src/"])
    project.write("src/one.py", "1")
    report = project.check()
    assert not report.diagnostics
    assert report.compared is not None
    assert report.compared.commit is None
    assert report.compared.changed_files == 2
    with pytest.raises(GitError, match="no commit yet"):
        project.check(base="HEAD")


def test_named_base_comes_first(clone: Project) -> None:
    clone.environ = {"GITHUB_BASE_REF": "main"}
    assert _base(clone, "HEAD") == ("HEAD", "as given")
    assert clone.found(base="HEAD") == []
    assert clone.found(base="origin/main") == SILENT


@pytest.mark.parametrize("base", ["nowhere", "", "--help", "HEAD:src/one.py"])
def test_named_base_that_is_no_commit_is_an_error(clone: Project, base: str) -> None:
    with pytest.raises(GitError, match="is not a commit of this clone"):
        clone.check(base=base)


def _commit(clone: Project) -> str:
    return clone.git("rev-parse", "origin/main")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GITHUB_BASE_REF", "main"),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "COMMIT"),
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
        ("CI_COMMIT_BEFORE_SHA", "COMMIT"),
        ("BITBUCKET_PR_DESTINATION_BRANCH", "main"),
        ("BITBUCKET_PR_DESTINATION_COMMIT", "COMMIT"),
        ("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"),
        ("CHANGE_TARGET", "main"),
        ("GIT_PREVIOUS_SUCCESSFUL_COMMIT", "COMMIT"),
        ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "main"),
    ],
)
def test_the_base_is_taken_from_ci_variables(clone: Project, variable: str, value: str) -> None:
    clone.git("remote", "set-head", "origin", "--delete")
    clone.environ = {variable: _commit(clone) if value == "COMMIT" else value}
    assert _base(clone)[1].endswith(f", {variable}")
    assert clone.found() == SILENT


def _event(clone: Project, payload: object) -> None:
    path = clone.root.parent / "event.json"
    path.write_text(json.dumps(payload))
    clone.environ = {"GITHUB_EVENT_PATH": str(path)}


def test_push_is_compared_with_what_was_there_before(clone: Project) -> None:
    _event(clone, {"before": clone.git("rev-parse", "HEAD")})
    clone.write("specs/a.md", (clone.root / "specs/a.md").read_bytes() + b"more")
    assert _base(clone)[1] == "GitHub Actions, GITHUB_EVENT_PATH"
    assert clone.check().compared
    assert clone.found() == []


def test_merge_group_is_compared_with_its_base(clone: Project) -> None:
    _event(clone, {"merge_group": {"base_sha": _commit(clone)}})
    assert clone.found() == SILENT


@pytest.mark.parametrize(
    "payload",
    [
        {"before": "0" * 40},
        {"before": "1" * 40, "forced": True},
        {"before": "1" * 40, "pull_request": {}},
        {"schedule": "0 0 * * *"},
        {"merge_group": 3},
        ["no event"],
    ],
)
def test_event_that_names_no_base_leaves_it_to_the_next_source(clone: Project, payload: object) -> None:
    _event(clone, payload)
    assert _base(clone)[1] == "the remote's default branch"


def test_event_file_that_can_not_be_read_is_an_error(clone: Project) -> None:
    clone.environ = {"GITHUB_EVENT_PATH": "/nonexistent/event.json"}
    with pytest.raises(GitError, match="event of GitHub Actions can't be read"):
        clone.check()


@pytest.mark.parametrize(
    "environ",
    [
        {"GITHUB_BASE_REF": "release"},
        {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "1" * 40, "CI_COMMIT_BEFORE_SHA": "0" * 40},
        {"CHANGE_TARGET": "gone", "GIT_PREVIOUS_SUCCESSFUL_COMMIT": "2" * 40},
    ],
)
def test_base_that_ci_names_and_the_clone_lacks_is_an_error(clone: Project, environ: dict[str, str]) -> None:
    clone.environ = environ
    with pytest.raises(GitError, match="is not in this clone") as caught:
        clone.check()
    assert "fetch-depth: 0" in caught.value.fix


def test_second_variable_of_a_service_replaces_the_first(clone: Project) -> None:
    clone.environ = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "1" * 40, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}
    assert _base(clone)[0] == "origin/main"


def test_empty_variables_are_ignored(clone: Project) -> None:
    clone.environ = {"GITHUB_BASE_REF": "", "CHANGE_TARGET": ""}
    assert _base(clone)[1] == "the remote's default branch"


def test_shallow_clone_that_hides_the_fork_is_an_error(project: Project, tmp_path: Path) -> None:
    project.spec("a", ["src/"])
    project.commit()
    project.git("checkout", "-q", "-b", "topic")
    project.write("src/one.py", "1")
    project.commit()
    project.git("checkout", "-q", "main")
    project.commit()
    where = tmp_path / "shallow"
    options = ("--depth", "1", "--no-single-branch", "--branch", "topic")
    project.git("clone", "-q", *options, project.root.as_uri(), str(where))
    project.root = where
    with pytest.raises(GitError, match="this clone is shallow, so it does not contain") as caught:
        project.check()
    assert "git fetch --unshallow" in caught.value.fix
    project.git("fetch", "-q", "--unshallow")
    assert project.found() == SILENT


def test_histories_without_a_common_commit_are_an_error(clone: Project) -> None:
    clone.git("checkout", "-q", "--orphan", "island")
    clone.commit()
    with pytest.raises(GitError, match="have no commit in common"):
        clone.check()


def test_git_trouble_is_an_error_even_when_no_spec_covers_anything(tmp_path: Path) -> None:
    project = Project.__new__(Project)
    project.root, project.environ = tmp_path / "plain", {}
    from pytest_orchestrator.config import SpecGuardSettings

    project.settings = SpecGuardSettings()
    project.spec("a")
    with pytest.raises(GitError, match="is not in a git repository") as caught:
        project.check()
    assert "git init" in caught.value.fix


def test_git_that_is_not_installed_is_an_error(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.spec("a")
    monkeypatch.setenv("PATH", str(project.root))
    with pytest.raises(GitError, match="git is not installed"):
        project.check()


def test_repository_that_git_can_not_read_is_an_error(project: Project) -> None:
    project.spec("a")
    project.commit()
    (project.root / ".git/HEAD").write_text("nonsense")
    with pytest.raises(GitError):
        project.check()


def test_missing_objects_are_an_error(project: Project) -> None:
    project.spec("a")
    project.commit()
    project.spec("a", body="more")
    for folder in (project.root / ".git/objects").iterdir():
        shutil.rmtree(folder)
    with pytest.raises(GitError):
        project.check()


def test_configuration_of_the_repository_runs_nothing(project: Project) -> None:
    project.spec("a", ["src/"])
    project.commit()
    project.spec("a", ["src/"], body="more")
    for key in ("core.fsmonitor", "diff.external", "core.pager"):
        project.git("config", key, f"touch {project.root}/pwned; true")
    hook = project.write(".git/hooks/post-index-change", f"#!/bin/sh\ntouch {project.root}/pwned\n")
    hook.chmod(0o755)
    project.check()
    assert not (project.root / "pwned").exists()
