"""`patterns lint`: linters on a project's code."""

from __future__ import annotations

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
def lint(**options: Any) -> int:
    """Check the Python files at PATHS with linters; by default all below this folder.

    PATH - reads a file from standard input. Files that git ignores are skipped. Exits 1 when something is found or a file is not valid Python, and 2 when a
    pattern fails on a file.

    Example: pytest-orchestrator patterns lint --ignore tag:time --format sarif
    """
    if options["show_settings"]:
        return print_settings(options)
    text = text_of(options)
    applied = run_patterns("linter", options, unsafe=True, write=False, allow_dirty=True, text=text)
    print_applied(applied, options)
    return exit_code(applied, options, violations=bool(applied.report.counts["found"]) or has_rejected(applied))
