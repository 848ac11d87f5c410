"""`pytest-orchestrator patterns apply` and `lint`: the library on somebody's code."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from pytest_orchestrator.cli.main import BAD_INPUT, CLEAN, VIOLATIONS
from pytest_orchestrator.cli.output import progress_bar
from pytest_orchestrator.config import find_root

if TYPE_CHECKING:
    from pytest_orchestrator.commands.patterns.apply import Applied
    from pytest_orchestrator.pattern_engine.pattern import Pattern


def _run_options(command: Any) -> Any:
    """The options that `apply` and `lint` share."""
    for option in reversed(
        (
            click.argument("paths", metavar="[PATH]...", nargs=-1),
            click.option(
                "--select", multiple=True, metavar="WHAT", help="An id, a dotted name, tag:NAME or safety:safe."
            ),
            click.option("--ignore", multiple=True, metavar="WHAT", help="What to leave out, in the same words."),
            click.option("--set", "settings", multiple=True, metavar="ID.NAME=VALUE", help="A parameter of a pattern."),
            click.option(
                "--jobs", "-j", type=click.IntRange(1), help="Worker processes; as many as pay off unless told."
            ),
            click.option("--no-cache", is_flag=True, help="Know nothing of earlier runs."),
            click.option("--statistics", is_flag=True, help="Count by pattern, on standard error."),
            click.option(
                "--format",
                "form",
                type=click.Choice(["text", "json", "sarif", "github"]),
                default="text",
                show_default=True,
            ),
        )
    ):
        command = option(command)
    return command


@click.command("apply")
@_run_options
@click.option("--unsafe", is_flag=True, help="Also run codemods whose changes a person must look at.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change as a diff, or in the JSON.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when something would change.")
@click.option("--allow-dirty", is_flag=True, help="Write although git could not bring everything back.")
def apply(*, unsafe: bool, diff: bool, check: bool, allow_dirty: bool, **options: Any) -> int:
    """Change the Python files at PATHS (below this folder; all of them unless told) with codemods.

    What git ignores is never touched. Codemods that write newer Python than `requires-python` in pyproject.toml admits
    are left out. Exits 0 when the changes are made, 1 with --check when there would be some, a suppression is wrong or
    not needed, or a file can't be read as Python, and 2 when a pattern failed on a file.

    Example: pytest-orchestrator patterns apply --select tag:strings --diff src
    """
    from pytest_orchestrator.commands.patterns.findings import as_diff

    if diff and options["form"] in ("sarif", "github"):
        raise click.UsageError(f"--diff prints a patch, which --format {options['form']} has no place for: use --check")
    applied = _run("codemod", options, unsafe=unsafe, write=not (diff or check), allow_dirty=allow_dirty)
    if diff and options["form"] == "text":
        sys.stdout.flush()
        sys.stdout.buffer.writelines(as_diff(applied.changes))
        sys.stdout.buffer.flush()
    _print_applied(applied, options, diff=diff, written=not (diff or check))
    found = bool(applied.changes) or bool(applied.report.counts["found"]) or _left_alone(applied)
    return _exit_code(applied, violations=check and found)


@click.command("lint")
@_run_options
def lint(**options: Any) -> int:
    """Look for problems in the Python files at PATHS (below this folder; all of them unless told) with linters.

    What git ignores is passed over. Exits 1 when something is found or a file can't be read as Python, and 2 when a
    pattern failed on a file.

    Example: pytest-orchestrator patterns lint --ignore tag:time --format sarif
    """
    applied = _run("linter", options, unsafe=True, write=False, allow_dirty=True)
    _print_applied(applied, options)
    return _exit_code(applied, violations=bool(applied.report.counts["found"]) or _left_alone(applied))


def _left_alone(applied: Applied) -> bool:
    """Whether there is a file that a pattern had business in and that can't be read: it is in no way clean.

    What a comment keeps a codemod from is left alone because somebody wants that.
    """
    from pytest_orchestrator.pattern_engine.results import Rejected

    return any(isinstance(item, Rejected) and item.reason != "suppressed" for item in applied.report.files)


def _exit_code(applied: Applied, *, violations: bool) -> int:
    """A pattern that failed is worth more than what the others found."""
    if applied.report.failures:
        return BAD_INPUT
    return VIOLATIONS if violations else CLEAN


def _run(
    kind: Literal["codemod", "linter"], options: dict[str, Any], *, unsafe: bool, write: bool, allow_dirty: bool
) -> Applied:
    from pytest_orchestrator.commands.patterns.apply import bind_all, choose, run
    from pytest_orchestrator.commands.patterns.list import project_library
    from pytest_orchestrator.pattern_engine.host.cache import default_cache_folder

    library = project_library(find_root(Path.cwd()))
    patterns = choose(library, kind, select=options["select"], ignore=options["ignore"], unsafe=unsafe)
    if kind == "codemod":
        patterns = _fit_for_the_project(patterns)
    with progress_bar() as progress:
        return run(
            Path.cwd(),
            bind_all(patterns, options["settings"]),
            options["paths"],
            write=write,
            jobs=options["jobs"],
            cache_folder=None if options["no_cache"] else default_cache_folder(),
            allow_dirty=allow_dirty,
            progress=progress,
            problem_with=library.problem_with,
        )


def _fit_for_the_project(patterns: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    """Those that write no newer Python than the project supports; says which it leaves out."""
    from pytest_orchestrator.errors import UsageError
    from pytest_orchestrator.pattern_engine.library.supported_python import oldest_python, split_by_python, too_new_for

    oldest = oldest_python(find_root(Path.cwd()))
    fit, too_new = split_by_python(patterns, oldest)
    for pattern in too_new:
        click.echo(
            f"left out {pattern.id}: {too_new_for(pattern, oldest)}",
            err=True,
        )
    if not fit:
        raise UsageError("no codemod is left to run", fix="choose others, or raise requires-python")
    return tuple(fit)


def _print_applied(applied: Applied, options: dict[str, Any], *, diff: bool = False, written: bool = False) -> None:
    from pytest_orchestrator.commands.patterns import findings

    match options["form"]:
        case "json":
            click.echo(findings.as_json(applied, diff=diff))
        case "sarif":
            from pytest_orchestrator.commands.patterns.sarif import as_sarif

            click.echo(as_sarif(applied))
        case "github":
            _print_lines(findings.as_github(applied))
        case _:
            _print_lines(findings.as_text(applied, written=written), to_stderr=diff)  # standard output holds the patch
    click.echo(findings.as_summary(applied, written=written), err=True)
    if options["statistics"]:
        from tabulate import tabulate

        headers = ("pattern", "files changed", "found")
        click.echo(tabulate(findings.as_statistics(applied), headers, disable_numparse=True), err=True)


def _print_lines(lines: Iterable[str], *, to_stderr: bool = False) -> None:
    for line in lines:
        # A file name that is not UTF-8 is shown with escapes: a terminal can't be given its bytes.
        click.echo(line.encode("utf-8", "backslashreplace").decode(), err=to_stderr)
