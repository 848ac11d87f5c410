"""The end of a pytest run that evaluated: the table of verdicts, what moved, and where the record lies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_orchestrator.evaluation.record.log import Ending
from pytest_orchestrator.evaluation.record.report import HEADERS, table


def show_summary(reporter: pytest.TerminalReporter, ending: Ending, root: Path) -> None:
    """Print it."""
    reporter.section("evaluation")
    for line in _lines(ending, root):
        reporter.line(line)
    for problem in ending.problems:
        reporter.line(f"error: {problem}", red=True)


def _lines(ending: Ending, root: Path) -> Iterator[str]:
    if ending.rows:
        from tabulate import tabulate

        yield from tabulate(
            table(ending.rows), headers=HEADERS, disable_numparse=True, colalign=("left", "left", *["right"] * 6)
        ).splitlines()
        yield ""
    if ending.moves:
        yield "expectations:"
        for move in ending.moves:
            yield f"  {move.path}: {move.change}"
            yield from (f"    {detail}" for detail in move.details)
        yield ""
    for name, what in (("report", "report.md"), ("diffs", "diffs"), ("errors", "errors")):
        place = ending.folder / what
        if place.exists():
            yield f"{name + ':':<8}{place.relative_to(root) if place.is_relative_to(root) else place}"
