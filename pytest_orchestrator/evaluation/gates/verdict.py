"""From a case's run to its outcome."""

from __future__ import annotations

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.evaluation.gates.expected import UPDATE_FIX, check_expected, expect, load_expectation
from pytest_orchestrator.evaluation.outcome import CaseRun, Errored, Failed, Outcome, Passed
from pytest_orchestrator.evaluation.plan.case import Case


def judge(case: Case, run: CaseRun, *, display_path: str, update: bool) -> Outcome:
    """The outcome of a case. `display_path` is the name of its expectation's file in messages.

    With `update`, the expectation is not read: it is rewritten when all other gates pass. A malformed expectation is an
    `Errored` outcome.
    """
    gates = run.gates
    if not update:
        try:
            expectation = load_expectation(case.expectation, display_path=display_path)
        except InputError as error:
            return run.verdict or Errored(message=str(error), fix=error.fix or UPDATE_FIX)
        if "expected" in case.gates and run.observation is not None:
            gates = (*gates, check_expected(expectation, expect(case.pin, run.observation), display_path=display_path))
    failed = tuple(gate for gate in gates if gate.problems)
    return run.verdict or (Failed(gates=failed) if failed else Passed())
