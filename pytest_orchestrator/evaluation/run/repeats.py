"""Running a case as often as its scenario says. Whatever goes wrong becomes data.

This runs in a thread of pytest's process, or on a machine of a Dask cluster.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pytest_orchestrator.agents.session import SessionRegistry, load_client
from pytest_orchestrator.errors import AgentError, OrchestratorError
from pytest_orchestrator.evaluation.outcome import CaseRun, Errored, Flaky, OverBudget
from pytest_orchestrator.evaluation.plan.case import Case
from pytest_orchestrator.evaluation.run.attempt import OverBudgetError, run_once
from pytest_orchestrator.evaluation.run.claims import FalseClaimError
from pytest_orchestrator.fixture_store.fetch import fetch
from pytest_orchestrator.fixture_store.store import Store, default_store


def run_case(
    case: Case, library: Sequence[Path], registry: SessionRegistry | None = None, store: Store | None = None
) -> CaseRun:
    """Run a case as often as its scenario says. Failures of the agent and of the machine are in the result.

    The agent may use the patterns in the folders `library`. `registry` gives its environment and can end it early.
    `store` is the user's own by default. The time to fetch the pin is not counted.
    """
    registry = registry or SessionRegistry()
    started = time.monotonic()
    try:
        registry.check()
        load_client()  # takes half a second, which is not the agent's time
        store = store or default_store()
        fetch(case.pin, store, progress=lambda _done, _total: registry.check())
        started = time.monotonic()
        run = _run_repeats(case, library, store, registry)
    except OverBudgetError as error:
        assert case.budget_s is not None  # noqa: S101 - nothing else raises it
        run = CaseRun(verdict=OverBudget(seconds=round(error.seconds, 3), budget_s=case.budget_s))
    except OrchestratorError as error:
        run = CaseRun(verdict=_errored(error, case.agent.name))
    except OSError as error:
        message = f"this machine could not run the case: {error.strerror or error}"
        run = CaseRun(verdict=Errored(message=message, details={"path": str(error.filename or "")}))
    return replace(run, seconds=round(time.monotonic() - started, 3))


def _run_repeats(case: Case, library: Sequence[Path], store: Store, registry: SessionRegistry) -> CaseRun:
    first = run_once(case, library, store, registry)
    for number in range(2, case.repeat + 1):
        if first.verdict is not None:
            break
        again = run_once(case, library, store, registry)
        if again.verdict is not None:
            return again
        differences = _differences(first, again, number)
        if differences:
            return replace(first, verdict=Flaky(differences=differences))
    return first


def _differences(first: CaseRun, again: CaseRun, number: int) -> tuple[str, ...]:
    one, other = first.observation, again.observation
    assert one is not None  # noqa: S101 - a run without a verdict has one
    assert other is not None  # noqa: S101 - as above
    differences = []
    if one.tree != other.tree:
        differences.append(f"run 1 ended with the tree {one.tree}, run {number} with {other.tree}")
    if one.diagnostics_sha256 != other.diagnostics_sha256:
        differences.append(f"run 1 found {one.found} diagnostics, run {number} found {other.found}, and they differ")
    if one.rejected != other.rejected:
        differences.append(
            f"run 1 rejected {len(one.rejected)} files, run {number} {len(other.rejected)}, or the reasons differ"
        )
    if not differences and first.gates != again.gates:
        differences.append(f"the gates' results for run 1 and run {number} differ")
    return tuple(differences)


def _errored(error: OrchestratorError, agent: str) -> Errored:
    where = "" if error.path is None else f"{error.path}: " if error.line is None else f"{error.path}:{error.line}: "
    return Errored(
        message=where + error.message,
        fix=error.fix,
        agent=agent if isinstance(error, AgentError) else "",
        details=error.details if isinstance(error, FalseClaimError) else {},
    )
