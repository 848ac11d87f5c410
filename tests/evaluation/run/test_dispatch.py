from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_orchestrator.errors import UsageError
from pytest_orchestrator.evaluation.outcome import Errored
from pytest_orchestrator.evaluation.plan.case import Case
from pytest_orchestrator.evaluation.plan.evaluation import open_evaluation
from pytest_orchestrator.evaluation.run.dispatch import Dispatch
from pytest_orchestrator.fixture_store.store import Store
from tests.evaluation.project import Project


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A case of a test agent's."""
    monkeypatch.setenv("PYTEST_ORCHESTRATOR_STORE", str(tmp_path / "store"))
    project = Project(tmp_path, Store(tmp_path / "store"))
    project.pin()
    project.patterns()
    project.agent("helper", "as_told.py", "edit")
    (case,) = open_evaluation(tmp_path).plan(project.scenario(agents=["helper"]))
    return case


@pytest.fixture
def dispatch() -> Iterator[Dispatch]:
    dispatch = Dispatch(library=(), jobs=1, cluster=None)
    yield dispatch
    dispatch.end()


def changed(case: Case, **changes: Any) -> Case:
    return replace(case, **changes)


def test_a_case_that_was_not_submitted_starts_when_it_is_waited_for(case: Case, dispatch: Dispatch) -> None:
    assert dispatch.wait(case).observation is not None
    assert dispatch.wait(case).observation is not None


def test_a_bug_of_ours_in_a_case_is_an_error_with_its_traceback(case: Case, dispatch: Dispatch) -> None:
    broken = changed(case, paths=(3,))
    dispatch.submit([broken], tell=pytest.fail)
    verdict = dispatch.wait(broken).verdict
    assert isinstance(verdict, Errored)
    assert verdict.message.startswith("the case could not be run: TypeError: ")
    assert "Traceback" in verdict.details["traceback"]


def test_what_still_waits_when_a_run_ends_is_cancelled(case: Case) -> None:
    dispatch = Dispatch(library=(), jobs=1, cluster=None)
    cases = [changed(case, name=f"{number}") for number in range(5)]
    dispatch.submit(cases, tell=pytest.fail)
    dispatch.end()
    verdicts = [dispatch.wait(each).verdict for each in cases]
    assert Errored(message="the case was cancelled") in verdicts


def test_nothing_to_do_starts_nothing(dispatch: Dispatch) -> None:
    dispatch.submit([], tell=pytest.fail)


@pytest.mark.parametrize("jobs", [0, -1])
def test_no_jobs_are_a_usage_error(jobs: int) -> None:
    with pytest.raises(UsageError, match="leaves nobody to run a case"):
        Dispatch(library=(), jobs=jobs, cluster=None)
