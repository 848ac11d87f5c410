"""`pytest-orchestrator spec replay`."""

from __future__ import annotations

from dataclasses import replace as replaced
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from pytest_orchestrator.cli.main import CLEAN
from pytest_orchestrator.cli.output import print_table, progress_bar
from pytest_orchestrator.cli.spec.options import current_project
from pytest_orchestrator.display import printable

if TYPE_CHECKING:
    from pytest_orchestrator.spec_guard.reviews.replay import ReplayReport

_SHOWN = 5


@click.command("replay")
@click.option("--since", metavar="REV", help="The last commit that is not checked. Default: all are.")
@click.option("--rules", metavar="ID,ID", default="", help="Only these rules.")
@click.option(
    "--resume",
    "state",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the verdicts in FILE; continue there after an interruption, or when there are new commits.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def replay(*, since: str | None, rules: str, state: Path | None, form: Literal["text", "json"]) -> int:
    """Check each commit since REV as a change of its own, on its own day, with the present settings.

    Shows what it would have blocked and why, and which blocks proved justified: a later commit corrected the text of
    the spec in terms of what the blocked commit changed. The placebo is how often the same is found for another spec,
    chosen at random. Commits before the first spec are left out, and specs that can't be read are not judged. Files and
    refs are not touched.

    Example: pytest-orchestrator spec replay --since v1.0 --rules SG005,SG007
    """
    from pytest_orchestrator.commands.spec.check import installed_rules
    from pytest_orchestrator.commands.spec.replay import replay as run

    project = replaced(current_project(), rules=installed_rules())
    chosen = tuple(name.strip() for name in rules.split(",") if name.strip())
    with progress_bar("commits") as progress:
        report = run(project, since=since, chosen=chosen, state=state, progress=progress)
    if form == "json":
        import json

        from pytest_orchestrator.codec.decode import encode

        click.echo(json.dumps(encode(report), indent=2))  # paths need not be UTF-8: as escapes
        return CLEAN
    for block in report.blocks:
        click.echo(f"{block.day} {block.commit[:12]} {printable(block.subject)}")
        click.echo(f"  {printable(block.path)}: {block.rule} {printable(block.message)}")
        if block.measured:
            click.echo(f"  {printable(block.justified) or 'no later commit justifies it'}")
    for problem in report.problems:
        click.echo(f"not checked: {printable(problem)}")
    _summarize(report)
    return CLEAN


def _summarize(report: ReplayReport) -> None:
    """Print the summary: first what was not judged."""
    from pytest_orchestrator.spec_guard.reviews.replay import by_rule

    if report.unread:
        count = len(report.unread)
        click.echo(
            f"not judged: {count} spec{'' if count == 1 else 's'} in the commits in which they can't be read; "
            f"{report.unread_specs} of {report.specs} in the last one"
        )
        for item in report.unread[:_SHOWN]:
            click.echo(f"  {printable(item.path)}: {printable(item.reason)}")
        if count > _SHOWN:
            click.echo(f"  and {count - _SHOWN} more: --format json names them")
    if report.undated_specs:
        click.echo(
            f"without a date: {report.undated_specs} of {report.specs} specs in the last commit; "
            "judged, but for the age of their reviews"
        )
    if report.skipped:
        click.echo(f"left out: {_commits(report.skipped)} before the first spec")
    if report.blocks:
        rows = [
            [
                item.rule,
                item.blocks,
                item.measured,
                _share(item.justified, item.measured),
                _share(item.placebo, item.asked),
            ]
            for item in by_rule(report)
        ]
        headers = ["rule", "would have blocked", "about a change of code", "justified", "placebo"]
        print_table(rows, headers, align=["left", *["right"] * 4])
    click.echo(f"{_commits(report.commits)}: {report.blocked_commits} would have been blocked")


def _share(count: int, total: int) -> str:
    return f"{count} ({count / total:.1%})" if total else "-"


def _commits(count: int) -> str:
    return "1 commit" if count == 1 else f"{count} commits"
