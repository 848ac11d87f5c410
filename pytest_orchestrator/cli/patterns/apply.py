"""`patterns apply`: codemods on a project's code."""

from __future__ import annotations

import sys
from collections.abc import Iterable
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


@click.command("apply")
@run_options
@click.option("--unsafe", is_flag=True, help="Also run unsafe codemods; a person must review their changes.")
@click.option("--diff", is_flag=True, help="Write nothing; print the changes as a diff, or as part of the JSON.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when something would change.")
@click.option("--allow-dirty", is_flag=True, help="Write even if git could not restore the files.")
def apply(*, unsafe: bool, diff: bool, check: bool, allow_dirty: bool, **options: Any) -> int:
    """Change the Python files at PATHS with codemods; by default all below this folder.

    PATH - reads a file from standard input, and prints what becomes of it. Files that git ignores are skipped. Codemods
    that write newer Python than the files are for are skipped. Exits 0 when the changes are made. With --check exits 1
    when something would change, a suppression is wrong or unneeded, or a file is not valid Python. Exits 2 when a
    pattern fails on a file.

    Example: pytest-orchestrator patterns apply --select tag:strings --diff src
    """
    from pytest_orchestrator.commands.patterns.findings import as_diff

    if options["show_settings"]:
        return print_settings(options)
    if diff and options["form"] not in ("text", "concise", "json"):
        raise click.UsageError(f"--diff can't be combined with --format {options['form']}: use --check")
    text, writes = text_of(options), not (diff or check)
    if text is not None and writes and options["form"] not in ("text", "concise"):
        raise click.UsageError(f"the new text can't be combined with --format {options['form']}: use --check")
    applied = run_patterns("codemod", options, unsafe=unsafe, write=writes, allow_dirty=allow_dirty, text=text)
    if diff and options["form"] != "json":
        _write_bytes(as_diff(applied.changes))
    elif text is not None and writes:
        _write_bytes([change.after for change in applied.changes] or [text.data])
    print_applied(applied, options, diff=diff or (text is not None and writes), written=writes)
    found = bool(applied.changes) or bool(applied.report.counts["found"]) or has_rejected(applied)
    return exit_code(applied, options, violations=check and found)


def _write_bytes(pieces: Iterable[bytes]) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.writelines(pieces)
    sys.stdout.buffer.flush()
