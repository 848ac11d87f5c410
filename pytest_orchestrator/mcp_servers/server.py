"""The MCP server: tools, resources and prompts for one workspace and one library of patterns.

The protocol is the Model Context Protocol (https://modelcontextprotocol.io/specification/2025-11-25).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, CallToolResult, GetPromptResult, InputRequiredResult

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.mcp_servers.pages import Pages
from pytest_orchestrator.mcp_servers.pattern_run import RunPatterns
from pytest_orchestrator.mcp_servers.pattern_tools import PatternTools
from pytest_orchestrator.mcp_servers.prompts import add_prompts
from pytest_orchestrator.mcp_servers.report_tools import ReportTools
from pytest_orchestrator.mcp_servers.resources import add_resources
from pytest_orchestrator.mcp_servers.spec_tools import SpecTools
from pytest_orchestrator.pattern_engine.library.library import Library
from pytest_orchestrator.spec_guard.rules.rule import Rule
from pytest_orchestrator.spec_guard.rules.shipped import SHIPPED_RULES

NAME = "pytest-orchestrator"

_INSTRUCTIONS = """\
Codemods and linters for the Python code in one workspace, and a check of its specs.
Start with patterns.list. patterns.apply edits files in place: see the diff with dry_run first.
"""


class PatternServer(MCPServer[None]):
    """The SDK's server, except that an unknown tool or prompt is refused with the nearest known name."""

    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None, context: Context[Any, Any] | None = None
    ) -> GetPromptResult | InputRequiredResult:
        """Render a prompt.

        Raises:
            MCPError: there is no prompt of that name, or its arguments are wrong.
        """
        known = [prompt.name for prompt in await self.list_prompts()]
        if name not in known:
            raise MCPError(INVALID_PARAMS, f"there is no prompt {name!r}: {did_you_mean(name, known)}")
        return await super().get_prompt(name, arguments, context)

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[None, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool.

        Raises:
            ToolError: there is no tool of that name, its arguments are wrong, or the work failed.
        """
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            known = [tool.name for tool in await self.list_tools()]
            if name in known:
                raise
            raise ToolError(f"there is no tool {name!r}: {did_you_mean(name, known)}") from error


def build_server(
    workspace: Path,
    library: Library,
    run: RunPatterns,
    *,
    rules: Callable[[], Sequence[Rule]] = lambda: SHIPPED_RULES,
    limits_answers: bool = True,
) -> PatternServer:
    """A server for `workspace` that offers the patterns of `library`.

    `run` runs them. `rules` returns the spec guard's rules when they are needed. With `limits_answers`, long reports
    are answered page by page.
    """
    root = workspace.resolve()
    pages = Pages(is_limited=limits_answers)
    server = PatternServer(
        NAME,
        title="Patterns and specs",
        version=version("pytest-orchestrator"),
        instructions=_INSTRUCTIONS,
        log_level="ERROR",
        tools=[
            *PatternTools(root, library, run, pages).tools(),
            *SpecTools(root, rules, pages).tools(),
            *ReportTools(pages).tools(),
        ],
    )
    add_resources(server, library)
    add_prompts(server, library)
    return server
