"""The MCP tool `spec.check`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from mcp_types import CallToolResult, ToolAnnotations
from pydantic import Field

from pytest_orchestrator.config import load_settings
from pytest_orchestrator.mcp_servers.cancellable import Progress, ShouldStop, run_cancellable
from pytest_orchestrator.mcp_servers.strict_tool import StrictTool, answer, strict_tool
from pytest_orchestrator.mcp_servers.workspace_path import check_relative, resolve_workspace
from pytest_orchestrator.spec_guard.guard import guard
from pytest_orchestrator.spec_guard.project import Project
from pytest_orchestrator.spec_guard.reports.report import SpecReport
from pytest_orchestrator.spec_guard.rules.rule import Rule


class SpecTools:
    """The tool about specs, for a workspace in `root`; `rules` are asked for at each call."""

    def __init__(self, root: Path, rules: Callable[[], Sequence[Rule]]) -> None:
        self._root = root
        self._rules = rules

    def tools(self) -> list[StrictTool]:
        """The tool, to register with a server."""
        # Not idempotent: what is stale depends on the day.
        reads = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)
        return [
            strict_tool(self.check_specs, name="spec.check", title="Check specs", annotations=reads, returns=SpecReport)
        ]

    async def check_specs(
        self,
        context: Context[Any, Any],
        paths: Annotated[
            list[str],
            Field(description="Specs, code files or folders, relative to the workspace; default: the whole project."),
        ] = [],  # noqa: B006 - the SDK copies it
        base: Annotated[
            str | None,
            Field(
                description="Git revision to compare the change with; default: from CI, or the remote's default branch."
            ),
        ] = None,
        workspace: Annotated[
            str | None,
            Field(
                description="The project's folder, inside the workspace that the server was started for; default: that "
                "workspace."
            ),
        ] = None,
    ) -> CallToolResult:
        """Check that the project's specs are well-formed, freshly reviewed, and changed together with the code that
        they govern. Diagnostics of severity `error` are violations; each says what to do. Nothing is written."""
        root = resolve_workspace(self._root, workspace)
        check_relative(paths)

        def work(_progress: Progress, _should_stop: ShouldStop) -> SpecReport:
            settings = load_settings(root).spec_guard
            today = date.today()  # noqa: DTZ011 - a review's date is a day of its author's calendar
            project = Project(root, settings=settings, today=today, base=base, rules=tuple(self._rules()))
            return guard(project, paths=paths)

        return answer(await run_cancellable(work, context.report_progress))
