"""`pytest-orchestrator spec review`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from pytest_orchestrator.cli.main import CLEAN
from pytest_orchestrator.cli.output import print_json, print_table
from pytest_orchestrator.cli.spec.forecast import warn_undated
from pytest_orchestrator.cli.spec.options import current_project, project_paths, today_option
from pytest_orchestrator.display import printable, printable_block

if TYPE_CHECKING:
    from pytest_orchestrator.spec_guard.project import Project
    from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord


@click.command("review")
@click.argument("paths", nargs=-1)
@click.option("--by", metavar="OWNER", help="The reviewer: an owner of the spec, or an approver.")
@click.option("--note", metavar="TEXT", default="", help="A note for the record.")
@click.option("--all-changed", is_flag=True, help="Review the specs that the change edits, or whose code it edits.")
@click.option(
    "--stale", is_flag=True, help="Review the specs that are due, or whose text or code changed since their review."
)
@click.option(
    "--diff", "differences", is_flag=True, help="Print what changed since the last review, and ask for confirmation."
)
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
@click.option("--bulk", is_flag=True, help="Record more reviews than bulk_dates, although the next check reports them.")
@click.option("--base", metavar="REV", help="The revision to compare with, for --all-changed.")
@click.option("--level", metavar="N", type=int, help="Plan reviews, at most N a day; record nothing.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@today_option
def review(  # noqa: PLR0913 - click passes each option as an argument
    *,
    paths: tuple[str, ...],
    by: str | None,
    note: str,
    all_changed: bool,
    stale: bool,
    differences: bool,
    yes: bool,
    bulk: bool,
    base: str | None,
    level: int | None,
    form: Literal["text", "json"],
    today: str | None,
) -> int:
    """Record that somebody reviewed specs: set last_review, and append to the ledger of reviews.

    PATHS are files, folders, and globs in quotes. Commit the ledger (by default tasks/reviews.jsonl) together with the
    specs.

    Example: pytest-orchestrator spec review docs/specs/cache.md --by ann --diff
    """
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.spec.arguments import judged_day
    from pytest_orchestrator.commands.spec.review import (
        Choice,
        check_reviews,
        choose_specs,
        difference,
        doubt_about,
        record_reviews,
        update_index,
    )
    from pytest_orchestrator.errors import UsageError

    project = current_project(today, base=base)
    if level is not None:
        return _plan(project, level, form)
    if not by:
        raise UsageError("a review needs a reviewer", fix="--by OWNER")
    if not (paths or all_changed or stale):
        raise UsageError("no spec is named", fix="name specs, or use --all-changed or --stale")
    if project.today > judged_day(None, option="--today"):
        raise UsageError(f"--today={project.today} is in the future", fix="leave --today out")
    patterns = project_paths(project, tuple(map(Path, paths)))
    found = choose_specs(project, Choice(patterns=patterns, changed=all_changed, stale=stale))
    reported = check_reviews(project, found, bulk=bulk)
    if reported:
        click.echo(f"the next check reports these {reported} changes of dates (SG015)", err=True)
    if doubt := doubt_about(project, by):
        click.echo(f"warning: {printable(doubt)}", err=True)
    true = []
    for spec in found:
        if differences:
            click.echo(printable_block(difference(project, spec)))
        if not differences or yes or _confirm(f"Is {spec.path} still true?"):
            true.append(spec)
    # Before the first line about them: who reads the output may close it.
    recorded = record_reviews(project, true, by=by, note=note) if true else ()
    index = update_index(project) if recorded else ""
    if form == "json":
        print_json([encode(item) for item in recorded])
    elif recorded:
        _print_recorded(recorded, f"{project.settings.reviews} and {index}" if index else project.settings.reviews)
    else:
        click.echo("nothing was reviewed" if found else "nothing to review")
    return CLEAN


def _print_recorded(records: Sequence[ReviewRecord], files: str) -> None:
    for item in records:
        click.echo(f"{item.path}: reviewed by {printable(item.by)} on {item.on}")
    click.echo(f"commit {files} together with the spec{'' if len(records) == 1 else 's'}")


def _confirm(question: str) -> bool:
    from pytest_orchestrator.errors import UsageError

    try:
        return click.confirm(question)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise UsageError(
            "--diff asks for confirmation, and there is no terminal to ask at", fix="run it on a terminal, or add --yes"
        ) from None


def _plan(project: Project, per_day: int, form: str) -> int:
    from pytest_orchestrator.commands.spec.forecast import appointments, coming_expiries

    found, undated = coming_expiries(project)
    warn_undated(undated)
    plan = appointments(found, today=project.today, per_day=per_day)
    if form == "json":
        rows = [
            {"day": str(item.day), "due": str(item.expiry.due), "spec": item.expiry.path, "days_late": item.days_late}
            for item in plan
        ]
        print_json(rows)
        return CLEAN
    table = [[item.day, item.expiry.path, item.expiry.due, _late(item.days_late)] for item in plan]
    late = sum(bool(item.days_late) for item in plan)
    headers = ["review on", "spec", "due", "late"]
    print_table(table if late else [row[:-1] for row in table], headers if late else headers[:-1])
    if late:
        click.echo(f"{late} of {len(plan)} are planned after the day on which they are due")
    return CLEAN


def _late(days: int) -> str:
    return "" if not days else "1 day" if days == 1 else f"{days} days"
