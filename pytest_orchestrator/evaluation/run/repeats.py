"""Running a case as often as it wants to be. What goes wrong on the way becomes data.

This runs in a process of an executor, maybe on another machine.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pytest_orchestrator.errors import AgentError, OrchestratorError, require_package
from pytest_orchestrator.evaluation.outcome import Errored, Flaky, OverBudget
from pytest_orchestrator.evaluation.run.attempt import CaseRun, CaseTask, OverBudgetError, Verdict, run_once
from pytest_orchestrator.evaluation.run.claims import LyingAgentError
from pytest_orchestrator.fixture_store.fetch import fetch
from pytest_orchestrator.fixture_store.store import Store, default_store

# The SDK behind it takes half a second to import: not the agent's time, so it is done before the clock starts.
_CLIENT = "pytest_orchestrator.agents.client"


def run_case(task: CaseTask) -> CaseRun:
    """Run a case as often as it wants to be. Whatever the agent or the machine does wrong is in the result."""
    started = time.monotonic()
    try:
        require_package("mcp", extra="evaluate")
        importlib.import_module(_CLIENT)
        store = default_store()
        fetch(task.case.pin, store)
        started = time.monotonic()  # the first case of a pin shall not look slow for having fetched it
        run = _run_repeats(task, store)
    except OverBudgetError as error:
        assert task.case.budget_s is not None  # noqa: S101 - nothing else raises it
        verdict: Verdict = OverBudget(seconds=round(error.seconds, 3), budget_s=task.case.budget_s)
        run = CaseRun(verdict=verdict)
    except LyingAgentError as error:
        run = CaseRun(verdict=_errored(error, agent=task.case.agent.name, details=error.details))
    except AgentError as error:
        run = CaseRun(verdict=_errored(error, agent=task.case.agent.name))
    except OrchestratorError as error:
        run = CaseRun(verdict=_errored(error))
    except OSError as error:
        message = f"this machine could not run the case: {error.strerror or error}"
        run = CaseRun(verdict=Errored(message=message, details={"path": str(error.filename or "")}))
    return replace(run, seconds=round(time.monotonic() - started, 3))


def _run_repeats(task: CaseTask, store: Store) -> CaseRun:
    first = run_once(task, store)
    for number in range(2, task.case.repeat + 1):
        if first.verdict is not None:
            break
        again = run_once(task, store)
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
    told = []
    if one.tree != other.tree:
        told.append(f"run 1 left the tree {one.tree}, run {number} left {other.tree}")
    if one.diagnostics_sha256 != other.diagnostics_sha256:
        told.append(f"run 1 found {one.found} diagnostics, run {number} found {other.found}, and not the same")
    if one.rejected != other.rejected:
        told.append(
            f"run 1 rejected {len(one.rejected)} files, run {number} {len(other.rejected)}, or for other reasons"
        )
    if not told and first.gates != again.gates:
        told.append(f"the gates say different things of run 1 and run {number}")
    return tuple(told)


def _errored(error: OrchestratorError, *, agent: str = "", details: Mapping[str, Any] | None = None) -> Errored:
    where = "" if error.path is None else f"{error.path}: " if error.line is None else f"{error.path}:{error.line}: "
    return Errored(message=where + error.message, fix=error.fix, agent=agent, details=details or {})
