"""`pytest-orchestrator mcp`: what is offered to agents."""

from __future__ import annotations

import click

from pytest_orchestrator.cli.main import Group
from pytest_orchestrator.cli.mcp.serve import serve


@click.group("mcp", cls=Group)
def group() -> None:
    """Serve patterns and the spec guard to agents over MCP.

    Example: pytest-orchestrator mcp serve --workspace .
    """


group.add_command(serve)
