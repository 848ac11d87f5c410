"""The base class of linters, which visit a file and report exact ranges."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import libcst as cst
from libcst.metadata import CodeRange, PositionProvider

from pytest_orchestrator.diagnostics import Edit, Range
from pytest_orchestrator.pattern_engine.worker.visiting.metadata import Metadata
from pytest_orchestrator.pattern_engine.worker.visiting.positions import range_of


@dataclass(frozen=True, kw_only=True, order=True)
class Finding:
    """One report of a linter."""

    range: Range
    message: str
    edit: Edit | None = field(default=None, compare=False)
    """The edit that removes its cause, if there is one."""


class Linter(cst.BatchableCSTVisitor):
    """A visitor that reports findings and changes nothing; the engine makes a new instance for every file.

    Subclasses define `visit_X`, `leave_X`, `visit_X_attribute` and `leave_X_attribute` methods as LibCST calls them.
    Their return values are ignored: children are always visited. A subclass's `METADATA_DEPENDENCIES` are added to the
    ones here. A linter with parameters takes them as keyword arguments of its `__init__` and calls
    `super().__init__()` there.

        class AssertOnTuple(Linter):
            def visit_Assert(self, node: cst.Assert) -> None:
                if isinstance(node.test, cst.Tuple) and node.test.elements:
                    self.report(node, "a tuple is always true")
    """

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.findings: list[Finding] = []

    def report(self, node: cst.CSTNode, message: str) -> None:
        """Report the exact range of `node`, which must be a node of the file, with a message for the user.

        Raises:
            TypeError: `node` is no node, or the message no text.
            ValueError: the node is not one of the file's, such as one that the linter made.
        """
        if not isinstance(node, cst.CSTNode):
            raise TypeError(f"report() takes a node of the file, not {node!r}")
        position = self.get_metadata(PositionProvider, node, None)
        if position is None:
            raise ValueError("the reported node is not in the file: report a node that a visit_ method was called with")
        assert isinstance(position, CodeRange)  # noqa: S101 - the provider gives nothing else
        self.report_range(range_of(position), message)

    def report_range(self, range: Range, message: str) -> None:  # noqa: A002 - the field's own word
        """Report a range of the file: lines and columns count from 1, columns are characters, the end is exclusive.

        Raises:
            TypeError: `range` is no `Range`, or the message no text.
            ValueError: the range starts before line 1, column 1, or ends before its start.
        """
        if not isinstance(message, str):
            raise TypeError(f"the message of a report must be a string, not {message!r}")
        if not isinstance(range, Range):
            raise TypeError(f"the range of a report must be a pytest_orchestrator.api.patterns.Range, not {range!r}")
        start, end = (range.start_line, range.start_column), (range.end_line, range.end_column)
        if not (1, 1) <= start <= end or min(*start, *end) < 1:
            raise ValueError(f"a range starts at line 1, column 1 or later, and ends no earlier: {range}")
        self.findings.append(Finding(range=range, message=message))

    @classmethod
    def watcher_class(cls) -> type[cst.BatchableCSTVisitor]:
        """The class of the visitors that `watchers` gives."""
        return cls

    def watchers(self) -> Collection[cst.BatchableCSTVisitor]:
        """The visitors that are run on the file: the linter itself, or the visitor that it wraps."""
        return (self,)

    def reported(self, metadata: Metadata) -> list[Finding]:  # noqa: ARG002 - for linters that wrap a visitor
        """The findings in the file that `metadata` is of, sorted by position, without duplicates."""
        return sorted(set(self.findings))
