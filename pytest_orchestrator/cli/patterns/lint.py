"""`patterns lint`: linters on a project's code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pytest_orchestrator.cli.patterns.run import (
    exit_code,
    has_rejected,
    print_applied,
    print_settings,
    run_options,
    run_patterns,
    text_of,
)


@click.command("lint")
@run_options
@click.option("--add-ignores", metavar="REASON", help="Suppress all that is found, with comments in the files.")
@click.option("--allow-dirty", is_flag=True, help="With --add-ignores: write even if git could not restore the files.")
@click.option("--show-suppressed", is_flag=True, help="Print on standard error also what comments suppress.")
def lint(*, add_ignores: str | None, allow_dirty: bool, show_suppressed: bool, **options: Any) -> int:
    """Check the Python files at PATHS with linters; by default all below this folder.

    PATH - reads a file from standard input. Files that git ignores are skipped. Exits 1 when something is found or a
    file is not valid Python, and 2 when a pattern fails on a file.

    Example: pytest-orchestrator patterns lint --ignore tag:time --format sarif
    """
    if options["show_settings"]:
        return print_settings(options)
    text = text_of(options)
    if add_ignores is not None and text is not None:
        raise click.UsageError("--add-ignores writes files: name paths")
    applied = run_patterns("linter", options, unsafe=True, write=False, allow_dirty=True, text=text)
    if add_ignores is not None:
        from pytest_orchestrator.commands.patterns import add_ignores as command

        added = command.add_ignores(Path.cwd(), applied, add_ignores, allow_dirty=allow_dirty)
        click.echo(f"comments added: {added.comments}, in files: {added.files}")
        if added.wrong:
            click.echo(f"suppressions that are wrong, and stay: {added.wrong}; patterns lint shows them", err=True)
        return exit_code(applied, options, violations=bool(added.wrong))
    print_applied(applied, options)
    if show_suppressed:
        from pytest_orchestrator.commands.patterns.findings import suppressed

        everything = run_patterns(
            "linter", options, unsafe=True, write=False, allow_dirty=True, text=text, honours=False
        )
        for line in suppressed(applied, everything):
            click.echo(line, err=True)
    return exit_code(applied, options, violations=bool(applied.report.counts["found"]) or has_rejected(applied))
