"""The report for a person at a terminal: with colours, and with the lines that the findings are about."""

from __future__ import annotations

from collections.abc import Callable

from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.display import printable, shorten
from pytest_orchestrator.spec_guard.reports.report import SpecReport, render_diagnostic, render_summary

ReadLine = Callable[[str, int], str | None]
"""Reads a line of a file of the project, counted from 1; None when there is no such line."""

_RED, _YELLOW, _GREEN, _DIM = "31", "33", "32", "2"
_MAX_CHARACTERS = 100


def render_terminal(report: SpecReport, read_line: ReadLine, *, colour: bool) -> str:
    """As `reports.report.render_text`, with the line in question below each finding."""

    def painted(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if colour else text

    def finding(item: Diagnostic) -> str:
        what, *fix = render_diagnostic(item).split("\n")
        place, _, said = what.partition(f" {item.rule} ")
        rule = painted(item.rule, _RED if item.severity == "error" else _YELLOW)
        line = read_line(item.path, item.range.start_line)
        shown = shorten(printable(line.strip()), _MAX_CHARACTERS) if line else ""
        quoted = [painted(f"  {item.range.start_line} | {shown}", _DIM)] if shown else []
        return "\n".join([f"{place} {rule} {said}", *quoted, *fix])

    lines = [finding(item) for item in report.diagnostics]
    lines += [painted(f"not checked: {problem}", _RED) for problem in report.problems]
    *before, counts = render_summary(report)
    failed = report.errors or report.problems
    return "\n".join([*lines, *before, painted(counts, _RED if failed else _YELLOW if report.warnings else _GREEN)])
