"""`pytest-orchestrator spec suggest-covers`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pytest_orchestrator.cli.main import CLEAN
from pytest_orchestrator.cli.output import Format, format_option, print_json, print_table
from pytest_orchestrator.cli.spec.options import current_project, project_paths
from pytest_orchestrator.display import listed, printable

if TYPE_CHECKING:
    from pytest_orchestrator.commands.spec.suggest_covers import Precision


@click.command("suggest-covers")
@click.argument("paths", nargs=-1)
@click.option("--write", is_flag=True, help="Add the suggestions to the front matter of the specs.")
@click.option("--measure", "measured", is_flag=True, help="Print how right suggestions are for the specs with covers.")
@format_option
def suggest_covers(*, paths: tuple[str, ...], write: bool, measured: bool, form: Format) -> int:
    """Suggest the code that specs may govern, the best first, each with the reason.

    The reasons are what the text of a spec names, which files changed together with it, and what tests import that are
    marked with its id. PATHS are specs, folders, and globs in quotes. --measure hides the covers that specs have, and
    counts how many of the suggested files are among them.

    Example: pytest-orchestrator spec suggest-covers docs/specs/cache.md
    """
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.spec.suggest_covers import measure, unread_specs, write_covers
    from pytest_orchestrator.commands.spec.suggest_covers import suggest_covers as find
    from pytest_orchestrator.errors import UsageError

    project = current_project(judges=False)
    if measured:
        if write or paths:
            raise UsageError("--measure is about all specs, and writes nothing", fix="give it alone")
        _print_precision(measure(project), form)
        return CLEAN
    patterns = project_paths(project, tuple(map(Path, paths)))
    found = find(project, patterns)
    if unread := unread_specs(project, patterns):
        names = printable(listed(unread))
        click.echo(f"skipped, because they can't be read: {names}; see: pytest-orchestrator spec check", err=True)
    if write:
        write_covers(project, found)
    if form == "json":
        print_json([encode(item) for item in found])
        return CLEAN
    rows = [
        [printable(item.path), printable(each.entry), f"{each.score:.1f}", printable("; ".join(each.reasons[:2]))]
        for item in found
        for each in item.suggestions
    ]
    if not rows:
        click.echo("nothing to suggest")
        return CLEAN
    print_table(rows, ["spec", "covers", "score", "reason"], align=["left", "left", "right", "left"])
    if write:
        click.echo(
            f"added to {len(found)} spec{'' if len(found) == 1 else 's'}; read and correct them before the review"
        )
    return CLEAN


def _print_precision(found: Precision, form: Format) -> None:
    from pytest_orchestrator.codec.decode import encode

    if form == "json":
        print_json(encode(found))
        return
    click.echo(
        f"{found.specs} specs with covers; of the {found.suggested} files that would have been suggested for them:"
    )
    click.echo(f"{found.right} right: {_share(found.right, found.suggested)} of the suggested ones (precision),")
    click.echo(f"{_share(found.right, found.covered)} of the {found.covered} covered ones (recall)")


def _share(count: int, total: int) -> str:
    return f"{count / total:.1%}" if total else "-"
