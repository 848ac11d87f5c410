from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_orchestrator.commands.patterns.new import Kind, create
from pytest_orchestrator.errors import InputError, UsageError
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.library.cases import load_cases
from pytest_orchestrator.pattern_engine.pattern import read_pattern
from pytest_orchestrator.pattern_engine.testing.checking import CheckResult, check_complete, run_check
from tests.cli.patterns.command import call


@pytest.fixture(scope="module")
def worker() -> Iterator[WorkerHandle]:
    with WorkerHandle() as shared:
        yield shared


@pytest.mark.parametrize("kind", ["codemod", "linter", "template"])
def test_a_new_pattern_passes_its_own_cases(tmp_path: Path, kind: str) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    made = call(tmp_path, "new", "4-new-things", "--kind", kind)
    assert "patterns/4-new-things/pattern.yaml: written" in made.stdout
    call(tmp_path, "test", "4-new-things")


@pytest.mark.parametrize("kind", ["codemod", "linter"])
def test_the_cases_of_a_new_pattern_notice_each_change_of_its_code(tmp_path: Path, kind: str) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    call(tmp_path, "new", "fresh", "--kind", kind)
    tested = call(tmp_path, "test", "fresh", "--mutate")
    assert "100.0%" in tested.stdout


@pytest.mark.parametrize(
    ("id_", "kind"),
    [
        *((id_, "codemod") for id_ in ("4", "none", "null", "on", "0x1f", "2026-01-01", "class", "mix-of-2")),
        ("linter", "linter"),
        ("1e3", "template"),
    ],
)
def test_whatever_its_name_a_new_pattern_works(tmp_path: Path, worker: WorkerHandle, id_: str, kind: Kind) -> None:
    create(tmp_path, id_, kind)
    pattern = read_pattern(tmp_path / "patterns" / id_)
    cases = load_cases(pattern)
    assert check_complete(pattern, worker=worker) == CheckResult(passed=True)
    assert len(cases) >= 1
    assert all(run_check(pattern, case, "output", worker=worker).passed for case in cases)


def test_a_new_pattern_replaces_no_existing_one(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "patterns" / "theirs").mkdir(parents=True)
    call(tmp_path, "new", "mine")
    for taken, message in (
        ("mine", "a pattern with this id exists already"),
        ("no-object-base", "a pattern with this id exists already"),
        ("theirs", "exists already"),
    ):
        again = call(tmp_path, "new", taken, "--kind", "linter", code=2)
        assert message in again.stderr
    assert (tmp_path / "patterns" / "mine" / "cases" / "call" / "after.py").is_file()


@pytest.mark.parametrize("id_", ["Not_An_Id", "../up", "a--b", "a/b", ""])
def test_a_new_pattern_needs_a_proper_id(tmp_path: Path, id_: str) -> None:
    with pytest.raises(UsageError, match="is not a valid id"):
        create(tmp_path, id_, "codemod")
    assert list(tmp_path.iterdir()) == []


def test_a_pattern_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be written"):
        create(tmp_path / "long", "a" * 300, "codemod")
    (tmp_path / "patterns").write_text("")
    with pytest.raises(InputError, match="can't be written"):
        create(tmp_path, "mine", "codemod")


def test_outside_a_project_a_pattern_is_made_where_one_is(tmp_path: Path) -> None:
    call(tmp_path, "new", "mine")
    assert (tmp_path / "patterns" / "mine" / "pattern.yaml").is_file()
