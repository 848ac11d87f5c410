"""What `patterns apply` and `patterns lint` share: options, the run, output and exit codes."""

from __future__ import annotations

import os
import posixpath
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from pytest_orchestrator.cli.main import BAD_INPUT, CLEAN, VIOLATIONS
from pytest_orchestrator.cli.output import (
    is_coloured,
    is_for_person,
    library_option,
    print_json,
    print_table,
    progress_bar,
)
from pytest_orchestrator.config import find_root
from pytest_orchestrator.files import line_reader

if TYPE_CHECKING:
    from pytest_orchestrator.commands.patterns.apply import Applied
    from pytest_orchestrator.commands.patterns.settings import SettingsFiles
    from pytest_orchestrator.pattern_engine.host.workspace import SourceFile

_FOR_PERSONS = ("text", "concise")
_FORMS = (*_FOR_PERSONS, "json", "sarif", "github", "gitlab", "junit")


def _words(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """The values of an option that takes several, each perhaps a list with commas."""
    return tuple(word.strip() for text in value for word in text.split(","))


def run_options(command: Any) -> Any:
    """The options that `apply` and `lint` share."""
    words: dict[str, Any] = {"multiple": True, "metavar": "WHAT[,WHAT]...", "callback": _words}
    for option in reversed(
        (
            click.argument("paths", metavar="[PATH]...", nargs=-1),
            click.option("--stdin-filename", metavar="FILE", help="The name of the file that PATH - reads from stdin."),
            click.option("--select", **words, help="An id, a dotted name, tag:NAME or safety:safe."),
            click.option("--ignore", **words, help="Patterns to exclude; the same values."),
            library_option("the project's own patterns/ and the shipped ones"),
            click.option("--set", "settings", multiple=True, metavar="ID.NAME=VALUE", help="A parameter of a pattern."),
            click.option(
                "--jobs", "-j", type=click.IntRange(1), help="Number of worker processes; default: as many as pay off."
            ),
            click.option("--config", metavar="FILE", help="The only file whose settings count."),
            click.option("--isolated", is_flag=True, help="Ignore the settings in all files."),
            click.option("--show-settings", is_flag=True, help="Print the settings for this folder, and run nothing."),
            click.option("--no-cache", is_flag=True, help="Ignore the result cache."),
            click.option("--statistics", is_flag=True, help="Print counts by pattern on standard error."),
            click.option("--format", "form", type=click.Choice(_FORMS), default="text", show_default=True),
            click.option("--output-file", "-o", metavar="FILE", help="Write the report to this file."),
            click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found; 2 if a pattern fails."),
            click.option("--quiet", "-q", is_flag=True, help="Print neither the summary nor a progress bar."),
            click.option(
                "--color",
                type=click.Choice(["auto", "always", "never"]),
                default="auto",
                show_default=True,
                help="Colours, and the lines in question; auto: on a terminal.",
            ),
        )
    ):
        command = option(command)
    return command


def run_patterns(  # noqa: PLR0913 - what the two commands differ in
    kind: Literal["codemod", "linter"],
    options: dict[str, Any],
    *,
    unsafe: bool,
    write: bool,
    allow_dirty: bool,
    text: SourceFile | None,
    honours: bool = True,
) -> Applied:
    """Run the patterns that the options select, with a progress bar.

    Raises:
        UsageError, PatternError, InputError: as `commands.patterns.apply.run` and `choose`.
    """
    from pytest_orchestrator.commands.patterns.apply import RunOptions, run
    from pytest_orchestrator.commands.patterns.list import project_library
    from pytest_orchestrator.commands.patterns.settings import Wanted, assigned, chosen_by
    from pytest_orchestrator.errors import UsageError
    from pytest_orchestrator.pattern_engine.host.apply import Observer
    from pytest_orchestrator.pattern_engine.host.cache import default_cache_folder

    here = Path.cwd()
    library = project_library(find_root(here), folders=options["library"])
    wanted = Wanted(
        kind=kind,
        select=options["select"],
        ignore=options["ignore"],
        parameters=options["settings"],
        unsafe=unsafe,
    )
    assign = assigned(library, chosen_by(library, wanted), settings_files(options), here)
    run_options = RunOptions(
        write=write,
        allow_dirty=allow_dirty,
        jobs=options["jobs"],
        cache_folder=None if options["no_cache"] else default_cache_folder(),
        problem_with=library.problem_with,
        honours=honours,
        text=text,
    )
    with nullcontext() if options["quiet"] else progress_bar("files") as progress:
        applied = run(here, assign, options["paths"], run_options, observer=Observer(progress=progress))
    for line in applied.skipped:
        click.echo(line, err=True)
    if applied.skipped and not applied.patterns and options["select"]:
        raise UsageError("no codemod is left to run", fix="choose others, or raise requires-python")
    return applied


def text_of(options: dict[str, Any]) -> SourceFile | None:
    """The file on standard input, if that is what the paths say. It is read once.

    Raises:
        UsageError: there are other paths too, or its name is outside of the current folder.
    """
    from pytest_orchestrator.errors import UsageError
    from pytest_orchestrator.pattern_engine.host.workspace import MAX_FILE_BYTES, SourceFile, below

    name = options["stdin_filename"]
    if "-" not in options["paths"]:
        if name:
            raise UsageError("--stdin-filename needs the path -", fix="pytest-orchestrator patterns lint - < FILE")
        return None
    if len(options["paths"]) > 1:
        raise UsageError("- stands for standard input, and goes with no other path", fix="name - alone")
    path = posixpath.normpath(below(Path.cwd(), name or "stdin.py"))
    if path.startswith(("/", "..")):
        raise UsageError(f"{name} is outside of the current folder", fix="run the command in the project's folder")
    data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise UsageError(f"standard input has more than {MAX_FILE_BYTES >> 20} MB", fix="no source code is as large")
    return SourceFile(path=path, data=data)


def settings_files(options: dict[str, Any]) -> SettingsFiles:
    """Where the options say that settings are."""
    from pytest_orchestrator.commands.patterns.settings import SettingsFiles

    config = options["config"]
    return SettingsFiles(Path.cwd(), config=config and Path(config), isolated=options["isolated"])


def print_settings(options: dict[str, Any]) -> int:
    """Print the settings for the current folder, and where they are."""
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.config import PROJECT_FILE

    found = settings_files(options).of(Path.cwd())
    print_json({"file": found.name or None, "patterns": encode(found.settings)})
    if not found.name:
        click.echo(f"no {PROJECT_FILE} with [tool.pytest_orchestrator.patterns] counts here: defaults", err=True)
    return CLEAN


def print_applied(applied: Applied, options: dict[str, Any], *, diff: bool = False, written: bool = False) -> None:
    """Print the report in the format that the options name, a summary, and statistics on request.

    Raises:
        InputError: the output file can't be written.
    """
    from pytest_orchestrator.commands.patterns import findings

    target = options["output_file"]
    is_quoted = target is None and "-" not in options["paths"]  # standard input was read already
    colour = {"always": True, "never": False, "auto": is_coloured()}[options["color"]]
    for_person = is_quoted and (options["color"] == "always" or (colour is not False and is_for_person()))
    lines = _report(applied, options["form"], diff=diff, written=written, for_person=for_person, colour=colour)
    # A terminal can't print the bytes of a file name that is not UTF-8: they are escaped.
    text = "\n".join(lines).encode("utf-8", "backslashreplace")
    if target is not None:
        _write(Path(target), text + b"\n" if text else text)
    elif text:
        is_text = options["form"] in _FOR_PERSONS
        click.echo(text.decode(), err=diff and is_text, color=colour)  # standard output holds the patch
    if options["form"] in _FOR_PERSONS and not diff and os.environ.get("GITHUB_ACTIONS") == "true":
        from pytest_orchestrator.commands.patterns.forges import as_github

        # GitHub Actions shows these beside the lines of a pull request.
        click.echo("".join(f"{line}\n" for line in as_github(applied, written=written)), nl=False)
    if not options["quiet"]:
        click.echo(findings.as_summary(applied, written=written), err=True)
    if options["statistics"] and (rows := [list(row) for row in findings.as_statistics(applied)]):
        print_table(rows, ["pattern", "files changed", "found"], to_stderr=True)


def _report(  # noqa: PLR0913 - what decides about the form
    applied: Applied, form: str, *, diff: bool, written: bool, for_person: bool, colour: bool | None
) -> Iterable[str]:
    """The lines of the report."""
    from pytest_orchestrator.commands.patterns import findings

    match form:
        case "json":
            return [findings.as_json(applied, diff=diff)]
        case "sarif":
            from pytest_orchestrator.commands.patterns.sarif import as_sarif

            return [as_sarif(applied)]
        case "github" | "gitlab" | "junit":
            from pytest_orchestrator.commands.patterns import forges

            if form == "github":
                return forges.as_github(applied, written=written)
            render = forges.as_gitlab if form == "gitlab" else forges.as_junit
            return [render(applied, written=written).rstrip("\n")]
        case "text" if for_person:
            read_line = line_reader(Path.cwd())
            return findings.for_person(applied, read_line, written=written, colour=colour is not False)
        case _:
            return findings.as_text(applied, written=written)


def _write(path: Path, data: bytes) -> None:
    from pytest_orchestrator.errors import InputError
    from pytest_orchestrator.files import write_atomic

    try:
        write_atomic(path, data)
    except OSError as error:
        raise InputError(
            f"can't be written: {error.strerror or error}", path=str(path), fix="name another file after --output-file"
        ) from error


def has_rejected(applied: Applied) -> bool:
    """Whether there is a file that can't be read as Python, or that a pattern failed on.

    A file that a suppression protects from a codemod is none: that is what its author wants.
    """
    from pytest_orchestrator.pattern_engine.results import Rejected

    return any(isinstance(item, Rejected) and item.reason != "suppressed" for item in applied.report.files)


def exit_code(applied: Applied, options: dict[str, Any], *, violations: bool) -> int:
    """The exit code of a run. A pattern that failed counts more than violations that others found."""
    if applied.report.failures:
        return BAD_INPUT
    return VIOLATIONS if violations and not options["exit_zero"] else CLEAN
