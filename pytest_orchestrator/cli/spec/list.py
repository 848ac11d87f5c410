"""`pytest-orchestrator spec list`."""

from __future__ import annotations

import click

from pytest_orchestrator.cli.main import CLEAN
from pytest_orchestrator.cli.output import Format, format_option, print_json, print_table
from pytest_orchestrator.cli.spec.options import current_project, owner_option, today_option

_HEADERS = ["spec", "id", "owners", "status", "review", "age", "due"]


@click.command("list")
@owner_option
@format_option
@today_option
def list_(*, owner: str | None, form: Format, today: str | None) -> int:
    """List the specs: owners, status, age of the last review in days, and the last day on which it counts.

    Example: pytest-orchestrator spec list --owner ann
    """
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.spec.list import list_specs
    from pytest_orchestrator.commands.spec.owner import owned_paths

    project = current_project(today, judges=False)
    found = list_specs(project)
    if owner is not None:
        wanted = owned_paths(project, owner)
        found = tuple(item for item in found if item.path in wanted)
    if form == "json":
        print_json([encode(item) for item in found])
        return CLEAN
    rows = [
        [item.path, item.id, ", ".join(item.owners), item.status, item.state, item.age_days, item.due] for item in found
    ]
    print_table([["" if cell is None else cell for cell in row] for row in rows], _HEADERS)
    return CLEAN
