"""`pytest-orchestrator patterns show`."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_orchestrator.cli.main import CLEAN
from pytest_orchestrator.cli.output import Format, format_option, print_json, print_table
from pytest_orchestrator.config import find_root
from pytest_orchestrator.display import printable_block


@click.command("show")
@click.argument("name", metavar="ID")
@format_option
def show(*, name: str, form: Format) -> int:
    """Show one pattern: its metadata, parameters and README. ID may be the dotted name of a LibCST command.

    Example: pytest-orchestrator patterns show super-no-args
    """
    from pytest_orchestrator.commands.patterns.list import details, project_library

    described = details(project_library(find_root(Path.cwd())).get(name))
    if form == "json":
        print_json(described)
        return CLEAN
    plain = ("id", "kind", "title", "description", "safety", "minimum_python", "entry", "folder", "digest")
    rows = [[key, described[key]] for key in plain if described[key]]
    rows.insert(4, ["tags", ", ".join(described["tags"])])
    rows += [[key, ", ".join(described[key])] for key in ("after", "conflicts_with") if described[key]]
    print_table(rows, [])
    if described["parameters"]:
        click.echo()
        parameters = [
            [key, item["type"], item.get("default", "(required)"), item["description"]]
            for key, item in described["parameters"].items()
        ]
        print_table(parameters, ["parameter", "type", "default", "description"])
    if described["readme"]:
        click.echo(f"\n{printable_block(described['readme'].rstrip())}")
    return CLEAN
