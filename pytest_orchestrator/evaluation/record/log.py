"""The record of a run as it grows, in the one process that writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.errors import OrchestratorError, RunError
from pytest_orchestrator.evaluation.plan.evaluation import Evaluation
from pytest_orchestrator.evaluation.record.case_record import Recorded
from pytest_orchestrator.evaluation.record.finish import NO_CASE, finish_run
from pytest_orchestrator.evaluation.record.report import CaseRow
from pytest_orchestrator.evaluation.record.update import Move, update_expectations
from pytest_orchestrator.runs.folder import RunFolder


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What a run leaves behind."""

    folder: Path
    rows: tuple[CaseRow, ...]
    moves: tuple[Move, ...]
    problems: tuple[str, ...]
    """What could not be done or recorded; with any, the run did not succeed."""


class EvaluationLog:
    """Takes the cases of a run as they come in, and ends it."""

    def __init__(self, evaluation: Evaluation, folder: RunFolder, *, update: bool) -> None:
        self.path = folder.path
        self._evaluation = evaluation
        self._folder = folder
        self._update = update
        self._records: list[Recorded] = []

    def take(self, recorded: Recorded) -> str:
        """Write a case's line; why not all of it can be written, empty when it can. The case counts either way."""
        self._records.append(recorded)
        for artifact in recorded.artifacts:
            self._folder.adopt(artifact)
        row, problem = recorded.row, recorded.problem
        try:
            self._folder.record(encode(row))
        except RunError as error:
            problem = str(error)
        if problem:
            self._folder.report_problem(problem)
        return problem

    def report_problem(self, problem: str) -> None:
        """Note something that went wrong beside the cases."""
        self._folder.report_problem(problem)

    def end(self, *, interrupted: bool) -> Ending:
        """Update expectations if that is wanted, and write reports and the manifest. Never raises for a full disk."""
        moves: Sequence[Move] = ()
        try:
            if self._update and not interrupted:
                moves = update_expectations(self._evaluation, self._records)
        except OrchestratorError as error:
            self._folder.report_problem(str(error))
        for move in moves:
            if move.refused:
                self._folder.report_problem(f"{move.path}: {move.change}")
        problems: tuple[str, ...]
        try:
            manifest = finish_run(self._evaluation, self._folder, self._records, interrupted=interrupted)
            problems = tuple(problem for problem in manifest.problems if problem != NO_CASE)
        except RunError as error:
            problems = (*self._folder.manifest.problems, str(error))
        rows = tuple(record.row for record in self._records)
        return Ending(folder=self.path, rows=rows, moves=tuple(moves), problems=problems)
