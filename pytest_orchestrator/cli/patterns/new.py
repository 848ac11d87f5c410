"""`patterns new`: a pattern to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from pytest_orchestrator.cli.main import CLEAN
from pytest_orchestrator.config import find_root


@click.command("new")
@click.argument("id_", metavar="ID")
@click.option("--kind", type=click.Choice(["codemod", "linter", "template"]), default="codemod", show_default=True)
def new(*, id_: str, kind: Literal["codemod", "linter", "template"]) -> int:
    """Create a working pattern with passing cases in this project's folder patterns/.

    Example: pytest-orchestrator patterns new no-old-name --kind linter
    """
    from pytest_orchestrator.commands.patterns.new import create

    for path in create(find_root(Path.cwd()), id_, kind):
        click.echo(f"{path.as_posix()}: written")
    click.echo(f"now run: pytest-orchestrator patterns test {id_}")
    return CLEAN
