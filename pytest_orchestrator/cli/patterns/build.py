"""`patterns build`: the index of a project's own patterns."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_orchestrator.cli.main import CLEAN, VIOLATIONS
from pytest_orchestrator.config import find_root


@click.command("build")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when something is stale.")
def build(*, check: bool) -> int:
    """Write patterns/index.json and the table in patterns/README.md from the patterns.

    Example: pytest-orchestrator patterns build --check
    """
    from pytest_orchestrator.commands.patterns.build import build as build_index

    built = build_index(find_root(Path.cwd()), write=not check)
    for path in built.stale:
        click.echo(f"{path}: {'is stale: run pytest-orchestrator patterns build' if check else 'written'}")
    if not built.stale:
        noun = "pattern" if built.patterns == 1 else "patterns"
        click.echo(f"{built.patterns} {noun}, everything up to date")
    return VIOLATIONS if check and built.stale else CLEAN
