"""`pytest-orchestrator spec review`."""

from __future__ import annotations

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
    from pytest_orchestrator.commands.spec.review import Choice, choose_specs, difference, record_review
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
    recorded = []
    for spec in found:
        if differences:
            click.echo(printable_block(difference(project, spec)))
        if differences and not yes and not click.confirm(f"Is {spec.path} still true?"):
            continue
        recorded.append(record_review(project, spec, by=by, note=note))
        if form == "text":
            click.echo(f"{spec.path}: reviewed by {printable(recorded[-1].by)} on {project.today}")
    if form == "json":
        print_json([encode(item) for item in recorded])
    elif recorded:
        ledger = project.settings.reviews
        click.echo(f"commit {ledger} together with the spec{'' if len(recorded) == 1 else 's'}")
    else:
        click.echo("nothing was reviewed" if found else "nothing to review")
    return CLEAN


def _plan(project: Project, per_day: int, form: str) -> int:
    from pytest_orchestrator.commands.spec.forecast import appointments, coming_expiries

    found, undated = coming_expiries(project)
    warn_undated(undated)
    plan = appointments(found, today=project.today, per_day=per_day)
    if form == "json":
        print_json([{"day": str(item.day), "due": str(item.expiry.due), "spec": item.expiry.path} for item in plan])
    else:
        print_table([[item.day, item.expiry.path, item.expiry.due] for item in plan], ["review on", "spec", "due"])
    return CLEAN
