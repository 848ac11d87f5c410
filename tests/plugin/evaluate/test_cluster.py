from __future__ import annotations

from pathlib import Path

import pytest

from pytest_orchestrator.fixture_store.store import Store
from tests.evaluation.project import Project
from tests.plugin.pytest_runs import run_process

distributed = pytest.importorskip("distributed", reason="an optional dependency")

pytest_plugins = ["pytester"]
# Dask's own sockets outlive a test by a moment, and Dask and Tornado use what Python deprecates.
pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed:ResourceWarning", "ignore::DeprecationWarning:(distributed|tornado)"
)


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Project:
    """A project with a pin, a pattern and an agent."""
    monkeypatch.setenv("PYTEST_ORCHESTRATOR_STORE", str(tmp_path / "store"))
    project = Project(pytester.path, Store(tmp_path / "store"))
    project.pin()
    project.patterns()
    project.agent("helper", "as_told.py", "edit")
    project.scenario(agents=["helper"], patterns=["shout", "no-object-base"], gates=["parses", "contained"])
    return project


def test_cases_run_on_a_cluster_over_tcp(pytester: pytest.Pytester, project: Project) -> None:
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, protocol="tcp", dashboard_address=":0", host="127.0.0.1"
    ) as cluster:
        result = run_process(pytester, "--evaluate-only", f"--evaluate-cluster={cluster.scheduler_address}")
    result.assert_outcomes(passed=2)
    assert project.manifest()["counts"] == {"passed": 2}
    assert (project.runs()[-1] / "diffs/first--shout@demo--helper.patch").stat().st_size > 0


def test_a_cluster_that_is_not_there_is_a_usage_error(pytester: pytest.Pytester, project: Project) -> None:
    result = run_process(pytester, "--evaluate-only", "--evaluate-cluster=tcp://127.0.0.1:1")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: no Dask scheduler answers at tcp://127.0.0.1:1: *", "*fix: start one with*"])
    assert project.manifest()["status"] == "errored"
