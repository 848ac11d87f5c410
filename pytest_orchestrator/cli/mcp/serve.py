"""`pytest-orchestrator mcp serve`."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_orchestrator.cli.main import CLEAN, INTERRUPTED
from pytest_orchestrator.cli.output import library_option
from pytest_orchestrator.commands.mcp.serve import serve as run_server


@click.command("serve")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="DIR",
    help="The folder to work on. Nothing outside of it is changed. Default: the current folder.",
)
@library_option("the workspace's own patterns/ and the shipped ones")
@click.option(
    "--evaluation",
    is_flag=True,
    help="The workspace is a checkout that an evaluation throws away: write files that git could not restore, and run "
    "unsafe codemods.",
)
def serve(workspace: Path, library: tuple[Path, ...], *, evaluation: bool) -> int:
    """Run an MCP server on standard input and output, until the input ends.

    Example: claude mcp add patterns -- pytest-orchestrator mcp serve --workspace .
    """
    return INTERRUPTED if run_server(workspace, library or None, evaluation=evaluation) else CLEAN
