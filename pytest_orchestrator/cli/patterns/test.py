"""`patterns test`: the cases of patterns, again whenever a file changes, or against changed code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from pytest_orchestrator.cli.main import CLEAN, VIOLATIONS
from pytest_orchestrator.cli.output import Format, format_option, print_json, print_table, progress_bar
from pytest_orchestrator.config import find_root
from pytest_orchestrator.display import listed, printable_block

if TYPE_CHECKING:
    from pytest_orchestrator.commands.patterns.test import FailedCheck, PatternVerdict


@click.command("test")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option(
    "--watch", is_flag=True, help="Run the cases again whenever a file of the patterns changes, until Ctrl-C."
)
@click.option("--mutate", is_flag=True, help="Check that the cases notice small changes of the patterns' code.")
@format_option
def test(*, ids: tuple[str, ...], watch: bool, mutate: bool, form: Format) -> int:
    """Run the cases of the named patterns; by default of the project's own, or of the whole library if there are none.

    Exits 1 when a check fails. `pytest patterns` runs the same checks as tests. With --mutate, makes one
    small change at a time in a copy of the pattern's code, and exits 1 when the cases don't notice one.

    Example: pytest-orchestrator patterns test super-no-args
    """
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.patterns.test import check_patterns, select

    if watch and (mutate or form == "json"):
        raise click.UsageError(f"--watch can't be combined with {'--mutate' if mutate else '--format json'}")
    if watch:
        _watch(ids)
    if mutate:
        return _mutate(ids, form)
    verdicts = list(check_patterns(select(find_root(Path.cwd()), ids)))
    if form == "json":
        print_json(encode(verdicts))
    else:
        _print_verdicts(verdicts)
    return VIOLATIONS if any(verdict.failed for verdict in verdicts) else CLEAN


def _watch(ids: tuple[str, ...]) -> NoReturn:
    from pytest_orchestrator.commands.patterns.test import check_patterns, select
    from pytest_orchestrator.commands.patterns.watch import Watch
    from pytest_orchestrator.errors import OrchestratorError

    root = find_root(Path.cwd())
    watch, status = Watch(root, ids), ""
    while True:
        click.clear()  # on a terminal only
        if status:
            click.echo(status)
        try:
            patterns = select(root, ids)
            watch.include(patterns)
            _print_verdicts(list(check_patterns(patterns)))
        except OrchestratorError as error:  # the pattern is being edited
            click.echo(f"error: {error}")
        click.echo("waiting for a change; press Ctrl-C to stop")
        changed = watch.wait()
        status = f"{listed(changed, at_most=1)} changed"


def _mutate(ids: tuple[str, ...], form: Format) -> int:
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.patterns.mutate import mutate, with_code
    from pytest_orchestrator.commands.patterns.test import select

    reports = []
    for pattern in with_code(select(find_root(Path.cwd()), ids), ids):
        with progress_bar("mutants") as progress:
            reports.append(mutate(pattern, progress=progress))
    if form == "json":
        print_json(encode(reports))
    else:
        for report in reports:
            for survivor in report.survived:
                click.echo(f"{report.pattern}/{survivor.path}:{survivor.line}: no case notices: {survivor.change}")
                click.echo(f"{printable_block(survivor.diff)}\n{survivor.advice}\n")
        rows = [
            [
                item.pattern,
                item.mutants,
                item.killed,
                item.timeouts,
                len(item.survived),
                item.marked,
                f"{item.score:.1%}",
            ]
            for item in reports
        ]
        print_table(rows, ["pattern", "mutants", "killed", "timeouts", "survived", "marked", "score"])
    return VIOLATIONS if any(report.survived for report in reports) else CLEAN


def _print_verdicts(verdicts: list[PatternVerdict]) -> None:
    from pytest_orchestrator.commands.patterns.test import alike

    for verdict in verdicts:
        for first, *others in alike(verdict.failed):
            click.echo(printable_block(f"{_location(verdict.pattern, first)}: {first.check}: {first.message}"))
            cases = {failure.case for failure in others}
            if cases == {first.case}:
                click.echo(f"for the same reason: {', '.join(failure.check for failure in others)}")
            elif cases:
                noun = "check" if len(others) == 1 else "checks"
                click.echo(f"and for the same reason {len(others)} more {noun}")
            click.echo()
    rows = [[verdict.pattern, verdict.cases, verdict.checks, len(verdict.failed)] for verdict in verdicts]
    print_table(rows, ["pattern", "cases", "checks", "failed"])


def _location(pattern: str, failure: FailedCheck) -> str:
    return f"{pattern}/{failure.path}" + (f":{failure.line}" if failure.line else "")
