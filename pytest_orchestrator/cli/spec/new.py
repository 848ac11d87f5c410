"""`pytest-orchestrator spec new`."""

from __future__ import annotations

import click

from pytest_orchestrator.cli.main import CLEAN
from pytest_orchestrator.cli.spec.options import current_project


@click.command("new")
@click.argument("identity", metavar="ID")
@click.option("--title", metavar="TEXT", required=True)
@click.option("--owner", "owners", metavar="NAME", multiple=True, required=True, help="May be given several times.")
@click.option("--covers", metavar="ANCHOR", multiple=True, help="The code that it covers; may be given several times.")
@click.option("--folder", metavar="DIR", help="The folder to write it to. Default: the first folder of specs.")
def new(*, identity: str, title: str, owners: tuple[str, ...], covers: tuple[str, ...], folder: str | None) -> int:
    """Write a new spec: a valid draft with today as its last review.

    Example: pytest-orchestrator spec new cache --title "The cache" --owner ann --covers src/cache.py::Cache
    """
    from pytest_orchestrator.commands.spec.new import Draft, new_spec

    draft = Draft(identity, title=title, owners=owners, covers=covers)
    click.echo(f"wrote {new_spec(current_project(judges=False), draft, folder=folder)}")
    return CLEAN
