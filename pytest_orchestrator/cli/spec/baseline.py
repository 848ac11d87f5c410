"""`pytest-orchestrator spec baseline`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from pytest_orchestrator.cli.main import CLEAN, VIOLATIONS
from pytest_orchestrator.cli.output import Format, format_option, print_json, print_table
from pytest_orchestrator.cli.spec.options import current_project, today_option
from pytest_orchestrator.display import printable

if TYPE_CHECKING:
    from pytest_orchestrator.spec_guard.project import Project


@click.command("baseline")
@click.option("--update", is_flag=True, help="Remove the entries whose finding is gone.")
@click.option("--reason", metavar="TEXT", default="", help="With --update: add new findings, too, and record why.")
@click.option("--list", "listing", is_flag=True, help="Print what it holds, and write nothing.")
@click.option("--base", metavar="REV", help="The revision to compare with. Default: the CI service's or the remote's.")
@format_option
@today_option
def baseline(  # noqa: PLR0913 - click passes each option as an argument
    *, update: bool, reason: str, listing: bool, base: str | None, form: Format, today: str | None
) -> int:
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
    if listing:
        if update:
            raise UsageError("--list writes nothing", fix="leave out --update")
        _list(current_project(judges=False), form)
        return CLEAN
    project = replace(current_project(today, base=base), rules=installed_rules())
    result = update_baseline(project, reason=reason.strip()) if update else create_baseline(project)
    changes = f", {result.removed} removed, {result.added} added" if update else ""
    click.echo(f"{project.settings.baseline}: {_findings(len(result.entries))}{changes}")
    if result.left:
        why = "" if reason or not update else "; it grows only with --reason TEXT"
        click.echo(f"not in it: {_findings(result.left)}; see: pytest-orchestrator spec check{why}", err=True)
    return VIOLATIONS if result.left else CLEAN


def _list(project: Project, form: Format) -> None:
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.spec.baseline import baseline_entries

    entries = baseline_entries(project)
    if form == "json":
        print_json([encode(item) for item in entries])
        return
    rows = [[printable(item.path), item.rule, printable(item.what), printable(item.reason or "")] for item in entries]
    print_table(rows, ["spec", "rule", "finding", "reason"])


def _findings(count: int) -> str:
    return "1 finding" if count == 1 else f"{count} findings"
