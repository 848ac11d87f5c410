"""Running the selected cases on an executor, and waiting for each."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor, wait
from pathlib import Path

from pytest_orchestrator.agents.session import SessionRegistry
from pytest_orchestrator.display import redact_urls
from pytest_orchestrator.errors import OrchestratorError, UsageError
from pytest_orchestrator.evaluation.outcome import CaseRun, Errored
from pytest_orchestrator.evaluation.plan.case import Case
from pytest_orchestrator.evaluation.run.repeats import run_case
from pytest_orchestrator.executors.dask import DaskExecutor
from pytest_orchestrator.fixture_store.fetch import fetch
from pytest_orchestrator.fixture_store.pin import Pin
from pytest_orchestrator.fixture_store.store import Store, default_store
from pytest_orchestrator.process import count_cores

_FETCHES_AT_ONCE = 4


class Dispatch:
    """The cases of a run. On this machine all of them start when the first one is waited for.

    Not earlier: they run in threads of pytest's process, and a test that patches the process while it runs must not
    change a verdict. For the same reason the environment of agents and the fixture store are those of the moment when
    this object is made.
    """

    def __init__(self, *, library: Sequence[Path], jobs: int | None, cluster: str | None) -> None:
        """`jobs` is how many cases run at once, one a core by default. `cluster` is the address of a Dask scheduler.

        Raises:
            UsageError: `jobs` is less than 1, or both are given.
        """
        if jobs is not None and jobs < 1:
            raise UsageError(f"--evaluate-jobs={jobs} is less than 1", fix="give 1 or more")
        if jobs is not None and cluster is not None:
            raise UsageError(
                "--evaluate-jobs is for this machine and can't be combined with --evaluate-cluster",
                fix="leave one of them out",
            )
        self._library = tuple(library)
        self._jobs = jobs or count_cores()
        self._cluster = cluster
        self._registry = SessionRegistry()
        self._store = default_store()
        self._executor: Executor | None = None
        self._selected: tuple[Case, ...] = ()
        self._futures: dict[tuple[str, str], Future[CaseRun]] = {}
        self._unfetched: Mapping[Pin, OrchestratorError] = {}

    def select(self, cases: Sequence[Case], *, tell: Callable[[str], None]) -> None:
        """Name the cases that will run, and fetch their pins. `tell` gets a line for each pin that is fetched.

        Raises:
            UsageError: the cluster can't be reached.
        """
        if self._cluster is None:
            pins = {case.pin for case in cases}
            self._unfetched = _fetch_all(pins, self._store, tell=tell, check=self._registry.check)
            self._selected = tuple(cases)
        else:  # its machines have stores of their own
            self._start(cases)

    def wait(self, case: Case) -> CaseRun:
        """The result of a case, whether it was selected or not.

        Raises:
            UsageError: the cluster can't be reached.
        """
        selected, self._selected = self._selected, ()
        self._start((*selected, case))
        if (failure := self._unfetched.get(case.pin)) is not None:
            return CaseRun(verdict=Errored(message=failure.message, fix=failure.fix))
        try:
            return self._futures[_key(case)].result()
        except CancelledError:
            return CaseRun(verdict=Errored(message="the case was cancelled"))
        except OrchestratorError as error:
            return CaseRun(verdict=Errored(message=error.message, fix=error.fix))
        except Exception as error:
            message = f"the case could not be run: {type(error).__name__}: {redact_urls(str(error))}"
            return CaseRun(verdict=Errored(message=message, details={"traceback": redact_urls(traceback.format_exc())}))

    def abort(self) -> None:
        """Kill every agent on this machine, and end downloads. May be called from a signal handler."""
        self._registry.abort()

    def end(self) -> None:
        """Cancel the cases that wait, abort those that run, and return when all have ended."""
        self.abort()
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)

    def _start(self, cases: Iterable[Case]) -> None:
        for case in cases:
            if case.pin in self._unfetched or _key(case) in self._futures:
                continue
            self._futures[_key(case)] = self._submit(case)

    def _submit(self, case: Case) -> Future[CaseRun]:
        if self._cluster is None:
            self._executor = self._executor or ThreadPoolExecutor(self._jobs, "case")
            return self._executor.submit(run_case, case, self._library, self._registry, self._store)
        self._executor = self._executor or DaskExecutor(self._cluster)
        return self._executor.submit(run_case, case, self._library)  # another machine's agents are not ours to end


def _key(case: Case) -> tuple[str, str]:
    return case.scenario, case.name


def _fetch_all(
    pins: Iterable[Pin], store: Store, *, tell: Callable[[str], None], check: Callable[[], None]
) -> dict[Pin, OrchestratorError]:
    """Fetch the pins that the store lacks; returns the errors. An error that `check` raises ends a download, and keeps
    one from beginning."""
    absent = sorted((pin for pin in pins if not store.has(pin)), key=str)
    for pin in absent:
        tell(f"fetching {pin}")

    def fetch_one(pin: Pin) -> None:
        check()
        fetch(pin, store, progress=lambda _done, _total: check())

    threads = ThreadPoolExecutor(_FETCHES_AT_ONCE, "fetch")
    try:
        futures = {pin: threads.submit(fetch_one, pin) for pin in absent}
        wait(futures.values())
    finally:  # Ctrl-C ends the wait; what runs ends when `check` fails
        threads.shutdown(wait=False, cancel_futures=True)
    failures = {}
    for pin, future in futures.items():
        error = future.exception()
        if isinstance(error, OrchestratorError):
            failures[pin] = error
        elif error is not None:
            raise error
    return failures
