"""The end of a run of evaluations: reports, and the last manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pytest_orchestrator.errors import RunError
from pytest_orchestrator.evaluation.plan.evaluation import Evaluation
from pytest_orchestrator.evaluation.record.case_record import Recorded
from pytest_orchestrator.evaluation.record.report import EvaluationReport, Reporter, count_outcomes
from pytest_orchestrator.runs.folder import RunFolder
from pytest_orchestrator.runs.manifest import FinalStatus, Ingredient, RunManifest

NO_CASE = "no case was run"
"""The problem of a run that has no verdict because nothing was selected."""

_BLOCKING: Mapping[str, FinalStatus] = {
    "errored": "errored",
    "failed": "failed",
    "flaky": "failed",
    "over-budget": "failed",
}


def finish_run(
    evaluation: Evaluation, folder: RunFolder, records: Sequence[Recorded], *, interrupted: bool
) -> RunManifest:
    """Write the reports and the manifest; what can't be written is among the manifest's problems.

    Raises:
        RunError: even the manifest can't be written.
    """
    rows = tuple(record.row for record in records)
    counts = count_outcomes(rows)
    report = EvaluationReport(
        schema="pytest-orchestrator/evaluation-report/1",
        run_id=folder.manifest.run_id,
        task_id=folder.manifest.task_id,
        started=folder.manifest.started,
        interrupted=interrupted,
        counts=counts,
        cases=rows,
    )
    for record in records:
        for artifact in record.artifacts:
            folder.adopt(artifact)
    for reporter in evaluation.reporters:
        _write_report(folder, reporter, report)
    if not records:
        folder.report_problem(NO_CASE)
    folder.describe(
        pins=_each_once([item for record in records for item in record.pins]),
        patterns=_each_once([item for record in records for item in record.patterns]),
        agents=tuple(dict.fromkeys(row.agent for row in rows)),
    )
    status = _status(counts, interrupted=interrupted, problems=folder.manifest.problems)
    return folder.finish(status, counts)


def _write_report(folder: RunFolder, reporter: Reporter, report: EvaluationReport) -> None:
    try:
        name, data = reporter.write(report)
        folder.write_artifact(name, data)
    except RunError as error:
        folder.report_problem(f"the report {reporter.name!r} can't be written: {error}")
    except Exception as error:  # anybody's code: it must not cost the others their report
        folder.report_problem(f"the reporter {reporter.name!r} raised {type(error).__name__}: {error}")


def _status(counts: Mapping[str, int], *, interrupted: bool, problems: Sequence[str]) -> FinalStatus:
    if interrupted:
        return "interrupted"
    if problems:
        return "errored"
    return next((status for outcome, status in _BLOCKING.items() if counts.get(outcome)), "passed")


def _each_once(ingredients: Sequence[Ingredient]) -> tuple[Ingredient, ...]:
    return tuple(dict.fromkeys(ingredients))
