from __future__ import annotations

import operator
import os
from collections.abc import Iterator

import pytest

from pytest_orchestrator.errors import UsageError
from pytest_orchestrator.executors.dask import DaskExecutor

distributed = pytest.importorskip("distributed", reason="an optional dependency")

# Dask's own sockets outlive a test by a moment, and Dask and Tornado use what Python deprecates.
pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed:ResourceWarning", "ignore::DeprecationWarning:(distributed|tornado)"
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, protocol="tcp", dashboard_address=":0", host="127.0.0.1"
    ) as cluster:
        yield cluster.scheduler_address


def test_the_same_call_runs_as_often_as_it_is_submitted(address: str) -> None:
    with DaskExecutor(address) as executor:
        futures = [executor.submit(os.urandom, 8) for _ in range(3)]
        assert len({future.result(timeout=60) for future in futures}) == 3


def test_what_a_call_raises_is_raised_by_its_future(address: str) -> None:
    with DaskExecutor(address) as executor, pytest.raises(ZeroDivisionError):
        executor.submit(operator.truediv, 1, 0).result(timeout=60)


def test_the_cluster_survives_an_executor_that_cancels_its_calls(address: str) -> None:
    DaskExecutor(address).shutdown(cancel_futures=True)
    with DaskExecutor(address) as executor:
        assert executor.submit(operator.add, 1, 1).result(timeout=60) == 2


def test_an_address_that_is_none_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no Dask scheduler answers at nonsense://"):
        DaskExecutor("nonsense://x", connect_timeout_s=0.5)
