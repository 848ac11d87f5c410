from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.patterns.command import call

CODEMODS = ("4-new-things", "4", "none", "null", "on", "0x1f", "2026-01-01", "class", "mix-of-2")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    return tmp_path


def test_new_patterns_pass_their_own_cases_whatever_their_names(project: Path) -> None:
    for id_, kind in [*((id_, "codemod") for id_ in CODEMODS), ("linter", "linter"), ("1e3", "template")]:
        made = call(project, "new", id_, "--kind", kind)
        assert f"patterns/{id_}/pattern.yaml: written" in made.stdout
    call(project, "test")


def test_the_cases_of_new_patterns_notice_each_change_of_their_code(project: Path) -> None:
    for kind in ("codemod", "linter"):
        call(project, "new", f"fresh-{kind}", "--kind", kind)
    assert call(project, "test", "--mutate").stdout.count("100.0%") == 2


def test_a_new_pattern_replaces_no_existing_one(project: Path) -> None:
    (project / "patterns" / "theirs").mkdir(parents=True)
    call(project, "new", "mine")
    for taken, message in (
        ("mine", "a pattern with this id exists already"),
        ("no-object-base", "a pattern with this id exists already"),
        ("theirs", "exists already"),
    ):
        again = call(project, "new", taken, "--kind", "linter", code=2)
        assert message in again.stderr
    assert (project / "patterns" / "mine" / "cases" / "call" / "after.py").is_file()


@pytest.mark.parametrize("id_", ["Not_An_Id", "../up", "a--b", "a/b", ""])
def test_a_new_pattern_needs_a_proper_id(project: Path, id_: str) -> None:
    assert "is not a valid id" in call(project, "new", id_, code=2).stderr
    assert not (project / "patterns").exists()


def test_a_pattern_that_cannot_be_written_is_bad_input(project: Path) -> None:
    assert "can't be written" in call(project, "new", "a" * 300, code=2).stderr
    (project / "patterns").write_text("")
    assert "can't be written" in call(project, "new", "mine", code=2).stderr


def test_outside_a_project_a_pattern_is_made_where_one_is(tmp_path: Path) -> None:
    call(tmp_path, "new", "mine")
    assert (tmp_path / "patterns" / "mine" / "pattern.yaml").is_file()
