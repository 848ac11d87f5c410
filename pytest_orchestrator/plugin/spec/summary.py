"""What the spec guard's items found in one pytest run, gathered from their reports."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from pytest_orchestrator.codec.decode import decode_json, encode
from pytest_orchestrator.records import Diagnostic
from pytest_orchestrator.spec_guard.ledgers.evidence import Evidence, table
from pytest_orchestrator.spec_guard.reports.report import ComparedRange, SpecReport, render_diagnostic, render_summary

_MOST_SHOWN = 50


class Summary:
    """Grows report by report, in the process that has the terminal."""

    def __init__(self, *, today: date, dry_run: bool) -> None:
        self.dry_run = dry_run
        self.results: list[dict[str, Any]] = []
        """One JSON-shaped line an item: its id, its outcome, what it found."""
        self._today = today
        self._specs: dict[str, None] = {}
        self._diagnostics: dict[Diagnostic, None] = {}
        self._problems: dict[str, None] = {}
        self._compared: ComparedRange | None = None
        self._evidence: tuple[Evidence, ...] = ()
        self._unproved: tuple[Diagnostic, ...] = ()

    def add(self, report: pytest.TestReport) -> None:
        """Take what a report carries; a report of somebody else's item carries nothing."""
        carried: str | None = report.__dict__.get("spec_guard")
        if carried is None or (report.when == "setup" and report.passed):
            return
        facts: dict[str, Any] = json.loads(carried)
        for item in facts["diagnostics"]:
            self._diagnostics[decode_json(Diagnostic, item, path=report.nodeid)] = None
        if facts["compared"] is not None:
            self._compared = decode_json(ComparedRange, facts["compared"], path=report.nodeid)
        if facts["problem"]:
            self._problems[facts["problem"]] = None
        if facts["spec"]:
            self._specs[facts["spec"]] = None
        outcome = "errored" if facts["problem"] else report.outcome
        found = facts["diagnostics"]
        self.results.append({"item": report.nodeid, "outcome": outcome, "seconds": report.duration, "found": found})

    def report_problem(self, problem: str) -> None:
        """Take why not everything was judged."""
        self._problems[problem] = None

    def conclude(self, evidence: Sequence[Evidence], problems: Sequence[Diagnostic]) -> None:
        """Take what the tests of the run say about the specs."""
        self._evidence = tuple(evidence)
        self._unproved = tuple(problems)
        self._diagnostics.update(dict.fromkeys(problems))
        if evidence or problems:
            outcome = "failed" if self.unproved else "passed"
            found = [encode(item) for item in problems]
            self.results.append({"item": "spec-guard::evidence", "outcome": outcome, "seconds": 0.0, "found": found})

    @property
    def unproved(self) -> bool:
        """Whether evidence is missing that must be there."""
        return not self.dry_run and any(item.severity == "error" for item in self._unproved)

    def report(self) -> SpecReport:
        """Everything that was found."""
        return SpecReport(
            today=self._today,
            specs=tuple(sorted(self._specs)),
            diagnostics=tuple(sorted(self._diagnostics, key=lambda item: (item.path, item.range, item.rule))),
            compared=self._compared,
            problems=tuple(self._problems),
            evidence=self._evidence,
        )

    def lines(self) -> Iterator[str]:
        """What pytest has not shown already: warnings, in a dry run all violations too, and a summary."""
        if not self.results:
            return
        report = self.report()
        shown: tuple[Diagnostic, ...] = report.diagnostics if self.dry_run else report.warnings
        if not self.dry_run:  # missing evidence is no item's failure: it is told here
            shown = (*(item for item in self._unproved if item.severity == "error"), *shown)
        for item in shown[:_MOST_SHOWN]:
            yield from render_diagnostic(item).split("\n")
        if len(shown) > _MOST_SHOWN:
            yield f"... and {len(shown) - _MOST_SHOWN} more"
        if report.evidence:
            from tabulate import tabulate

            headers = ["spec", "evidence", "passed", "failed", "skipped"]
            yield from tabulate(list(table(report.evidence)), headers=headers).split("\n")
        yield from render_summary(report)
        if self.dry_run and report.errors:
            yield "dry run: violations don't fail it"
