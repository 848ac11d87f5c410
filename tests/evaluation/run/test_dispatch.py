from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from pytest_orchestrator.evaluation.outcome import Errored
from pytest_orchestrator.evaluation.plan.case import Case
from pytest_orchestrator.evaluation.plan.evaluation import open_evaluation
from pytest_orchestrator.evaluation.run.dispatch import Dispatch
from pytest_orchestrator.fixture_store.store import Store
from tests.evaluation.project import Project
from tests.fixture_store.archives import pin_of, sdist
from tests.fixture_store.package_index import PackageIndex, serving
from tests.waiting import wait_until, wait_until_gone


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with a pin and a pattern."""
    monkeypatch.setenv("PYTEST_ORCHESTRATOR_STORE", str(tmp_path / "store"))
    project = Project(tmp_path, Store(tmp_path / "store"))
    project.pin()
    project.patterns()
    return project


@pytest.fixture
def case(project: Project, tmp_path: Path) -> Case:
    """A case of a test agent's."""
    project.agent("helper", "as_told.py", "edit")
    (case,) = open_evaluation(tmp_path).plan(project.scenario(agents=["helper"]))
    return case


@pytest.fixture
def dispatch() -> Iterator[Dispatch]:
    dispatch = Dispatch(library=(), jobs=1, cluster=None)
    yield dispatch
    dispatch.end()


def wait_for_agents(folder: Path, count: int) -> list[int]:
    """The process ids of `count` slow agents, once all of them work."""
    wait_until(lambda: len(list(folder.glob("agent-*"))) >= count)
    return [int(agent.name.partition("-")[2]) for agent in folder.glob("agent-*")]


def test_a_case_that_was_not_submitted_starts_when_it_is_waited_for(case: Case, dispatch: Dispatch) -> None:
    assert dispatch.wait(case).observation is not None
    assert dispatch.wait(case).observation is not None


def test_a_bug_of_ours_in_a_case_is_an_error_with_its_traceback(case: Case, dispatch: Dispatch) -> None:
    broken = replace(case, paths=cast("tuple[str, ...]", (3,)))
    dispatch.select([broken], tell=pytest.fail)
    verdict = dispatch.wait(broken).verdict
    assert isinstance(verdict, Errored)
    assert verdict.message.startswith("the case could not be run: TypeError: ")
    assert "Traceback" in verdict.details["traceback"]


def test_ending_kills_the_agents_that_run_and_cancels_the_cases_that_wait(project: Project, tmp_path: Path) -> None:
    project.agent("snail", "as_told.py", "slow", str(tmp_path))
    (case,) = open_evaluation(tmp_path).plan(project.scenario("slow", agents=["snail"]))
    cases = [replace(case, name=str(number)) for number in range(4)]
    dispatch = Dispatch(library=(), jobs=2, cluster=None)
    dispatch.select(cases, tell=pytest.fail)
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(dispatch.wait, cases[0])
        agents = wait_for_agents(tmp_path, 2)
        dispatch.end()
        first.result()
    verdicts = [dispatch.wait(each).verdict for each in cases]
    messages = [verdict.message.partition(" (")[0] for verdict in verdicts if isinstance(verdict, Errored)]
    assert messages == ["agent 'snail' was killed"] * 2 + ["the case was cancelled"] * 2
    for agent in agents:
        wait_until_gone(agent)


def test_a_run_that_is_aborted_starts_no_agent(project: Project, tmp_path: Path, dispatch: Dispatch) -> None:
    project.agent("snail", "as_told.py", "slow", str(tmp_path))
    (case,) = open_evaluation(tmp_path).plan(project.scenario("slow", agents=["snail"]))
    dispatch.abort()
    assert dispatch.wait(case).verdict == Errored(message="the run was aborted", agent="snail")
    assert not list(tmp_path.glob("agent-*"))


@pytest.fixture
def unfetched(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[PackageIndex, list[Case]]]:
    """An index, and cases whose pins must be fetched from it: more than are fetched at once."""
    names = [f"absent{number}" for number in range(6)]
    for name in names:
        project.lock(pin_of(sdist(), name=name))
    project.agent("helper", "as_told.py", "edit")
    for variable in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    cases = open_evaluation(tmp_path).plan(project.scenario("fetching", agents=["helper"], fixtures=names))
    with serving(PackageIndex()) as index:
        monkeypatch.setenv("PIP_INDEX_URL", index.url)
        yield index, list(cases)


def test_a_run_that_is_aborted_fetches_nothing(unfetched: tuple[PackageIndex, list[Case]], dispatch: Dispatch) -> None:
    index, cases = unfetched
    dispatch.abort()
    dispatch.select(cases, tell=print)
    assert index.requests == []
    assert dispatch.wait(cases[0]).verdict == Errored(message="the run was aborted")


def test_ctrl_c_cancels_the_fetches_that_wait(unfetched: tuple[PackageIndex, list[Case]], dispatch: Dispatch) -> None:
    index, cases = unfetched

    def page(_project: str) -> bytes:
        if not index.stalled.is_set():
            index.stalled.set()
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        index.release.wait(60)
        return b""

    before = set(threading.enumerate())
    index.page = page  # type: ignore[method-assign, assignment]  # an index that answers late
    with pytest.raises(KeyboardInterrupt):
        dispatch.select(cases, tell=print)
    index.release.set()
    for thread in set(threading.enumerate()) - before:
        thread.join()
    assert 1 <= len(index.requests) <= 4


def test_what_a_test_does_to_the_process_reaches_no_agent(
    case: Case, dispatch: Dispatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dispatch.wait(replace(case, name="before"))
    assert before.observation is not None
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "sitecustomize.py").write_text("import os\nos._exit(3)\n")
    monkeypatch.chdir(tmp_path / "other")
    monkeypatch.setenv("PYTHONPATH", ".")
    monkeypatch.setenv("PYTEST_ORCHESTRATOR_STORE", str(tmp_path / "empty"))
    after = dispatch.wait(case)
    assert (after.verdict, after.observation, after.gates) == (None, before.observation, before.gates)
