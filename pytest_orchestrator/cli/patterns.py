"""`pytest-orchestrator patterns`: the learning library at the command line."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import click

from pytest_orchestrator.cli.main import BAD_INPUT, CLEAN, VIOLATIONS
from pytest_orchestrator.config import find_root
from pytest_orchestrator.display import shown, shown_block

if TYPE_CHECKING:
    from pytest_orchestrator.commands.patterns_apply import Applied
    from pytest_orchestrator.commands.patterns_test import FailedCheck, PatternVerdict
    from pytest_orchestrator.pattern_engine.pattern import Pattern

_Format = Literal["table", "json"]
_format_option = click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True
)


@click.group("patterns")
def group() -> None:
    """List, show, test, build and run the library of codemods and linters.

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
    rows += [[key, ", ".join(described[key])] for key in ("after", "conflicts_with") if described[key]]
    _print_table(rows, [])
    if described["parameters"]:
        click.echo()
        parameters = [
            [key, item["type"], item.get("default", "(required)"), item["description"]]
            for key, item in described["parameters"].items()
        ]
        _print_table(parameters, ["parameter", "type", "default", "description"])
    if described["readme"]:
        click.echo(f"\n{shown_block(described['readme'].rstrip())}")
    return CLEAN


@group.command("test")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--watch", is_flag=True, help="Run them again whenever a file of theirs changes, until Ctrl-C.")
@click.option("--mutate", is_flag=True, help="Break the patterns' code to see whether their cases notice.")
@_format_option
def test(*, ids: tuple[str, ...], watch: bool, mutate: bool, form: _Format) -> int:
    """Run the cases of patterns: the named ones, else the project's own, else the whole library.

    Exits 1 when a check fails. `pytest patterns` runs the same checks as tests. With --mutate, a pattern's code is
    changed in memory, one small change at a time, and the exit code is 1 when its cases don't notice one.

    Example: pytest-orchestrator patterns test super-no-args
    """
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.patterns_test import check_patterns, select

    if watch and (mutate or form == "json"):
        raise click.UsageError(f"--watch is for people at work: leave out {'--mutate' if mutate else '--format json'}")
    if watch:
        _watch(ids)
    if mutate:
        return _mutate(ids, form)
    verdicts = list(check_patterns(select(find_root(Path.cwd()), ids)))
    if form == "json":
        _print_json(encode(verdicts))
    else:
        _print_verdicts(verdicts)
    return VIOLATIONS if any(verdict.failed for verdict in verdicts) else CLEAN


def _watch(ids: tuple[str, ...]) -> NoReturn:
    from pytest_orchestrator.commands.patterns_test import check_patterns, select
    from pytest_orchestrator.commands.patterns_watch import Watch
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


def _mutate(ids: tuple[str, ...], form: _Format) -> int:
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.patterns_mutate import mutate, with_code
    from pytest_orchestrator.commands.patterns_test import select

    reports = []
    for pattern in with_code(select(find_root(Path.cwd()), ids), ids):
        with _progress() as progress:
            reports.append(mutate(pattern, progress=progress))
    if form == "json":
        _print_json(encode(reports))
    else:
        for report in reports:
            for survivor in report.survived:
                click.echo(f"{report.pattern}/{survivor.path}:{survivor.line}: no case notices: {survivor.change}")
                click.echo(f"{shown_block(survivor.diff)}\n{survivor.advice}\n")
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
        _print_table(rows, ["pattern", "mutants", "killed", "timeouts", "survived", "marked", "score"])
    return VIOLATIONS if any(report.survived for report in reports) else CLEAN


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


@group.command("apply")
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
    from pytest_orchestrator.commands.pattern_findings import as_diff

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


@group.command("lint")
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
    from pytest_orchestrator.commands.pattern_findings import failures

    if failures(applied):
        return BAD_INPUT
    return VIOLATIONS if violations else CLEAN


def _run(
    kind: Literal["codemod", "linter"], options: dict[str, Any], *, unsafe: bool, write: bool, allow_dirty: bool
) -> Applied:
    from pytest_orchestrator.commands.patterns_apply import bind_all, choose, run
    from pytest_orchestrator.commands.patterns_list import project_library
    from pytest_orchestrator.pattern_engine.cache import default_cache_folder

    library = project_library(find_root(Path.cwd()))
    patterns = choose(library, kind, select=options["select"], ignore=options["ignore"], unsafe=unsafe)
    if kind == "codemod":
        patterns = _fit_for_the_project(patterns)
    with _progress() as progress:
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
    from pytest_orchestrator.pattern_engine.supported_python import oldest_python, split_by_python, too_new_for

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


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on standard error, when a person is looking."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("files", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print_applied(applied: Applied, options: dict[str, Any], *, diff: bool = False, written: bool = False) -> None:
    from pytest_orchestrator.commands import pattern_findings as findings

    match options["form"]:
        case "json":
            click.echo(findings.as_json(applied, diff=diff))
        case "sarif":
            from pytest_orchestrator.commands.pattern_sarif import as_sarif

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


@group.command("new")
@click.argument("id_", metavar="ID")
@click.option("--kind", type=click.Choice(["codemod", "linter", "template"]), default="codemod", show_default=True)
def new(*, id_: str, kind: Literal["codemod", "linter", "template"]) -> int:
    """Make a pattern that works, with cases that pass, in this project's folder patterns/.

    Example: pytest-orchestrator patterns new no-old-name --kind linter
    """
    from pytest_orchestrator.commands.patterns_new import create

    for path in create(find_root(Path.cwd()), id_, kind):
        click.echo(f"{path.as_posix()}: written")
    click.echo(f"now run: pytest-orchestrator patterns test {id_}")
    return CLEAN


@group.command("profile")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--select", multiple=True, metavar="WHAT", help="An id, a dotted name, tag:NAME or safety:safe.")
@_format_option
def profile(*, paths: tuple[str, ...], select: tuple[str, ...], form: _Format) -> int:
    """Time each pattern alone on the Python files at PATHS, and count the files that it is run on in vain.

    Writes nothing. Of a pattern with a good trigger, few files are matched and not touched. Exits 2 when a pattern
    failed on a file.

    Example: pytest-orchestrator patterns profile --select super-no-args src
    """
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.patterns_list import project_library
    from pytest_orchestrator.commands.patterns_profile import profile_patterns

    library = project_library(find_root(Path.cwd()))
    profiles = list(profile_patterns(Path.cwd(), library, select, paths))
    if form == "json":
        _print_json(encode(profiles))
    else:
        rows = [
            [item.pattern, f"{item.seconds:.2f}", item.files, item.matched, item.touched, item.matched - item.touched]
            for item in profiles
        ]
        _print_table(rows, ["pattern", "seconds", "files", "matched", "touched", "in vain"])
    failed = [item for item in profiles if item.failed]
    for item in failed:
        more = f", and on {len(item.failed) - 1} more" if len(item.failed) > 1 else ""
        click.echo(f"{item.pattern} failed on {shown(item.failed[0])}{more}", err=True)
    return BAD_INPUT if failed else CLEAN


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
    from pytest_orchestrator.commands.patterns_test import alike

    for verdict in verdicts:
        for first, *others in alike(verdict.failed):
            click.echo(shown_block(f"{_place(verdict.pattern, first)}: {first.check}: {first.message}"))
            cases = {failure.case for failure in others}
            if cases == {first.case}:
                click.echo(f"and for the same reason: {', '.join(failure.check for failure in others)}")
            elif cases:
                noun = "check" if len(others) == 1 else "checks"
                click.echo(f"and for the same reason {len(others)} more {noun}")
            click.echo()
    rows = [[verdict.pattern, verdict.cases, verdict.checks, len(verdict.failed)] for verdict in verdicts]
    _print_table(rows, ["pattern", "cases", "checks", "failed"])


def _place(pattern: str, failure: FailedCheck) -> str:
    return f"{pattern}/{failure.path}" + (f":{failure.line}" if failure.line else "")


def _print_table(rows: list[list[Any]], headers: list[str]) -> None:
    from tabulate import tabulate

    cells = [[shown(str(cell)) for cell in row] for row in rows]
    click.echo(tabulate(cells, headers, tablefmt="simple" if headers else "plain", disable_numparse=True))


def _print_json(data: Any) -> None:
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))
