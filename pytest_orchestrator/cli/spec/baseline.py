"""`pytest-orchestrator spec baseline`."""

from __future__ import annotations

from dataclasses import replace

import click

from pytest_orchestrator.cli.main import CLEAN, VIOLATIONS
from pytest_orchestrator.cli.spec.options import current_project, today_option


@click.command("baseline")
@click.option("--update", is_flag=True, help="Remove the entries whose finding is gone.")
@click.option("--reason", metavar="TEXT", default="", help="With --update: add new findings, too, and record why.")
@click.option("--base", metavar="REV", help="The revision to compare with. Default: the CI service's or the remote's.")
@today_option
def baseline(*, update: bool, reason: str, base: str | None, today: str | None) -> int:
    """Record what is wrong in the specs today, by default in tasks/spec-baseline.json: it fails no check.

    An entry holds until its spec, or the code that the spec covers, changes. A first baseline leaves out what the
    present change touches. Exits 1 when violations are left.

    Example: pytest-orchestrator spec baseline --update
    """
    from pytest_orchestrator.commands.spec.baseline import create_baseline, update_baseline
    from pytest_orchestrator.commands.spec.check import installed_rules
    from pytest_orchestrator.errors import UsageError

    if reason.strip() and not update:
        raise UsageError("--reason is for --update", fix="spec baseline --update --reason TEXT")
    project = replace(current_project(today, base=base), rules=installed_rules())
    result = update_baseline(project, reason=reason.strip()) if update else create_baseline(project)
    changes = f", {result.removed} removed, {result.added} added" if update else ""
    click.echo(f"{project.settings.baseline}: {_findings(len(result.entries))}{changes}")
    if result.left:
        why = "" if reason or not update else "; it grows only with --reason TEXT"
        click.echo(f"not in it: {_findings(result.left)}; see: pytest-orchestrator spec check{why}", err=True)
    return VIOLATIONS if result.left else CLEAN


def _findings(count: int) -> str:
    return "1 finding" if count == 1 else f"{count} findings"
