"""`pytest-orchestrator spec check`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pytest_orchestrator.cli.main import CLEAN, VIOLATIONS
from pytest_orchestrator.cli.spec.options import current_project, project_paths, today_option

if TYPE_CHECKING:
    from pytest_orchestrator.commands.spec.render import Form
    from pytest_orchestrator.spec_guard.change.scope import Scope
    from pytest_orchestrator.spec_guard.reports.report import SpecReport

_FORMS = ["text", "json", "sarif", "github", "junit", "markdown"]


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(_FORMS), default="text", show_default=True)
@today_option
@click.option("--base", metavar="REV", help="The revision to compare with. Default: the CI service's or the remote's.")
@click.option("--max-age", metavar="DAYS", type=int, help="How old a review may be. Default: the project's setting.")
@click.option(
    "--scope",
    type=click.Choice(["all", "diff", "changed"]),
    help="Specs that the change does not concern: check them (all), only warn about them (diff), or skip them "
    "(changed).",
)
@click.option("--dry-run", is_flag=True, help="Report violations, but exit 0.")
def check(  # noqa: PLR0913 - click passes each option as an argument
    *,
    paths: tuple[Path, ...],
    form: Form,
    today: str | None,
    base: str | None,
    max_age: int | None,
    scope: Scope | None,
    dry_run: bool,
) -> int:
    """Check the specs of this project, or only the specs and the changed code at PATHS.

    Exits 1 when there is a violation, and 2 when the check fails to run.

    Example: pytest-orchestrator spec check --format json tasks/specs
    """
    from dataclasses import replace

    from pytest_orchestrator.commands.spec.arguments import checked_max_age
    from pytest_orchestrator.commands.spec.check import check_specs, installed_rules

    project = current_project(today, base=base)
    limit = checked_max_age(max_age, option="--max-age")
    project = replace(project, max_age_days=limit, rules=installed_rules())
    report = check_specs(project, paths=project_paths(project, paths), scope=scope)
    click.echo(_rendered(report, form))
    return VIOLATIONS if report.errors and not dry_run else CLEAN


def _rendered(report: SpecReport, form: Form) -> str:
    from pytest_orchestrator.commands.spec.render import render

    text = render(report, form)
    if form == "text" and os.environ.get("GITHUB_ACTIONS") == "true":
        # GitHub Actions shows these beside the lines of a pull request.
        text += "\n" + render(report, "github")
    return text.rstrip("\n")
