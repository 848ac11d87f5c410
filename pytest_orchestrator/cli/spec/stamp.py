"""`pytest-orchestrator spec stamp`."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_orchestrator.cli.main import BAD_INPUT, CLEAN
from pytest_orchestrator.cli.spec.options import current_project, project_paths
from pytest_orchestrator.display import printable


@click.command("stamp")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--owner", "owners", metavar="NAME", multiple=True, help="The owner for files that name none.")
@click.option("--undo", is_flag=True, help="Remove the keys that were added.")
@click.option("--dry-run", is_flag=True, help="Print what would change, and change nothing.")
def stamp(*, paths: tuple[Path, ...], owners: tuple[str, ...], undo: bool, dry_run: bool) -> int:
    """Add the keys that specs lack to their front matter (YAML, TOML between +++, an HTML comment, or none).

    Nothing else changes, so other tools read what they read before. [tool.pytest_orchestrator.spec_guard.front_matter]
    maps other keys and statuses to ours. When one file can't be stamped, none is written.

    Example: pytest-orchestrator spec stamp --owner ann
    """
    from pytest_orchestrator.commands.spec.stamp import stamp_specs

    project = current_project(judges=False)
    result = stamp_specs(project, paths=project_paths(project, paths), owners=owners, undo=undo, dry_run=dry_run)
    for error in result.failed:
        click.echo(f"error: {error}", err=True)
    if result.failed:
        return BAD_INPUT
    done = "restored" if undo else "stamped"
    for path in result.changed:
        click.echo(f"{'would be ' if dry_run else ''}{done}: {printable(path)}")
    click.echo(f"{len(result.changed)} file{'' if len(result.changed) == 1 else 's'}")
    return CLEAN
