"""The end of pytest's output: the table of outcomes, the changed expectations, the paths of the record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_orchestrator.display import relative_name
from pytest_orchestrator.evaluation.record.log import RunSummary
from pytest_orchestrator.evaluation.record.report import ALIGN, HEADERS, table
from pytest_orchestrator.tables import plain_table


def show_summary(reporter: pytest.TerminalReporter, summary: RunSummary, root: Path) -> None:
    """Print the summary of a run."""
    reporter.section("evaluation")
    for line in _lines(summary, root):
        reporter.line(line)
    for problem in summary.problems:
        reporter.line(f"error: {problem}", red=True)


def _lines(summary: RunSummary, root: Path) -> Iterator[str]:
    if summary.rows:
        yield from plain_table(table(summary.rows), HEADERS, align=ALIGN).splitlines()
        yield ""
    if summary.changes:
        yield "expectations:"
        for change in summary.changes:
            yield f"  {change.path}: {change.change}"
            yield from (f"    {detail}" for detail in change.details)
        yield ""
    for name, what in (("report", "report.md"), ("diffs", "diffs"), ("errors", "errors")):
        path = summary.folder / what
        if path.exists():
            yield f"{name + ':':<8}{relative_name(path, root)}"
