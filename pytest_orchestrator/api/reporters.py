"""For authors of reports: a `Reporter` makes a file of a run's `EvaluationReport`.

match row.outcome:
    case Failed(gates=gates): ...
    case Errored(message=message): ...
"""

from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.evaluation.outcome import (
    Errored,
    Failed,
    FileDiagnostics,
    FileEdit,
    Flaky,
    GateResult,
    Observation,
    Outcome,
    OverBudget,
    Passed,
    RejectedFile,
    Skipped,
)
from pytest_orchestrator.evaluation.record.report import CaseRow, EvaluationReport, Reporter

__all__ = [
    "CaseRow",
    "Diagnostic",
    "Errored",
    "EvaluationReport",
    "Failed",
    "FileDiagnostics",
    "FileEdit",
    "Flaky",
    "GateResult",
    "Observation",
    "Outcome",
    "OverBudget",
    "Passed",
    "RejectedFile",
    "Reporter",
    "Skipped",
]
