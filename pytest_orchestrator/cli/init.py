"""`pytest-orchestrator init`."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from pytest_orchestrator.cli.main import CLEAN
from pytest_orchestrator.cli.spec.options import current_project, today_option
from pytest_orchestrator.display import printable_block


@click.command("init")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option(
    "--owner",
    metavar="NAME",
    default="",
    help="The owner of specs that name none. Default: CODEOWNERS, else the last commit's author.",
)
@click.option("--base", metavar="REV", help="The revision to compare with. Default: the CI service's or the remote's.")
@today_option
def init(*, yes: bool, owner: str, base: str | None, today: str | None) -> int:
    """Set the spec guard up for the specs that this repository has.

    Proposes settings for pyproject.toml, and a baseline of what is wrong today, so that `spec check` passes at once.
    Specs stay as they are. Settings that exist are not changed.

    Example: pytest-orchestrator init
    """
    from pytest_orchestrator.commands.spec.check import installed_rules
    from pytest_orchestrator.commands.spec.init import plan_init, write_init
    from pytest_orchestrator.errors import UsageError

    project = replace(current_project(today, base=base), rules=installed_rules())
    plan = plan_init(project, owner=owner.strip())
    for layout in plan.layouts:
        count = sum(path.startswith(f"{layout.folder}/") for path in plan.project.paths)
        click.echo(f"found {layout.name}: {count} in {layout.folder}")
    if plan.nothing_to_do:
        click.echo("nothing to do")
    else:
        click.echo(printable_block(plan.difference()), nl=False)
        if plan.baseline.entries:
            click.echo(f"findings of today, for {plan.project.settings.baseline}: {len(plan.baseline.entries)}")
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError("nothing was written: there is no terminal to ask at", fix="--yes")
            click.confirm("Write this?", abort=True)
        for path in write_init(plan):
            click.echo(f"wrote {path}")
        click.echo("commit it; then: pytest-orchestrator spec check")
    if plan.baseline.left:
        click.echo(f"no baseline holds what this change touches; findings on it: {plan.baseline.left}", err=True)
    return CLEAN
