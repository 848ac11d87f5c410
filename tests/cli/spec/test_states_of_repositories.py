"""Every verb says when there is no repository, commit or spec, and works in a subfolder and at a detached HEAD."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import run
from tests.spec_guard.project import TODAY, Project

ASKING = (
    "check",
    "list",
    "forecast",
    "forecast --format=ics",
    "review --stale --by=ann --yes",
    "review --level=2",
    "stamp --owner=ann",
    "suggest-covers",
    "suggest-covers --measure",
)
VERBS = (*ASKING, "index", "baseline", "replay", "new x --title=X --owner=ann", "init")


def _words(verb: str) -> tuple[str, ...]:
    return (*(() if verb == "init" else ("spec",)), *verb.split())


def _project(root: Path) -> Project:
    root.mkdir()
    project = Project(root)
    project.write("src/a.py", "A = 1\n")
    project.spec("a", ["src/a.py"], reviewed=TODAY)
    return project


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_said_of_a_folder_without_a_repository(tmp_path: Path, verb: str) -> None:
    result = run(tmp_path, *_words(verb), code=2)
    assert "is not in a git repository" in result.stderr
    assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_said_of_a_bare_repository(tmp_path: Path, verb: str) -> None:
    subprocess.run(["git", "init", "-q", "--bare", tmp_path / "a.git"], check=True)
    before = sorted((tmp_path / "a.git").rglob("*"))
    result = run(tmp_path / "a.git", *_words(verb), code=2)
    assert "which git takes for a bare repository" in result.stderr
    assert sorted((tmp_path / "a.git").rglob("*")) == before


@pytest.mark.parametrize("verb", ASKING[1:])
def test_nothing_is_said_of_a_repository_without_specs(tmp_path: Path, verb: str) -> None:
    Project(tmp_path)
    result = run(tmp_path, *_words(verb), code=2)
    assert "there is no spec in tasks/specs, specs, docs/specs, below " in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("verb", VERBS)
def test_repository_without_a_commit_is_judged(tmp_path: Path, verb: str) -> None:
    project = _project(tmp_path / "a")
    arguments = (*_words(verb), *(("--yes",) if verb == "init" else ()))
    result = run(project.root, *arguments)
    if verb == "replay":
        assert (result.returncode, "there is no commit yet to replay" in result.stderr) == (2, True)
    else:
        assert result.returncode == (1 if verb in ("check", "baseline") else 0), result.stdout + result.stderr


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("detached", [False, True], ids=["subfolder", "detached"])
def test_subfolder_and_detached_head_make_no_difference(tmp_path: Path, verb: str, detached: bool) -> None:
    project = _project(tmp_path / "a")
    project.commit()
    arguments = (*_words(verb), *(("--yes",) if verb == "init" else ()))
    clone = tmp_path / "clones/a"  # the calendar holds the name of the project
    subprocess.run(["git", "clone", "-q", project.root, clone], check=True)
    subprocess.run(["git", "remote", "remove", "origin"], cwd=clone, check=True)
    expected = run(project.root, *arguments)
    if detached:
        subprocess.run(["git", "checkout", "-q", "--detach"], cwd=clone, check=True)
    found = run(clone / ("" if detached else "src"), *arguments)
    assert (found.returncode, found.stdout) == (expected.returncode, expected.stdout)


def test_replay_of_a_shallow_clone_says_that_commits_are_missing(tmp_path: Path) -> None:
    project = _project(tmp_path / "a")
    project.commit()
    project.write("src/a.py", "A = 2\n")
    project.commit()
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{project.root}", tmp_path / "b"], check=True)
    result = run(tmp_path / "b", "spec", "replay", code=0)
    assert "not checked: this clone is shallow" in result.stdout


def test_path_that_is_no_spec_is_not_stamped_in_silence(tmp_path: Path) -> None:
    project = _project(tmp_path / "a")
    assert "src is not a spec" in run(project.root, "spec", "stamp", "src", code=2).stderr


def test_reviews_are_recorded_whole_when_nobody_reads_the_output(tmp_path: Path) -> None:
    project = _project(tmp_path / "a")
    for name in "bcd":
        project.spec(name, reviewed=TODAY)
    project.commit()
    reading, writing = os.pipe()
    os.close(reading)  # the first line that is printed fails
    with os.fdopen(writing, "wb") as closed:
        command = [sys.executable, "-m", "pytest_orchestrator", "spec", "review", "specs", "--by=ann", "--bulk"]
        subprocess.run(command, cwd=project.root, stdout=closed, check=False)
    assert len((project.root / "tasks/reviews.jsonl").read_text().splitlines()) == 4


def test_review_of_several_specs_is_recorded_for_all_or_for_none(tmp_path: Path) -> None:
    project = _project(tmp_path / "a")
    project.spec("b", reviewed=TODAY)
    project.write("specs/z.md", (project.root / "specs/b.md").read_text().replace("[ann]", "[bob]"))
    project.commit()
    assert (
        "'ann' is not an owner of specs/z.md" in run(project.root, "spec", "review", "specs", "--by=ann", code=2).stderr
    )
    assert project.git("status", "--porcelain") == ""
