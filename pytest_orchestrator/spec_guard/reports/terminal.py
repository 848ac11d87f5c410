"""The report for a person at a terminal: with colours, and with the lines that the findings are about."""

from __future__ import annotations

from collections.abc import Callable

from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.display import Style, painted, quoted_line
from pytest_orchestrator.spec_guard.reports.report import SpecReport, render_diagnostic, render_summary

ReadLine = Callable[[str, int], str | None]
"""Reads a line of a file of the project, counted from 1; None when there is no such line."""


def render_terminal(report: SpecReport, read_line: ReadLine, *, colour: bool) -> str:
    """As `reports.report.render_text`, with the line in question below each finding."""

    def finding(item: Diagnostic) -> str:
        what, *fix = render_diagnostic(item).split("\n")
        place, _, said = what.partition(f" {item.rule} ")
        rule = painted(item.rule, "red" if item.severity == "error" else "yellow", colour=colour)
        number = item.range.start_line
        quoted = quoted_line(number, read_line(item.path, number), colour=colour)
        return "\n".join([f"{place} {rule} {said}", *quoted, *fix])

    lines = [finding(item) for item in report.diagnostics]
    lines += [painted(f"not checked: {problem}", "red", colour=colour) for problem in report.problems]
    *before, counts = render_summary(report)
    failed = report.errors or report.problems
    style: Style = "red" if failed else "yellow" if report.warnings else "green"
    return "\n".join([*lines, *before, painted(counts, style, colour=colour)])
