"""Gathers the findings of the spec guard's items in one pytest run from their reports."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from pytest_orchestrator.codec.decode import decode_json, encode
from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.spec_guard.ledgers.evidence import ALIGN, HEADERS, Evidence, table
from pytest_orchestrator.spec_guard.reports.report import (
    ComparedRange,
    SpecReport,
    render_diagnostic,
    render_summary,
    shown,
    without_known,
)
from pytest_orchestrator.tables import plain_table

_MAX_PRINTED = 50


class Summary:
    """The findings so far, in the process that has the terminal."""

    def __init__(self, *, today: date, dry_run: bool) -> None:
        self.dry_run = dry_run
        self.results: list[dict[str, Any]] = []
        """For each item, as JSON: its id, its outcome, its duration and its findings."""
        self._today = today
        self._specs: dict[str, None] = {}
        self._concerned: dict[str, None] = {}
        self._diagnostics: dict[Diagnostic, None] = {}
        self._problems: dict[str, None] = {}
        self._compared: ComparedRange | None = None
        self._notes: dict[str, None] = {}
        self._evidence: tuple[Evidence, ...] = ()
        self._evidence_problems: tuple[Diagnostic, ...] = ()

    def add(self, report: pytest.TestReport) -> None:
        """Add the findings in a report. Reports of other items hold none."""
        encoded: str | None = report.__dict__.get("spec_guard")
        if encoded is None or (report.when == "setup" and report.passed):
            return
        facts: dict[str, Any] = json.loads(encoded)
        for item in facts["diagnostics"]:
            self._diagnostics[decode_json(Diagnostic, item, path=report.nodeid)] = None
        if facts["compared"] is not None:
            self._compared = decode_json(ComparedRange, facts["compared"], path=report.nodeid)
        if facts["problem"]:
            self._problems[facts["problem"]] = None
        self._notes.update(dict.fromkeys(facts["notes"]))
        if facts["spec"]:
            self._specs[facts["spec"]] = None
        if facts["concerned"]:
            self._concerned[facts["spec"]] = None
        outcome = "errored" if facts["problem"] else report.outcome
        found = facts["diagnostics"]
        self.results.append({"item": report.nodeid, "outcome": outcome, "seconds": report.duration, "found": found})

    def report_problem(self, problem: str) -> None:
        """Add a reason why not everything was checked."""
        self._problems[problem] = None

    def conclude(self, evidence: Sequence[Evidence], problems: Sequence[Diagnostic]) -> None:
        """Add the evidence of the tests of the run, and its problems."""
        self._evidence = tuple(evidence)
        self._evidence_problems = tuple(problems)
        self._diagnostics.update(dict.fromkeys(problems))
        if evidence or problems:
            outcome = "failed" if self.lacks_evidence else "passed"
            found = [encode(item) for item in problems]
            self.results.append({"item": "spec-guard::evidence", "outcome": outcome, "seconds": 0.0, "found": found})

    @property
    def lacks_evidence(self) -> bool:
        """Whether required evidence is missing, and this is not a dry run."""
        return not self.dry_run and any(item.severity == "error" for item in self._evidence_problems)

    def report(self) -> SpecReport:
        """All findings."""
        diagnostics, known = without_known(self._diagnostics)
        return SpecReport(
            today=self._today,
            specs=tuple(sorted(self._specs)),
            diagnostics=diagnostics,
            baseline=known,
            notes=tuple(self._notes),
            compared=self._compared,
            concerned=tuple(sorted(self._concerned)),
            problems=tuple(self._problems),
            evidence=self._evidence,
        )

    def lines(self) -> Iterator[str]:
        """What pytest has not printed: warnings, missing evidence, in a dry run all violations too, and a summary."""
        if not self.results:
            return
        report = self.report()
        found, others = shown(report)
        printed = tuple(item for item in found if self.dry_run or item.severity == "warning")
        if not self.dry_run:  # no item fails for missing evidence
            printed = (*(item for item in self._evidence_problems if item.severity == "error"), *printed)
        for item in printed[:_MAX_PRINTED]:
            yield from render_diagnostic(item).split("\n")
        if len(printed) > _MAX_PRINTED:
            yield f"... and {len(printed) - _MAX_PRINTED} more"
        yield from others.splitlines()
        if report.evidence:
            yield from plain_table(table(report.evidence), HEADERS, align=ALIGN).splitlines()
        yield from render_summary(report)
        if self.dry_run and report.errors:
            yield "dry run: violations do not fail the run"
