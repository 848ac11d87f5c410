"""`except:` that catches everything and goes on."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import CodeRange, PositionProvider

from pytest_orchestrator.api.patterns import Linter, Range

_MESSAGE = "this catches KeyboardInterrupt and SystemExit too: name what you expect, or write `except Exception:`"


class BareExcept(Linter):
    """Report handlers that name no exception and don't raise it again."""

    def visit_ExceptHandler(self, node: cst.ExceptHandler) -> None:
        """Mark the word `except` alone: the handler may be long."""
        if node.type is not None or _raises_again(node.body):
            return
        position = self.get_metadata(PositionProvider, node)
        assert isinstance(position, CodeRange)  # noqa: S101 - the provider gives nothing else
        line, column = position.start.line, position.start.column + 1
        self.report_range(
            Range(start_line=line, start_column=column, end_line=line, end_column=column + len("except")), _MESSAGE
        )


def _raises_again(body: cst.BaseSuite) -> bool:
    """Whether a `raise` stands directly in the handler, so that it is there to clean up."""
    lines = [body] if isinstance(body, cst.SimpleStatementSuite) else body.body
    statements = [part for line in lines if not isinstance(line, cst.BaseCompoundStatement) for part in line.body]
    return any(isinstance(statement, cst.Raise) and statement.exc is None for statement in statements)
