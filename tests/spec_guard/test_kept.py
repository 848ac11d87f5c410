"""What is kept in the git directory speeds up, and changes no verdict."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pytest_orchestrator.spec_guard import kept_documents
from pytest_orchestrator.spec_guard.kept_documents import StoredSpec
from tests.spec_guard.project import TODAY, Project


def _kept(project: Project, pattern: str) -> list[Path]:
    return sorted((project.root / ".git/pytest-orchestrator").glob(pattern))


@pytest.fixture
def clean(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(kept_documents, "WORTHWHILE", 0)
    monkeypatch.setattr("pytest_orchestrator.spec_guard.inspection.WORTHWHILE", 0)
    project.with_all_rules()
    project.write("src/a.py", "x = 1\n")
    project.spec("a", ["src/a.py"], reviewed=TODAY - timedelta(days=25), body="See [this](gone.md).")
    project.spec("b", reviewed=TODAY - timedelta(days=60))
    project.commit(day=TODAY - timedelta(days=60))
    return project


def test_second_verdict_is_the_first_one(clean: Project) -> None:
    first = clean.check()
    assert len(_kept(clean, "report-*")) == 1
    assert clean.check() == first
    assert {item.rule for item in first.diagnostics} == {"SG005", "SG018"}


def test_verdict_is_not_kept_beyond_what_it_depends_on(clean: Project) -> None:
    first = clean.check()
    assert clean.check(max_age_days=90) != first
    assert clean.check("specs/a.md") != first
    clean.write("src/a.py", "x = 2\n")
    assert "SG007 specs/a.md" in clean.found()
    clean.commit()
    assert "SG011? specs/a.md" in clean.found()


def test_damaged_files_are_not_believed(clean: Project) -> None:
    first = clean.check()
    for path in _kept(clean, "*"):
        path.write_bytes(b"{}")
    assert clean.check() == first
    for path in _kept(clean, "*"):
        path.write_bytes(b"\xff" * 200)
    assert clean.check() == first


def test_specs_are_taken_from_what_was_kept_and_read_when_they_changed(clean: Project) -> None:
    clean.check()
    clean.write("new.txt", "x")  # nothing is as committed, so that no verdict is kept
    assert {item.rule for item in clean.check().diagnostics} == {"SG005", "SG018"}
    text = (clean.root / "specs/b.md").read_text()
    clean.write("specs/b.md", text.replace("id: b", "id: a"))
    assert "SG006 specs/b.md" in clean.found()


def test_stored_spec_is_the_spec(clean: Project) -> None:
    from pytest_orchestrator.spec_guard.inspection import Inspection

    clean.check()
    clean.write("new.txt", "x")
    inspection = Inspection(clean.root, settings=clean.settings, today=TODAY, environ={})
    stored = inspection.change_context.specs[0]
    assert isinstance(stored, StoredSpec)
    read = Inspection(clean.root, settings=clean.settings, today=TODAY, environ={}).document("specs/a.md")
    for name in ("path", "declaration", "last_review", "extra", "body_line", "problems", "body"):
        assert getattr(stored, name) == getattr(read, name)
    assert dict(stored.lines) == dict(read.lines)


def test_git_directory_that_cannot_be_written_changes_nothing(clean: Project) -> None:
    """A file stands where the folder is to be: what even root can't write into."""
    clean.write(".git/pytest-orchestrator", "")
    first = clean.check()
    assert {item.rule for item in first.diagnostics} == {"SG005", "SG018"}
    assert clean.check() == first
    assert (clean.root / ".git/pytest-orchestrator").read_bytes() == b""


def test_rules_of_others_are_asked_every_time(clean: Project) -> None:
    from pytest_orchestrator.spec_guard.rules.rule import Rule

    clean.rules = (*clean.rules, Rule(id="TEAM1", reason="r", fix="f", docs="d"))
    clean.check()
    assert _kept(clean, "report-*") == []
