"""`pytest-orchestrator fixtures`: the pinned packages that patterns are proved on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from pytest_orchestrator.cli.main import BAD_INPUT, CLEAN, VIOLATIONS

if TYPE_CHECKING:
    from rich.progress import Progress

    from pytest_orchestrator.commands.fixtures_fetch import Fetched
    from pytest_orchestrator.commands.fixtures_list import FixtureRow
    from pytest_orchestrator.commands.fixtures_verify import Verdict
    from pytest_orchestrator.fixture_store.pin import Pin
    from pytest_orchestrator.fixture_store.store import Store

_FORMAT = click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="How to print."
)


@click.group("fixtures")
def group() -> None:
    """Fetch and verify the pinned packages that patterns are proved on.

    Pins are written in fixtures/fixtures.lock.yaml. Their code is kept in a store in the user's cache folder; the
    environment variable PYTEST_ORCHESTRATOR_STORE names another place.

    Example: pytest-orchestrator fixtures fetch
    """


@group.command("list")
@_FORMAT
def list_command(*, form: Literal["table", "json"]) -> int:
    """List the pins of the project around this folder and those that we ship.

    Example: pytest-orchestrator fixtures list --format json
    """
    from pytest_orchestrator.commands.fixtures_list import list_fixtures

    rows = list_fixtures(_root(), _store())
    click.echo(_json(rows) if form == "json" else _table(rows))
    return CLEAN


@group.command("fetch")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--index-url", metavar="URL", help="Ask this package index alone, instead of those that pip would ask.")
def fetch_command(*, names: tuple[str, ...], index_url: str | None) -> int:
    """Bring the pins called NAME, or all, into the store. What is there and whole already is left alone.

    Nothing of a package is ever run. Exits 2 when a pin can't be had or is not what the lock says.

    Example: pytest-orchestrator fixtures fetch click attrs
    """
    from pytest_orchestrator.commands.fixtures_fetch import Fetched, fetch_fixtures

    bar, code = _Bar(), CLEAN
    try:
        for result in fetch_fixtures(_root(), names, _store(), index_url=index_url, watch=bar.show):
            bar.clear()
            if isinstance(result, Fetched):
                click.echo(_fetched(result))
            else:
                click.echo(f"error: {result.error}", err=True)
                code = BAD_INPUT
    finally:
        bar.clear()
    return code


@group.command("verify")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@_FORMAT
def verify_command(*, names: tuple[str, ...], form: Literal["table", "json"]) -> int:
    """Hash the pins called NAME, or all, again, and hold them against the lock. Exits 1 when one is not whole.

    Example: pytest-orchestrator fixtures verify
    """
    from pytest_orchestrator.commands.fixtures_verify import verify_fixtures

    verdicts = tuple(verify_fixtures(_root(), names, _store()))
    if form == "json":
        click.echo(_json(verdicts))
    else:
        for verdict in verdicts:
            click.echo(_verdict(verdict))
    return VIOLATIONS if any(verdict.problems for verdict in verdicts) else CLEAN


def _root() -> Path:
    from pytest_orchestrator.config import find_root

    return find_root(Path.cwd())


def _store() -> Store:
    from pytest_orchestrator.fixture_store.store import default_store

    return default_store()


def _json(rows: tuple[FixtureRow, ...] | tuple[Verdict, ...]) -> str:
    import json

    from pytest_orchestrator.codec.decode import encode

    return json.dumps(encode(rows), indent=2)


def _table(rows: tuple[FixtureRow, ...]) -> str:
    from tabulate import tabulate

    return tabulate(
        [
            (
                row.name,
                row.version,
                row.kind,
                f"{row.files:,}",
                f"{row.python_files:,}",
                "" if row.size is None else f"{row.size:,}",
                row.licence,
                "yes" if row.in_store else "no",
            )
            for row in rows
        ],
        headers=("name", "version", "kind", "files", "python", "bytes", "licence", "in store"),
        colalign=("left", "left", "left", "right", "right", "right", "left", "left"),
        disable_numparse=True,
    )


def _fetched(result: Fetched) -> str:
    contents = result.contents
    state = "fetched" if result.now else "in the store already"
    links = f", {contents.links:,} links kept as plain files" if contents.links else ""
    submodules = f", {contents.submodules:,} submodules left out" if contents.submodules else ""
    return f"{result.pin}: {state} ({contents.files:,} files, {contents.python_files:,} Python{links}{submodules})"


def _verdict(verdict: Verdict) -> str:
    if not verdict.problems:
        return f"{verdict.name} {verdict.version}: whole"
    return (
        f"{verdict.name} {verdict.version}: {'; '.join(verdict.problems)}\n"
        f"  fix: run `pytest-orchestrator fixtures fetch {verdict.name}`"
    )


class _Bar:
    """How far a pin has come, on a terminal; nothing anywhere else."""

    def __init__(self) -> None:
        self._progress: Progress | None = None

    def show(self, pin: Pin, done: int, total: int | None) -> None:
        if not sys.stderr.isatty():
            return
        if self._progress is None:
            self._progress = _progress()
            self._progress.add_task(str(pin), total=total)
            self._progress.start()
        self._progress.update(self._progress.task_ids[0], completed=done, total=total)

    def clear(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    # Results are printed between two bars, so rich has no reason to catch what is printed.
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
