"""The MCP tool `spec.check`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from mcp_types import CallToolResult
from pydantic import Field

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.config import load_settings
from pytest_orchestrator.mcp_servers.cancellable import Progress, ShouldStop, run_cancellable
from pytest_orchestrator.mcp_servers.pages import DEFAULT_LIMIT_KB, Pages
from pytest_orchestrator.mcp_servers.report_tools import READS, LimitArgument
from pytest_orchestrator.mcp_servers.strict_tool import StrictTool, answer, strict_tool
from pytest_orchestrator.mcp_servers.workspace_path import WorkspaceArgument, relative_paths, resolve_workspace
from pytest_orchestrator.spec_guard.guard import guard
from pytest_orchestrator.spec_guard.project import Project
from pytest_orchestrator.spec_guard.reports.report import SpecReport
from pytest_orchestrator.spec_guard.rules.rule import Rule


class SpecTools:
    """The tool about specs, for a workspace in `root`; `rules` are asked for at each call."""

    def __init__(self, root: Path, rules: Callable[[], Sequence[Rule]], pages: Pages) -> None:
        self._root = root
        self._pages = pages
        self._rules = rules

    def tools(self) -> list[StrictTool]:
        """The tool, to register with a server."""
        return [
            strict_tool(self.check_specs, name="spec.check", title="Check specs", annotations=READS, returns=SpecReport)
        ]

    async def check_specs(
        self,
        context: Context[Any, Any],
        paths: Annotated[
            list[str],
            Field(max_length=1000, description="Specs, code files or folders; default: the whole project."),
        ] = [],  # noqa: B006 - the SDK copies it
        base: Annotated[
            str | None, Field(description="Git revision to compare with; default: CI's, or the remote's branch.")
        ] = None,
        workspace: WorkspaceArgument = None,
        limit_kb: LimitArgument = DEFAULT_LIMIT_KB,
    ) -> CallToolResult:
        """Check that specs are well-formed, reviewed lately, and changed together with the code that they govern.
        Diagnostics of severity `error` are violations. Nothing is written."""
        root = resolve_workspace(self._root, workspace)
        named = relative_paths(root, paths)

        def work(_progress: Progress, _should_stop: ShouldStop) -> dict[str, Any]:
            settings = load_settings(root).spec_guard
            today = date.today()  # noqa: DTZ011 - a review's date is a day of its author's calendar
            project = Project(root, settings=settings, today=today, base=base, rules=tuple(self._rules()))
            return self._pages.first(encode(guard(project, paths=named)), limit_kb=limit_kb)

        return answer(await run_cancellable(work, context.report_progress))
