"""`pytest-orchestrator spec`: the spec guard without pytest, for pre-commit and for CI."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pytest_orchestrator.cli.main import CLEAN, VIOLATIONS
from pytest_orchestrator.cli.spec.review import forecast, review
from pytest_orchestrator.cli.spec.write import index, new, replay, stamp

if TYPE_CHECKING:
    from pytest_orchestrator.commands.spec.render import Form
    from pytest_orchestrator.spec_guard.change.scope import Scope
    from pytest_orchestrator.spec_guard.reports.report import SpecReport


_FORMS = ["text", "json", "sarif", "github", "junit", "markdown"]


@click.group("spec")
def group() -> None:
    """Check that specs are fresh, well-formed and true to the code.

    Example: pytest-orchestrator spec check
    """


@group.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(_FORMS), default="text", show_default=True)
@click.option("--today", metavar="DATE", help="The day to judge by, as YYYY-MM-DD; today unless told.")
@click.option("--base", metavar="REV", help="What the change is compared with; found out unless told.")
@click.option("--max-age", metavar="DAYS", type=int, help="How old a review may be; the project's setting unless told.")
@click.option(
    "--scope",
    type=click.Choice(["all", "diff", "changed"]),
    help="Whether specs that the change has nothing to do with fail (all), warn (diff) or are left alone (changed).",
)
@click.option("--dry-run", is_flag=True, help="Report violations, but exit 0.")
def check(  # noqa: PLR0913 - an argument an option, as click wants it
    *,
    paths: tuple[Path, ...],
    form: Form,
    today: str | None,
    base: str | None,
    max_age: int | None,
    scope: Scope | None,
    dry_run: bool,
) -> int:
    """Check the specs of the project around this folder, or only the specs and the changed code among PATHS.

    Exits 1 when there is a violation, and 2 when the check can't be made.

    Example: pytest-orchestrator spec check --format json tasks/specs
    """
    from dataclasses import replace

    from pytest_orchestrator.commands.spec.check import check_specs, judged_day, relative_paths, with_max_age
    from pytest_orchestrator.config import find_root, load_settings

    cwd = Path.cwd()
    root = find_root(cwd)
    settings = load_settings(root)
    limited = with_max_age(settings.spec_guard, max_age, option="--max-age")
    report = check_specs(
        root,
        settings=replace(settings, spec_guard=limited),
        today=judged_day(today, option="--today"),
        paths=relative_paths(paths, root=root, cwd=cwd),
        base=base,
        scope=scope,
    )
    click.echo(_rendered(report, form))
    return VIOLATIONS if report.errors and not dry_run else CLEAN


def _rendered(report: SpecReport, form: Form) -> str:
    from pytest_orchestrator.commands.spec.render import render

    text = render(report, form)
    if form == "text" and os.environ.get("GITHUB_ACTIONS") == "true":
        # What GitHub Actions shows beside the lines of a pull request.
        text += "\n" + render(report, "github")
    return text.rstrip("\n")


for _command in (review, forecast, new, index, stamp, replay):
    group.add_command(_command)
