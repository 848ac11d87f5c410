"""The record that a pytest run of the spec guard leaves in the runs folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.runs.folder import RunFolder
from pytest_orchestrator.runs.manifest import FinalStatus
from pytest_orchestrator.spec_guard.reports.report import SpecReport, render_markdown
from pytest_orchestrator.spec_guard.rules.verdict import is_excused


class SpecRecord:
    """The record of one run. It never raises: a run must not lose its result because the record can't be written."""

    def __init__(self, root: Path, *, runs_dir: Path, task_id: str, command_line: Sequence[str]) -> None:
        self.problem = ""
        """Why the record is missing or incomplete; empty when it is complete."""
        self._root = root
        self._folder: RunFolder | None = None
        try:
            self._folder = RunFolder.create(
                runs_dir, task_id=task_id, kind="spec-guard", command_line=command_line, root=root
            )
        except OrchestratorError as error:
            self.problem = str(error)

    def complete(
        self, report: SpecReport, results: Sequence[Mapping[str, Any]], *, interrupted: bool, dry_run: bool
    ) -> None:
        """Write the results, `report.json` and `report.md`, and finish the record."""
        folder = self._folder
        if folder is None:
            return
        status = _status(report, interrupted=interrupted, dry_run=dry_run)
        counts = {
            "specs": len(report.specs),
            "violations": len(report.errors),
            "warnings": len(report.warnings),
            "problems": len(report.problems),
        }
        excused = sum(map(is_excused, report.diagnostics))
        if report.baseline:
            counts["baseline"] = report.baseline
        if excused:  # the report names the override of each
            counts["excused"] = excused
        try:
            try:
                for result in results:
                    folder.record(result)
                folder.write_artifact("report.json", (json.dumps(encode(report), indent=2) + "\n").encode())
                folder.write_artifact("report.md", render_markdown(report).encode())
            finally:
                folder.finish(status, counts)
        except OrchestratorError as error:
            self.problem = str(error)

    def lines(self) -> Iterator[str]:
        """The path of the record, or why there is none."""
        if self.problem:
            yield f"error: the run could not be recorded: {self.problem}"
        elif self._folder is not None:
            report = self._folder.path / "report.md"
            yield f"record: {report.relative_to(self._root) if report.is_relative_to(self._root) else report}"


def _status(report: SpecReport, *, interrupted: bool, dry_run: bool) -> FinalStatus:
    if interrupted:
        return "interrupted"
    if report.problems:
        return "errored"
    return "failed" if report.errors and not dry_run else "passed"
