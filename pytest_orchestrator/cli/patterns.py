"""`pytest-orchestrator patterns`: the learning library at the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from pytest_orchestrator.cli.main import CLEAN, VIOLATIONS
from pytest_orchestrator.config import find_root

if TYPE_CHECKING:
    from pytest_orchestrator.commands.patterns_test import FailedCheck, PatternVerdict

_Format = Literal["table", "json"]
_format_option = click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)


@click.group("patterns")
def group() -> None:
    """List, show, test and build the library of codemods and linters.

    Example: pytest-orchestrator patterns list
    """


@group.command("list")
@_format_option
def list_(*, form: _Format) -> int:
    """List the patterns that this project sees: its own, those of installed packages, and the shipped ones.

    Example: pytest-orchestrator patterns list --format json
    """
    from pytest_orchestrator.commands.patterns_list import project_library, summaries

    found = summaries(project_library(find_root(Path.cwd())).patterns)
    if form == "json":
        _print_json(found)
    else:
        rows = [[item["id"], item["kind"], item["safety"], item["title"]] for item in found]
        _print_table(rows, ["id", "kind", "safety", "title"])
    return CLEAN


@group.command("show")
@click.argument("name", metavar="ID")
@_format_option
def show(*, name: str, form: _Format) -> int:
    """Show one pattern: what it is, its parameters, and its README. ID may be the dotted name of a LibCST command.

    Example: pytest-orchestrator patterns show super-no-args
    """
    from pytest_orchestrator.commands.patterns_list import details, project_library

    described = details(project_library(find_root(Path.cwd())).get(name))
    if form == "json":
        _print_json(described)
        return CLEAN
    plain = ("id", "kind", "title", "description", "safety", "minimum_python", "entry", "folder", "digest")
    rows = [[key, described[key]] for key in plain if described[key]]
    rows.insert(4, ["tags", ", ".join(described["tags"])])
    _print_table(rows, [])
    if described["parameters"]:
        click.echo()
        parameters = [
            [key, item["type"], item.get("default", "(required)"), item["description"]]
            for key, item in described["parameters"].items()
        ]
        _print_table(parameters, ["parameter", "type", "default", "description"])
    if described["readme"]:
        click.echo(f"\n{described['readme'].rstrip()}")
    return CLEAN


@group.command("test")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@_format_option
def test(*, ids: tuple[str, ...], form: _Format) -> int:
    """Run the cases of patterns: the named ones, else the project's own, else the whole library.

    Exits 1 when a check fails. `pytest patterns` runs the same checks as tests.

    Example: pytest-orchestrator patterns test super-no-args
    """
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.patterns_test import check_patterns, select

    verdicts = list(check_patterns(select(find_root(Path.cwd()), ids)))
    if form == "json":
        _print_json(encode(verdicts))
    else:
        _print_verdicts(verdicts)
    return VIOLATIONS if any(verdict.failed for verdict in verdicts) else CLEAN


@group.command("build")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when something is stale.")
def build(*, check: bool) -> int:
    """Write patterns/index.json and the table in patterns/README.md from the patterns themselves.

    Example: pytest-orchestrator patterns build --check
    """
    from pytest_orchestrator.commands.patterns_build import build as build_index

    built = build_index(find_root(Path.cwd()), write=not check)
    for path in built.stale:
        click.echo(f"{path}: {'is stale: run pytest-orchestrator patterns build' if check else 'written'}")
    if not built.stale:
        noun = "pattern" if built.patterns == 1 else "patterns"
        click.echo(f"{built.patterns} {noun}, everything up to date")
    return VIOLATIONS if check and built.stale else CLEAN


def _print_verdicts(verdicts: list[PatternVerdict]) -> None:
    for verdict in verdicts:
        for failure in verdict.failed:
            click.echo(f"{_place(verdict.pattern, failure)}: {failure.check}: {failure.message}\n")
    rows = [[verdict.pattern, verdict.cases, verdict.checks, len(verdict.failed)] for verdict in verdicts]
    _print_table(rows, ["pattern", "cases", "checks", "failed"])


def _place(pattern: str, failure: FailedCheck) -> str:
    return f"{pattern}/{failure.path}" + (f":{failure.line}" if failure.line else "")


def _print_table(rows: list[list[Any]], headers: list[str]) -> None:
    from tabulate import tabulate

    click.echo(tabulate(rows, headers, tablefmt="simple" if headers else "plain", disable_numparse=True))


def _print_json(data: Any) -> None:
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))
