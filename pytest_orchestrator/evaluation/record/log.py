"""The record of a run: a line of `results.jsonl` as each case ends; then expectations, reports and the manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.errors import OrchestratorError, RunError
from pytest_orchestrator.evaluation.plan.evaluation import Evaluation
from pytest_orchestrator.evaluation.record.case_record import CaseRecord
from pytest_orchestrator.evaluation.record.report import CaseRow, EvaluationReport, Reporter, count_outcomes
from pytest_orchestrator.evaluation.record.update import ExpectationChange, update_expectations
from pytest_orchestrator.runs.folder import RunFolder
from pytest_orchestrator.runs.manifest import FinalStatus

_NO_CASE = "no case ran"

_STATUS: Mapping[str, FinalStatus] = {
    "errored": "errored",
    "failed": "failed",
    "flaky": "failed",
    "over-budget": "failed",
}
"""The run's status by the worst outcome of its cases, worst first; `passed` without any of these."""


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """What a run ended with."""

    folder: Path
    rows: tuple[CaseRow, ...]
    changes: tuple[ExpectationChange, ...]
    problems: tuple[str, ...]
    """What could not be done or recorded. With any, the run did not succeed."""


class EvaluationLog:
    """Records the cases of a run as they end, and then the run."""

    def __init__(
        self, evaluation: Evaluation, folder: RunFolder, *, reporters: Sequence[Reporter], update: bool
    ) -> None:
        """With `update`, the expectations of cases that passed are rewritten at the end."""
        self._evaluation = evaluation
        self._folder = folder
        self._reporters = reporters
        self._update = update
        self._records: list[CaseRecord] = []

    def add(self, record: CaseRecord) -> str:
        """Write a case's line. Returns why not all of the case could be written; its outcome counts in any case."""
        self._records.append(record)
        for artifact in record.artifacts:
            self._folder.list_artifact(artifact)
        problem = record.problem
        try:
            self._folder.record(encode(record.row))
        except RunError as error:
            problem = str(error)
        if problem:
            self._folder.report_problem(problem)
        return problem

    def report_problem(self, problem: str) -> None:
        """Record a problem of the run that belongs to no case."""
        self._folder.report_problem(problem)

    def end(self, *, interrupted: bool) -> RunSummary:
        """Write expectations, reports and the manifest. What can't be written is a problem of the summary."""
        changes = () if interrupted or not self._update else self._update_expectations()
        rows = tuple(record.row for record in self._records)
        counts = count_outcomes(rows)
        self._write_reports(rows, counts, interrupted=interrupted)
        if not self._records:
            self._folder.report_problem(_NO_CASE)
        self._folder.describe(
            pins=tuple(dict.fromkeys(item for record in self._records for item in record.pins)),
            patterns=tuple(dict.fromkeys(item for record in self._records for item in record.patterns)),
            agents=tuple(dict.fromkeys(row.agent for row in rows)),
        )
        problems = self._folder.manifest.problems
        try:
            self._folder.finish(_status(counts, interrupted=interrupted, problems=problems), counts)
        except RunError as error:
            problems = (*problems, str(error))
        problems = tuple(problem for problem in problems if problem != _NO_CASE)
        return RunSummary(folder=self._folder.path, rows=rows, changes=changes, problems=problems)

    def _update_expectations(self) -> tuple[ExpectationChange, ...]:
        try:
            changes = update_expectations(self._evaluation, self._records)
        except OrchestratorError as error:
            self._folder.report_problem(str(error))
            return ()
        for change in changes:
            if change.refused:
                self._folder.report_problem(f"{change.path}: {change.change}")
        return changes

    def _write_reports(self, rows: tuple[CaseRow, ...], counts: Mapping[str, int], *, interrupted: bool) -> None:
        manifest = self._folder.manifest
        report = EvaluationReport(
            schema="pytest-orchestrator/evaluation-report/1",
            run_id=manifest.run_id,
            task_id=manifest.task_id,
            started=manifest.started,
            interrupted=interrupted,
            counts=counts,
            cases=rows,
        )
        for reporter in self._reporters:
            try:
                self._folder.write_artifact(*reporter.write(report))
            except RunError as error:
                self._folder.report_problem(f"the report {reporter.name!r} can't be written: {error}")
            except Exception as error:  # foreign code: the other reports must still be written
                problem = f"the reporter {reporter.name!r} raised {type(error).__name__}: {error}"
                self._folder.report_problem(problem)


def _status(counts: Mapping[str, int], *, interrupted: bool, problems: Sequence[str]) -> FinalStatus:
    if interrupted:
        return "interrupted"
    if problems:
        return "errored"
    return next((status for outcome, status in _STATUS.items() if counts.get(outcome)), "passed")
