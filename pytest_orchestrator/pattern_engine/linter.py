"""The base class of linters: it visits a file and reports exact places."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst
from libcst.metadata import CodeRange, PositionProvider

from pytest_orchestrator.records import Range


@dataclass(frozen=True, kw_only=True, order=True)
class Finding:
    """One place that a linter complains about."""

    range: Range
    message: str


class Linter(cst.BatchableCSTVisitor):
    """A visitor that reports findings and changes nothing; a new instance is made for every file.

    Subclasses define `visit_X`, `leave_X`, `visit_X_attribute` and `leave_X_attribute` methods, whose return values are
    ignored: children are always visited. A subclass's `METADATA_DEPENDENCIES` are added to the ones here. A linter with
    parameters takes them as keyword arguments of its `__init__` and calls `super().__init__()`.
    """

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.findings: list[Finding] = []

    def report(self, node: cst.CSTNode, message: str) -> None:
        """Complain about `node`, which must be one of the file's own nodes: its exact range is the place."""
        place = self.get_metadata(PositionProvider, node)
        assert isinstance(place, CodeRange)  # noqa: S101 - the provider gives nothing else
        self.report_range(
            Range(
                start_line=place.start.line,
                start_column=place.start.column + 1,
                end_line=place.end.line,
                end_column=place.end.column + 1,
            ),
            message,
        )

    def report_range(self, range: Range, message: str) -> None:  # noqa: A002 - the field's own word
        """Complain about a stretch of the file."""
        self.findings.append(Finding(range=range, message=message))
