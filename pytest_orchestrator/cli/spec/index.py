"""`pytest-orchestrator spec index`."""

from __future__ import annotations

import click

from pytest_orchestrator.cli.main import CLEAN
from pytest_orchestrator.cli.spec.options import current_project


@click.command("index")
def index() -> int:
    """Write the index of specs, by default tasks/index.json.

    Example: pytest-orchestrator spec index
    """
    from pytest_orchestrator.commands.spec.index import write_index

    path, count, broken = write_index(current_project(judges=False))
    click.echo(f"wrote {path}: {count} spec{'' if count == 1 else 's'}")
    if broken:
        click.echo(f"skipped {broken} that can't be read; see: pytest-orchestrator spec check", err=True)
    return CLEAN
