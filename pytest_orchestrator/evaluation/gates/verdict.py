"""The verdict on a case: what was seen, held against the gates and what a person approved."""

from __future__ import annotations

from pytest_orchestrator.evaluation.gates.expected import Expectation, check_expected, expect
from pytest_orchestrator.evaluation.outcome import Failed, GateResult, Outcome, Passed
from pytest_orchestrator.evaluation.plan.case import Case
from pytest_orchestrator.evaluation.run.attempt import CaseRun


def judge(case: Case, run: CaseRun, expectation: Expectation | None, *, display_path: str) -> Outcome:
    """How the case ended. `display_path` is the name of the expectation's file."""
    if run.verdict is not None:
        return run.verdict
    gates = run.gates
    if "expected" in case.gates:
        assert run.observation is not None  # noqa: S101 - a run without a verdict has one
        gates = (*gates, check_expected(expectation, expect(case.pin, run.observation), display_path=display_path))
    return _verdict(gates)


def judge_update(run: CaseRun) -> Outcome:
    """How the case ended, the expectation aside: what an update of the expectation asks before it is written."""
    return _verdict(run.gates) if run.verdict is None else run.verdict


def _verdict(gates: tuple[GateResult, ...]) -> Outcome:
    failed = tuple(gate for gate in gates if gate.problems)
    return Failed(gates=failed) if failed else Passed()
