"""The tool `report.more`, and the argument that limits the answers which it continues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from mcp_types import CallToolResult, ToolAnnotations
from pydantic import Field

from pytest_orchestrator.mcp_servers.pages import DEFAULT_LIMIT_KB, Pages
from pytest_orchestrator.mcp_servers.strict_tool import StrictTool, answer, strict_tool

READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)

LimitArgument = Annotated[int, Field(ge=4, le=10_000, description="Longest answer in kB.")]


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    """What report.more returns, beside the fields of the report."""

    next_cursor: str | None = None


class ReportTools:
    """The tool for the pages of reports."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def tools(self) -> list[StrictTool]:
        """The tool, to register with a server."""
        return [
            strict_tool(self.more, name="report.more", title="More of a report", annotations=READS, returns=ReportPage)
        ]

    def more(
        self,
        cursor: Annotated[str, Field(description="The `next_cursor` of a result.")],
        limit_kb: LimitArgument = DEFAULT_LIMIT_KB,
    ) -> CallToolResult:
        """Continue a result that has a `next_cursor`."""
        return answer(self._pages.next(cursor, limit_kb=limit_kb))
