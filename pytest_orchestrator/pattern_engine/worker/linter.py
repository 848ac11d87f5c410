"""The base class of linters: it visits a file and reports exact places."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import libcst as cst
from libcst.metadata import CodeRange, PositionProvider

from pytest_orchestrator.pattern_engine.worker.visiting.metadata import Metadata
from pytest_orchestrator.records import Edit, Range


@dataclass(frozen=True, kw_only=True, order=True)
class Finding:
    """One place that a linter complains about."""

    range: Range
    message: str
    edit: Edit | None = field(default=None, compare=False)
    """What would mend it."""


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
        if not isinstance(node, cst.CSTNode):
            raise TypeError(f"what is reported must be a node of the file, not {node!r}")
        place = self.get_metadata(PositionProvider, node, None)
        if place is None:
            raise ValueError("the reported node is none of the file's: report one that a visit_ method was given")
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
        if not isinstance(message, str):
            raise TypeError(f"the message of a report must be text, not {message!r}")
        if not isinstance(range, Range):
            raise TypeError(f"the place of a report must be a pytest_orchestrator.records.Range, not {range!r}")
        start, end = (range.start_line, range.start_column), (range.end_line, range.end_column)
        if not (1, 1) <= start <= end or min(*start, *end) < 1:
            raise ValueError(f"a range starts at line 1, column 1 or later, and ends no earlier: {range}")
        self.findings.append(Finding(range=range, message=message))

    @classmethod
    def watcher_class(cls) -> type[cst.BatchableCSTVisitor]:
        """The class of those that `watchers` names."""
        return cls

    def watchers(self) -> Collection[cst.BatchableCSTVisitor]:
        """Who is shown the file: the linter itself, unless it speaks for somebody else."""
        return (self,)

    def reported(self, metadata: Metadata) -> list[Finding]:  # noqa: ARG002 - for those that speak for somebody else
        """What was found in the file that `metadata` is of, sorted by place, the same thing once."""
        return sorted(set(self.findings))
