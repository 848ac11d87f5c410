"""`pytest-orchestrator mcp`: thin; see `commands/mcp/serve.py`."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_orchestrator.cli.main import CLEAN, INTERRUPTED
from pytest_orchestrator.commands.mcp.serve import serve


@click.group()
def group() -> None:
    """Serve patterns and the spec guard to agents over MCP."""


@group.command("serve")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="DIR",
    help="The folder to work on. Nothing outside of it is changed. Default: the current folder.",
)
@click.option(
    "--library",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="DIR",
    help="A folder of patterns, used instead of the workspace's own patterns/ and the shipped ones. May be repeated; "
    "the first folder that has a pattern wins.",
)
def serve_command(workspace: Path, library: tuple[Path, ...]) -> int:
    """Run an MCP server on standard input and output, until the input ends.

    Example: claude mcp add patterns -- pytest-orchestrator mcp serve --workspace .
    """
    return INTERRUPTED if serve(workspace, library or None) else CLEAN
