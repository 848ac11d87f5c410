"""Output of commands on the terminal: tables, JSON and progress bars."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import click

from pytest_orchestrator.tables import plain_table

Format = Literal["table", "json"]
format_option = click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)


def library_option(default: str) -> Callable[[Any], Any]:
    """The option `--library`, which names folders of patterns in place of `default`; a user can set it for good."""
    return click.option(
        "--library",
        type=click.Path(path_type=Path),
        multiple=True,
        metavar="DIR",
        envvar="PYTEST_ORCHESTRATOR_LIBRARY",
        help=f"A folder of patterns, or `shipped`, used instead of {default}. May be repeated; the first folder that "
        "has a pattern wins. Default: PYTEST_ORCHESTRATOR_LIBRARY, folders separated as in PATH.",
    )


def print_table(
    rows: list[list[Any]], headers: list[str], *, align: Sequence[str] | None = None, to_stderr: bool = False
) -> None:
    """Print a table. `align` holds `left` or `right` for each column; default: all left.

    On a terminal, the text of the last column is wrapped to fit.
    """
    stream = sys.stderr if to_stderr else sys.stdout
    width = shutil.get_terminal_size().columns if stream.isatty() else None
    click.echo(plain_table(rows, headers, align=align, width=width), err=to_stderr)


def print_json(data: Any) -> None:
    """Print JSON on standard output."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def is_for_person() -> bool:
    """Whether a person reads standard output: it is a terminal, or FORCE_COLOR says so (https://force-color.org)."""
    return sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))


def is_coloured() -> bool | None:
    """Whether to print colours, as `click.echo` takes it. NO_COLOR (https://no-color.org) forbids them."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return True if os.environ.get("FORCE_COLOR") else None


@contextlib.contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int | None], None] | None]:
    """A progress bar on standard error: a function of how many are done and of the total. None without a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
