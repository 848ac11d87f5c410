"""What messages name: both dates, the command that helps, counts instead of thousands of warnings."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from pytest_orchestrator.errors import GitError
from pytest_orchestrator.spec_guard.reports.formats import render_github
from pytest_orchestrator.spec_guard.reports.report import render_markdown, render_text
from tests.spec_guard.project import TODAY, Project

OLD = TODAY - timedelta(days=10)


def test_date_that_moved_too_little_is_named_with_the_day_of_the_code(project: Project) -> None:
    project.write("src/one.py", "x = 1\n")
    project.spec("a", ["src/one.py"], reviewed=OLD)
    project.commit()
    project.write("src/one.py", "x = 2\n")
    project.spec("a", ["src/one.py"], reviewed=OLD + timedelta(days=3))
    (found,) = project.check(base="HEAD").diagnostics
    assert "last_review moved from 2020-11-10 to 2020-11-13, but src/one.py changed on 2020-11-20" in found.message


@pytest.mark.parametrize("count", [20, 21])
def test_many_warnings_on_other_specs_are_counted(project: Project, count: int) -> None:
    for number in range(count):
        project.spec(f"s{number}", reviewed=TODAY - timedelta(days=25))
    project.commit()
    project.spec("edited", reviewed=TODAY - timedelta(days=25))
    report = project.check(base="HEAD")
    text = render_text(report)
    assert ("specs/s3.md" in text) == ("specs/s3.md" in render_github(report)) == (count == 20)
    assert ("21 warnings on 21 specs that the change does not concern: SG005 21" in text) == (count == 21)
    assert ("spec check --format markdown" in text) == (count == 21)
    assert "specs/edited.md" in text
    assert render_markdown(report).count("SG005") == count + 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("No front matter.", "pytest-orchestrator spec stamp --owner NAME"),
        ("---\nstatus: draft\nlast_review: 2020-11-11\n---\n", "pytest-orchestrator spec stamp --owner NAME"),
        ("---\nid: a\ntitle: T\nstatus: draft\nowners: [ann]\nlast_review: 2020-11-11\nteam: x\n---\n", "x-"),
    ],
)
def test_what_helps_is_named(project: Project, text: str, named: str) -> None:
    project.write("specs/a.md", text)
    assert all(named in item.fix for item in project.check().diagnostics)


def test_partial_clone_is_named(project: Project, tmp_path: Path) -> None:
    project.with_all_rules()
    project.write("src/one.py", "x = 1\n")
    project.spec("a", ["src/one.py"], reviewed=OLD)
    project.commit(day=OLD)
    project.write("src/one.py", "x = 2\n")
    project.commit()
    project.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    command = ["git", "clone", "-q", "--filter=blob:none", f"file://{project.root}", str(clone)]
    subprocess.run(command, check=True, capture_output=True)
    project.root = clone
    with pytest.raises(GitError, match=r"this is a partial clone \(blob:none\).*") as caught:
        project.found(base="HEAD")
    assert "--refetch" in caught.value.fix
