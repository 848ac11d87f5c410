"""`pytest-orchestrator patterns new`, `test` and `profile`: for those who write patterns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

import click

from pytest_orchestrator.cli.main import BAD_INPUT, CLEAN, VIOLATIONS
from pytest_orchestrator.cli.output import Format, format_option, print_json, print_table, progress_bar
from pytest_orchestrator.config import find_root
from pytest_orchestrator.display import printable, printable_block

if TYPE_CHECKING:
    from pytest_orchestrator.commands.patterns.test import FailedCheck, PatternVerdict


@click.command("new")
@click.argument("id_", metavar="ID")
@click.option("--kind", type=click.Choice(["codemod", "linter", "template"]), default="codemod", show_default=True)
def new(*, id_: str, kind: Literal["codemod", "linter", "template"]) -> int:
    """Make a pattern that works, with cases that pass, in this project's folder patterns/.

    Example: pytest-orchestrator patterns new no-old-name --kind linter
    """
    from pytest_orchestrator.commands.patterns.new import create

    for path in create(find_root(Path.cwd()), id_, kind):
        click.echo(f"{path.as_posix()}: written")
    click.echo(f"now run: pytest-orchestrator patterns test {id_}")
    return CLEAN


@click.command("test")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--watch", is_flag=True, help="Run them again whenever a file of theirs changes, until Ctrl-C.")
@click.option("--mutate", is_flag=True, help="Break the patterns' code to see whether their cases notice.")
@format_option
def test(*, ids: tuple[str, ...], watch: bool, mutate: bool, form: Format) -> int:
    """Run the cases of patterns: the named ones, else the project's own, else the whole library.

    Exits 1 when a check fails. `pytest patterns` runs the same checks as tests. With --mutate, a pattern's code is
    changed in memory, one small change at a time, and the exit code is 1 when its cases don't notice one.

    Example: pytest-orchestrator patterns test super-no-args
    """
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.patterns.test import check_patterns, select

    if watch and (mutate or form == "json"):
        raise click.UsageError(f"--watch is for people at work: leave out {'--mutate' if mutate else '--format json'}")
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
    watch, said = Watch(root, ids), ""
    while True:
        click.clear()  # on a terminal only
        if said:
            click.echo(said)
        try:
            patterns = select(root, ids)
            watch.include(patterns)
            _print_verdicts(list(check_patterns(patterns)))
        except OrchestratorError as error:  # it is being worked on
            click.echo(f"error: {error}")
        click.echo("waiting for a change; Ctrl-C ends it")
        changed = watch.wait()
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        said = f"{changed[0]}{more} changed"


def _mutate(ids: tuple[str, ...], form: Format) -> int:
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.patterns.mutate import mutate, with_code
    from pytest_orchestrator.commands.patterns.test import select

    reports = []
    for pattern in with_code(select(find_root(Path.cwd()), ids), ids):
        with progress_bar() as progress:
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
            click.echo(printable_block(f"{_place(verdict.pattern, first)}: {first.check}: {first.message}"))
            cases = {failure.case for failure in others}
            if cases == {first.case}:
                click.echo(f"and for the same reason: {', '.join(failure.check for failure in others)}")
            elif cases:
                noun = "check" if len(others) == 1 else "checks"
                click.echo(f"and for the same reason {len(others)} more {noun}")
            click.echo()
    rows = [[verdict.pattern, verdict.cases, verdict.checks, len(verdict.failed)] for verdict in verdicts]
    print_table(rows, ["pattern", "cases", "checks", "failed"])


def _place(pattern: str, failure: FailedCheck) -> str:
    return f"{pattern}/{failure.path}" + (f":{failure.line}" if failure.line else "")


@click.command("profile")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--select", multiple=True, metavar="WHAT", help="An id, a dotted name, tag:NAME or safety:safe.")
@format_option
def profile(*, paths: tuple[str, ...], select: tuple[str, ...], form: Format) -> int:
    """Time each pattern alone on the Python files at PATHS, and count the files that it is run on in vain.

    Writes nothing. Of a pattern with a good trigger, few files are matched and not touched. Exits 2 when a pattern
    failed on a file.

    Example: pytest-orchestrator patterns profile --select super-no-args src
    """
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.patterns.list import project_library
    from pytest_orchestrator.commands.patterns.profile import profile_patterns

    library = project_library(find_root(Path.cwd()))
    profiles = list(profile_patterns(Path.cwd(), library, select, paths))
    if form == "json":
        print_json(encode(profiles))
    else:
        rows = [
            [item.pattern, f"{item.seconds:.2f}", item.files, item.matched, item.touched, item.matched - item.touched]
            for item in profiles
        ]
        print_table(rows, ["pattern", "seconds", "files", "matched", "touched", "in vain"])
    failed = [item for item in profiles if item.failed]
    for item in failed:
        more = f", and on {len(item.failed) - 1} more" if len(item.failed) > 1 else ""
        click.echo(f"{item.pattern} failed on {printable(item.failed[0])}{more}", err=True)
    return BAD_INPUT if failed else CLEAN
