"""For authors of reports: a `Reporter` makes a file of a run's `EvaluationReport`."""

from pytest_orchestrator.evaluation.record.report import EvaluationReport, Reporter

__all__ = ["EvaluationReport", "Reporter"]
