"""Where cases run: threads of this process, or a Dask cluster. Another place is one more branch here."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor

from pytest_orchestrator.executors.dask import DaskExecutor


def open_executor(*, jobs: int, cluster: str | None) -> Executor:
    """`jobs` threads of this process, or the Dask cluster whose scheduler is at the address `cluster`.

    Raises:
        UsageError: the cluster can't be reached.
    """
    return ThreadPoolExecutor(jobs, "case") if cluster is None else DaskExecutor(cluster)
