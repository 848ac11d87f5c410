"""The MCP server: the tools, resources and prompts of one workspace and one library."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from mcp.server.mcpserver import MCPServer

from pytest_orchestrator.mcp_servers.pattern_tools import PatternTools
from pytest_orchestrator.mcp_servers.prompts import add_prompts
from pytest_orchestrator.mcp_servers.resources import add_resources
from pytest_orchestrator.pattern_engine.crew import Crew
from pytest_orchestrator.pattern_engine.library import load_library

NAME = "pytest-orchestrator"

_INSTRUCTIONS = """\
Codemods and linters for the Python code in one workspace, and the check of its specs.
Start with patterns.list; patterns.show explains one pattern. patterns.lint only reports; patterns.apply edits files in
place, so look at the resulting diff. A report's `rejected` files were left alone, and say why.
"""


def build_server(workspace: Path, library_folders: Sequence[Path], *, crew: Crew | None = None) -> MCPServer[None]:
    """A server for `workspace`, with the patterns of `library_folders` as they are now.

    `crew` runs the patterns, and is closed when the server ends; one that is warm already saves the first call's time.

    Raises:
        InputError: a pattern's metadata is malformed.
        PatternError: a library folder does not exist.
    """
    root = workspace.resolve()
    library = load_library(library_folders)
    crew = crew or Crew()

    @asynccontextmanager
    async def lifespan(_server: MCPServer[None]) -> AsyncIterator[None]:
        try:
            yield
        finally:
            crew.close()

    server: MCPServer[None] = MCPServer(
        NAME,
        title="Patterns and specs",
        version=version("pytest-orchestrator"),
        instructions=_INSTRUCTIONS,
        log_level="ERROR",
        tools=[*PatternTools(root, library, crew).tools()],
        lifespan=lifespan,
    )
    add_resources(server, library)
    add_prompts(server, library)
    return server
