"""`pytest-orchestrator patterns list`."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_orchestrator.cli.main import CLEAN
from pytest_orchestrator.cli.output import Format, format_option, print_json, print_table
from pytest_orchestrator.config import find_root


@click.command("list")
@format_option
def list_(*, form: Format) -> int:
    """List the available patterns: the project's own, those of installed packages, and the shipped ones.

    Example: pytest-orchestrator patterns list --format json
    """
    from pytest_orchestrator.commands.patterns.list import project_library, summaries

    found = summaries(project_library(find_root(Path.cwd())).patterns)
    if form == "json":
        print_json(found)
    else:
        rows = [[item["id"], item["kind"], item["safety"], item["title"]] for item in found]
        print_table(rows, ["id", "kind", "safety", "title"])
    return CLEAN
