"""`patterns profile`: what each pattern costs."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_orchestrator.cli.main import BAD_INPUT, CLEAN
from pytest_orchestrator.cli.output import Format, format_option, library_option, print_json, print_table
from pytest_orchestrator.config import find_root
from pytest_orchestrator.display import printable


@click.command("profile")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--select", multiple=True, metavar="WHAT", help="An id, a dotted name, tag:NAME or safety:safe.")
@library_option("the project's own patterns/ and the shipped ones")
@format_option
def profile(*, paths: tuple[str, ...], select: tuple[str, ...], library: tuple[Path, ...], form: Format) -> int:
    """Time each pattern alone on the Python files at PATHS, and count the files in which it finds nothing to do.

    Writes nothing. A good trigger matches few files in which the pattern has nothing to do. Exits 2 when a pattern
    failed on a file.

    Example: pytest-orchestrator patterns profile --select super-no-args src
    """
    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.patterns.list import project_library
    from pytest_orchestrator.commands.patterns.profile import profile_patterns

    patterns = project_library(find_root(Path.cwd()), folders=library)
    profiles = list(profile_patterns(Path.cwd(), patterns, select, paths))
    if form == "json":
        print_json(encode(profiles))
    else:
        rows = [
            [item.pattern, f"{item.seconds:.2f}", item.files, item.matched, item.touched, item.matched - item.touched]
            for item in profiles
        ]
        print_table(rows, ["pattern", "seconds", "files", "matched", "touched", "in vain"])
    failed = [item for item in profiles if item.failed]
    for item in failed:
        more = f", and on {len(item.failed) - 1} more" if len(item.failed) > 1 else ""
        click.echo(f"{item.pattern} failed on {printable(item.failed[0])}{more}", err=True)
    return BAD_INPUT if failed else CLEAN
