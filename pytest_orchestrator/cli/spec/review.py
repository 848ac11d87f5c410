"""`pytest-orchestrator spec review` and `spec forecast`: reading specs again, and when."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from pytest_orchestrator.cli.main import CLEAN
from pytest_orchestrator.display import printable, printable_block

_TODAY = click.option("--today", metavar="DATE", help="The day to judge by, as YYYY-MM-DD; today unless told.")


@click.command("review")
@click.argument("paths", nargs=-1)
@click.option("--by", metavar="OWNER", help="Who reviewed: an owner of the spec, or an approver.")
@click.option("--note", metavar="TEXT", default="", help="What there is to say about it.")
@click.option("--all-changed", is_flag=True, help="The specs that the change touches, or whose code it touches.")
@click.option("--stale", is_flag=True, help="The specs that are due, or whose text or code changed since their review.")
@click.option("--diff", "differences", is_flag=True, help="Show what changed since the last review, and ask.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option("--base", metavar="REV", help="What the change is compared with, for --all-changed.")
@click.option("--level", metavar="N", type=int, help="Record nothing: plan reviews, at most N a day.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@_TODAY
def review(  # noqa: PLR0913 - an argument an option, as click wants it
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
    """Record that somebody read specs and found them true: sets last_review, and appends to the ledger of reviews.

    PATHS are files, folders, and globs in quotes. The ledger is tasks/reviews.jsonl unless configured otherwise;
    commit it together with the specs.

    Example: pytest-orchestrator spec review docs/specs/cache.md --by ann --diff
    """
    from pytest_orchestrator.commands.spec.check import judged_day, relative_paths
    from pytest_orchestrator.commands.spec.review import Choice, ReviewSession
    from pytest_orchestrator.config import find_root, load_settings
    from pytest_orchestrator.errors import UsageError

    cwd = Path.cwd()
    root = find_root(cwd)
    settings = load_settings(root).spec_guard
    day = judged_day(today, option="--today")
    if level is not None:
        return _plan(root, level, day, form)
    if not by:
        raise UsageError("a review needs somebody who reviewed", fix="--by OWNER")
    if not (paths or all_changed or stale):
        raise UsageError("no spec is named", fix="name specs, or use --all-changed or --stale")
    if day > judged_day(None, option="--today"):
        raise UsageError(f"--today={day} has not come yet: nobody can have reviewed anything", fix="leave --today out")
    session = ReviewSession(root, settings=settings, today=day, base=base)
    patterns = relative_paths([Path(path) for path in paths], root=root, cwd=cwd)
    found = session.chosen(Choice(patterns=patterns, changed=all_changed, stale=stale))
    recorded = []
    for spec in found:
        if differences:
            click.echo(printable_block(session.difference(spec)))
        if differences and not yes and not click.confirm(f"Is {spec.path} true as it is now?"):
            continue
        recorded.append(session.record(spec, by=by, note=note))
        if form == "text":
            click.echo(f"{spec.path}: reviewed by {printable(recorded[-1].by)} on {day}")
    if form == "json":
        import json

        from pytest_orchestrator.codec.decode import encode

        click.echo(json.dumps([encode(item) for item in recorded], indent=2))
    elif recorded:
        click.echo(f"commit {settings.reviews} together with the spec{'' if len(recorded) == 1 else 's'}")
    else:
        click.echo("nothing was reviewed" if found else "nothing to review")
    return CLEAN


@click.command("forecast")
@click.option(
    "--weeks", metavar="N", type=click.IntRange(1, 104), default=8, show_default=True, help="How far to look."
)
@click.option("--format", "form", type=click.Choice(["text", "json", "svg"]), default="text", show_default=True)
@_TODAY
def forecast(*, weeks: int, form: Literal["text", "json", "svg"], today: str | None) -> int:
    """Show which reviews fall due in the coming weeks; `--format svg` draws a calendar.

    Example: pytest-orchestrator spec forecast --weeks 12 --format svg > reviews.svg
    """
    import json

    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.spec.check import judged_day
    from pytest_orchestrator.commands.spec.forecast import coming_expiries
    from pytest_orchestrator.config import find_root, load_settings
    from pytest_orchestrator.spec_guard.reviews.forecast import by_week, rows

    root = find_root(Path.cwd())
    day = judged_day(today, option="--today")
    found, unknown = coming_expiries(root, settings=load_settings(root).spec_guard, today=day)
    _say_unknown(unknown)
    coming = by_week(found, today=day, weeks=weeks)
    if form == "json":
        listed = [{"week": week.name, "expiries": [encode(item) for item in week.expiries]} for week in coming]
        click.echo(json.dumps(listed, indent=2))
    elif form == "svg":
        from pytest_orchestrator.spec_guard.reports.calendar_svg import render_calendar

        click.echo(render_calendar(found, today=day, weeks=weeks), nl=False)
    else:
        _table(list(rows(coming)), ["week", "due", "specs"])
    return CLEAN


def _plan(root: Path, per_day: int, day: object, form: str) -> int:
    import json
    from datetime import date

    from pytest_orchestrator.commands.spec.forecast import appointments, coming_expiries
    from pytest_orchestrator.config import load_settings

    assert isinstance(day, date)  # noqa: S101 - what `judged_day` returns
    found, unknown = coming_expiries(root, settings=load_settings(root).spec_guard, today=day)
    _say_unknown(unknown)
    plan = appointments(found, today=day, per_day=per_day)
    if form == "json":
        keys = [{"day": str(item.day), "due": str(item.expiry.due), "spec": item.expiry.path} for item in plan]
        click.echo(json.dumps(keys, indent=2))
    else:
        _table([(item.day, item.expiry.path, item.expiry.due) for item in plan], ["review on", "spec", "due"])
    return CLEAN


def _say_unknown(specs: tuple[str, ...]) -> None:
    if specs:
        named = ", ".join(specs)
        click.echo(f"left out {named}: no readable last_review; see: pytest-orchestrator spec check", err=True)


def _table(rows: list[tuple[object, ...]], headers: list[str]) -> None:
    from tabulate import tabulate

    click.echo(tabulate([[str(cell) for cell in row] for row in rows], headers=headers, disable_numparse=True))
