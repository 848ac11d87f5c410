"""`pytest-orchestrator spec check`."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pytest_orchestrator.cli.main import CLEAN, VIOLATIONS
from pytest_orchestrator.cli.output import is_coloured, is_for_person
from pytest_orchestrator.cli.spec.options import current_project, owner_option, project_paths, today_option

if TYPE_CHECKING:
    from pytest_orchestrator.commands.spec.render import Form
    from pytest_orchestrator.spec_guard.change.scope import Scope
    from pytest_orchestrator.spec_guard.project import Project
    from pytest_orchestrator.spec_guard.reports.report import SpecReport

_FORMS = ["text", "json", "sarif", "github", "junit", "markdown", "html"]


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
@owner_option
@click.option("--dry-run", is_flag=True, help="Report violations, but exit 0.")
def check(  # noqa: PLR0913 - click passes each option as an argument
    *,
    paths: tuple[Path, ...],
    form: Form,
    today: str | None,
    base: str | None,
    max_age: int | None,
    scope: Scope | None,
    owner: str | None,
    dry_run: bool,
) -> int:
    """Check the specs of this project, or only the specs and the changed code at PATHS.

    Exits 1 when there is a violation, and 2 when the check fails to run.

    Example: pytest-orchestrator spec check --format json tasks/specs
    """
    from pytest_orchestrator.commands.spec.arguments import checked_max_age
    from pytest_orchestrator.commands.spec.check import check_specs, installed_rules

    project = current_project(today, base=base)
    limit = checked_max_age(max_age, option="--max-age")
    project = replace(project, max_age_days=limit, rules=installed_rules())
    report = check_specs(project, paths=_chosen(project, paths, owner), scope=scope)
    click.echo(_rendered(project, report, form), color=is_coloured())
    if problem := _summarise(report):
        click.echo(f"the step summary can't be written: {problem}", err=True)
    return VIOLATIONS if report.errors and not dry_run else CLEAN


def _chosen(project: Project, paths: tuple[Path, ...], owner: str | None) -> tuple[str, ...]:
    """What is checked: everything when it is empty."""
    named = project_paths(project, paths)
    if owner is None:
        return named
    from pytest_orchestrator.commands.spec.owner import owned_paths
    from pytest_orchestrator.errors import UsageError

    owned = owned_paths(project, owner)
    below = tuple(f"{path}/" for path in named)
    both = tuple(path for path in owned if not named or "." in named or path in named or path.startswith(below))
    if not both:
        raise UsageError(f"{owner} owns no spec in {', '.join(named)}", fix="name other paths, or none")
    return both


def _summarise(report: SpecReport) -> str:
    from pytest_orchestrator.commands.spec.render import write_step_summary

    return write_step_summary(report, os.environ)


def _rendered(project: Project, report: SpecReport, form: Form) -> str:
    from pytest_orchestrator.commands.spec.render import render, render_for_person

    if form != "text":
        return render(report, form)
    text = render(report, form)
    if is_for_person():
        text = render_for_person(report, project.root, colour=is_coloured() is not False)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        # GitHub Actions shows these beside the lines of a pull request.
        text += "\n" + render(report, "github")
    return text.rstrip("\n")
