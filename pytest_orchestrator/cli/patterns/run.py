"""What `patterns apply` and `patterns lint` share: options, the run, output and exit codes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from pytest_orchestrator.cli.main import BAD_INPUT, CLEAN, VIOLATIONS
from pytest_orchestrator.cli.output import print_table, progress_bar
from pytest_orchestrator.config import find_root, load_settings

if TYPE_CHECKING:
    from pytest_orchestrator.commands.patterns.apply import Applied


def run_options(command: Any) -> Any:
    """The options that `apply` and `lint` share."""
    for option in reversed(
        (
            click.argument("paths", metavar="[PATH]...", nargs=-1),
            click.option(
                "--select", multiple=True, metavar="WHAT", help="An id, a dotted name, tag:NAME or safety:safe."
            ),
            click.option("--ignore", multiple=True, metavar="WHAT", help="Patterns to exclude; the same values."),
            click.option("--set", "settings", multiple=True, metavar="ID.NAME=VALUE", help="A parameter of a pattern."),
            click.option(
                "--jobs", "-j", type=click.IntRange(1), help="Number of worker processes; default: as many as pay off."
            ),
            click.option("--no-cache", is_flag=True, help="Ignore the result cache."),
            click.option("--statistics", is_flag=True, help="Print counts by pattern on standard error."),
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


def run_patterns(
    kind: Literal["codemod", "linter"], options: dict[str, Any], *, unsafe: bool, write: bool, allow_dirty: bool
) -> Applied:
    """Run the patterns that the options select, with a progress bar.

    Raises:
        UsageError, PatternError, InputError: as `commands.patterns.apply.run` and `choose`.
    """
    from pytest_orchestrator.commands.patterns.apply import RunOptions, bind_all, choose, run
    from pytest_orchestrator.commands.patterns.list import project_library
    from pytest_orchestrator.errors import UsageError
    from pytest_orchestrator.pattern_engine.host.apply import Observer
    from pytest_orchestrator.pattern_engine.host.cache import default_cache_folder

    root = find_root(Path.cwd())
    library = project_library(root)
    patterns = choose(library, kind, select=options["select"], ignore=options["ignore"], unsafe=unsafe)
    calls = bind_all(patterns, options["settings"], load_settings(root).patterns)
    run_options = RunOptions(
        write=write,
        allow_dirty=allow_dirty,
        jobs=options["jobs"],
        cache_folder=None if options["no_cache"] else default_cache_folder(),
        problem_with=library.problem_with,
    )
    with progress_bar("files") as progress:
        applied = run(Path.cwd(), calls, options["paths"], run_options, observer=Observer(progress=progress))
    _print_lines(applied.skipped, to_stderr=True)
    if not applied.patterns:
        raise UsageError("no codemod is left to run", fix="choose others, or raise requires-python")
    return applied


def print_applied(applied: Applied, options: dict[str, Any], *, diff: bool = False, written: bool = False) -> None:
    """Print the report in the format that the options name, a summary, and statistics on request."""
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
        rows = [list(row) for row in findings.as_statistics(applied)]
        print_table(rows, ["pattern", "files changed", "found"], to_stderr=True)


def _print_lines(lines: Iterable[str], *, to_stderr: bool = False) -> None:
    for line in lines:
        # A terminal can't print the bytes of a file name that is not UTF-8: they are escaped.
        click.echo(line.encode("utf-8", "backslashreplace").decode(), err=to_stderr)


def has_rejected(applied: Applied) -> bool:
    """Whether there is a file that can't be read as Python, or that a pattern failed on.

    A file that a suppression protects from a codemod is none: that is what its author wants.
    """
    from pytest_orchestrator.pattern_engine.results import Rejected

    return any(isinstance(item, Rejected) and item.reason != "suppressed" for item in applied.report.files)


def exit_code(applied: Applied, *, violations: bool) -> int:
    """The exit code of a run. A pattern that failed counts more than violations that others found."""
    if applied.report.failures:
        return BAD_INPUT
    return VIOLATIONS if violations else CLEAN
