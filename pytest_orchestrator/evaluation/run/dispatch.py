"""Handing cases to an executor, and waiting for one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from pathlib import Path

from pytest_orchestrator.errors import OrchestratorError, UsageError
from pytest_orchestrator.evaluation.outcome import Errored
from pytest_orchestrator.evaluation.plan.case import Case
from pytest_orchestrator.evaluation.run.attempt import CaseRun, CaseTask
from pytest_orchestrator.evaluation.run.repeats import run_case
from pytest_orchestrator.executors.dask import DaskExecutor
from pytest_orchestrator.executors.local import ProcessPool
from pytest_orchestrator.fixture_store.fetch import fetch
from pytest_orchestrator.fixture_store.pin import Pin
from pytest_orchestrator.fixture_store.store import Store, default_store
from pytest_orchestrator.process import count_cores

_FETCHES_AT_ONCE = 4


class Dispatch:
    """The cases of a run on their way: submitted all at once, or one by one when they are waited for."""

    def __init__(self, *, library: Sequence[Path], jobs: int | None, cluster: str | None) -> None:
        """`jobs` is how many cases run at once, one a core unless told; `cluster` the address of a Dask scheduler.

        Raises:
            UsageError: `jobs` is none, or contradicts `cluster`.
        """
        if jobs is not None and jobs < 1:
            raise UsageError(f"--evaluate-jobs={jobs} leaves nobody to run a case", fix="give 1 or more")
        if jobs is not None and cluster is not None:
            raise UsageError(
                "--evaluate-jobs counts processes of this machine, and --evaluate-cluster uses none",
                fix="leave one of them out",
            )
        self._library = tuple(library)
        self._jobs = jobs or count_cores()
        self._cluster = cluster
        self._executor: ProcessPool | DaskExecutor | None = None
        self._futures: dict[tuple[str, str], Future[CaseRun]] = {}
        self._unfetched: Mapping[Pin, OrchestratorError] = {}

    def submit(self, cases: Sequence[Case], *, tell: Callable[[str], None]) -> None:
        """Start the cases, their pins first; `tell` gets a line for each pin that has to be fetched.

        Raises:
            UsageError: the cluster can't be reached.
        """
        if not cases:
            return
        if self._cluster is None:  # the cluster's machines have stores of their own
            self._unfetched = _fetch_all({case.pin for case in cases}, default_store(), tell)
        for case in cases:
            if case.pin not in self._unfetched:
                self._start(case)

    def wait(self, case: Case) -> CaseRun:
        """What came of a case; it is started now when it wasn't submitted.

        Raises:
            UsageError: the cluster can't be reached.
        """
        if (failure := self._unfetched.get(case.pin)) is not None:
            return CaseRun(verdict=Errored(message=failure.message, fix=failure.fix))
        future = self._futures.get(_key(case)) or self._start(case)
        try:
            return future.result()
        except CancelledError:
            return CaseRun(verdict=Errored(message="the case was cancelled"))
        except OrchestratorError as error:
            return CaseRun(verdict=Errored(message=error.message, fix=error.fix))
        except Exception as error:
            notes = "\n".join(getattr(error, "__notes__", ()))
            message = f"the case could not be run: {type(error).__name__}: {error}"
            return CaseRun(verdict=Errored(message=message, details={"traceback": notes} if notes else {}))

    def end(self) -> None:
        """End the executor. What still waits is cancelled, and what still runs is ended with every agent it started."""
        if self._executor is None:
            return
        if all(future.done() for future in self._futures.values()):
            self._executor.shutdown()
        else:
            self._executor.terminate()

    def _start(self, case: Case) -> Future[CaseRun]:
        if self._executor is None:
            self._executor = ProcessPool(self._jobs) if self._cluster is None else DaskExecutor(self._cluster)
        future = self._executor.submit(run_case, CaseTask(case=case, library=self._library))
        self._futures[_key(case)] = future
        return future


def _key(case: Case) -> tuple[str, str]:
    return case.scenario, case.name


def _fetch_all(pins: Iterable[Pin], store: Store, tell: Callable[[str], None]) -> dict[Pin, OrchestratorError]:
    """Have every pin in the store; what went wrong with those that can't be had."""
    absent = sorted((pin for pin in pins if not store.has(pin)), key=str)
    for pin in absent:
        tell(f"fetching {pin}")
    with ThreadPoolExecutor(_FETCHES_AT_ONCE) as threads:
        futures = {pin: threads.submit(fetch, pin, store) for pin in absent}
    failures = {}
    for pin, future in futures.items():
        error = future.exception()
        if isinstance(error, OrchestratorError):
            failures[pin] = error
        elif error is not None:
            raise error
    return failures
