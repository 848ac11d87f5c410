"""`pytest-orchestrator spec forecast`."""

from __future__ import annotations

from typing import Literal

import click

from pytest_orchestrator.cli.main import CLEAN
from pytest_orchestrator.cli.output import print_json, print_table
from pytest_orchestrator.cli.spec.options import current_project, today_option


@click.command("forecast")
@click.option(
    "--weeks", metavar="N", type=click.IntRange(1, 104), default=8, show_default=True, help="How many weeks to show."
)
@click.option("--format", "form", type=click.Choice(["text", "json", "svg", "ics"]), default="text", show_default=True)
@today_option
def forecast(*, weeks: int, form: Literal["text", "json", "svg", "ics"], today: str | None) -> int:
    """List the reviews that are due in the coming weeks; `--format svg` draws a calendar, `--format ics` writes one
    for programs that show appointments (iCalendar).

    Example: pytest-orchestrator spec forecast --weeks 12 --format svg > reviews.svg
    """
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.spec.forecast import coming_expiries
    from pytest_orchestrator.spec_guard.reviews.forecast import by_week, rows

    project = current_project(today, judges=False)
    found, undated = coming_expiries(project)
    warn_undated(undated)
    coming = by_week(found, today=project.today, weeks=weeks)
    if form == "json":
        print_json([{"week": week.name, "expiries": [encode(item) for item in week.expiries]} for week in coming])
    elif form == "svg":
        from pytest_orchestrator.spec_guard.reports.calendar_svg import render_calendar

        click.echo(render_calendar(found, today=project.today, weeks=weeks), nl=False)
    elif form == "ics":
        from pytest_orchestrator.commands.spec.forecast import project_name
        from pytest_orchestrator.spec_guard.reports.calendar_ics import render_ics

        inside = [item for week in coming for item in week.expiries]
        click.echo(render_ics(inside, today=project.today, project=project_name(project.root)), nl=False)
    else:
        print_table([list(row) for row in rows(coming)], ["week", "due", "specs"])
    return CLEAN


def warn_undated(paths: tuple[str, ...]) -> None:
    """Name the specs that a forecast leaves out, on standard error."""
    if paths:
        click.echo(
            f"skipped {', '.join(paths)}: no readable last_review; see: pytest-orchestrator spec check", err=True
        )
