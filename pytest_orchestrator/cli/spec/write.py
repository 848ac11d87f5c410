"""`pytest-orchestrator spec new`, `index`, `stamp` and `replay`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from pytest_orchestrator.cli.main import BAD_INPUT, CLEAN
from pytest_orchestrator.display import printable


@click.command("new")
@click.argument("identity", metavar="ID")
@click.option("--title", metavar="TEXT", required=True)
@click.option("--owner", "owners", metavar="NAME", multiple=True, required=True, help="May be given several times.")
@click.option("--covers", metavar="ANCHOR", multiple=True, help="Code that it governs; may be given several times.")
@click.option("--folder", metavar="DIR", help="Where to put it; the first folder of specs unless told.")
def new(*, identity: str, title: str, owners: tuple[str, ...], covers: tuple[str, ...], folder: str | None) -> int:
    """Write a valid spec to begin with, a draft that is reviewed today.

    Example: pytest-orchestrator spec new cache --title "The cache" --owner ann --covers src/cache.py::Cache
    """
    from pytest_orchestrator.commands.spec.check import judged_day
    from pytest_orchestrator.commands.spec.new import new_spec
    from pytest_orchestrator.config import find_root, load_settings

    root = find_root(Path.cwd())
    path = new_spec(
        root,
        settings=load_settings(root).spec_guard,
        today=judged_day(None, option="--today"),
        identity=identity,
        title=title,
        owners=owners,
        covers=covers,
        folder=folder,
    )
    click.echo(f"wrote {path}")
    return CLEAN


@click.command("index")
def index() -> int:
    """Write the index of specs (tasks/index.json unless configured otherwise) so that it agrees with them.

    Example: pytest-orchestrator spec index
    """
    from pytest_orchestrator.commands.spec.check import judged_day
    from pytest_orchestrator.commands.spec.new import write_index
    from pytest_orchestrator.config import find_root, load_settings

    root = find_root(Path.cwd())
    settings = load_settings(root).spec_guard
    path, count, broken = write_index(root, settings=settings, today=judged_day(None, option="--today"))
    click.echo(f"wrote {path}: {count} spec{'' if count == 1 else 's'}")
    if broken:
        click.echo(f"left out {broken} that can't be read; see: pytest-orchestrator spec check", err=True)
    return CLEAN


@click.command("stamp")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--owner", "owners", metavar="NAME", multiple=True, help="For files that name none.")
@click.option("--undo", is_flag=True, help="Put back the front matter that was there before.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def stamp(*, paths: tuple[Path, ...], owners: tuple[str, ...], undo: bool, dry_run: bool) -> int:
    """Give specs with other front matter (YAML, TOML between +++, an HTML comment, or none) ours, and back.

    [tool.pytest_orchestrator.spec_guard.stamp] says which of their keys and statuses are which of ours. With one file
    that can't be stamped none is written.

    Example: pytest-orchestrator spec stamp --owner ann
    """
    from pytest_orchestrator.commands.spec.check import judged_day, relative_paths
    from pytest_orchestrator.commands.spec.stamp import stamp_specs
    from pytest_orchestrator.config import find_root, load_settings

    cwd = Path.cwd()
    root = find_root(cwd)
    result = stamp_specs(
        root,
        settings=load_settings(root).spec_guard,
        today=judged_day(None, option="--today"),
        paths=relative_paths(paths, root=root, cwd=cwd),
        owners=owners,
        undo=undo,
        dry_run=dry_run,
    )
    for error in result.failed:
        click.echo(f"error: {error}", err=True)
    done = "restored" if undo else "stamped"
    if not result.failed:
        for path in result.changed:
            click.echo(f"{'would be ' if dry_run else ''}{done}: {printable(path)}")
        click.echo(f"{len(result.changed)} file{'' if len(result.changed) == 1 else 's'}")
    return BAD_INPUT if result.failed else CLEAN


@click.command("replay")
@click.option("--since", metavar="REV", required=True, help="The last commit that is taken as given.")
@click.option("--rules", metavar="ID,ID", default="", help="Only these rules.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def replay(*, since: str, rules: str, form: Literal["text", "json"]) -> int:
    """Run the guard over the commits since REV, each as a change of its own on its own day, by today's settings.

    Tells what it would have blocked, why, and which of it later proved justified: the text of the spec was changed
    afterwards, or its code by a commit that says it corrects something. No file and no ref of yours is touched.

    Example: pytest-orchestrator spec replay --since v1.0 --rules SG005,SG007
    """
    import json

    from pytest_orchestrator.codec.decode import encode
    from pytest_orchestrator.commands.spec.check import installed_rules
    from pytest_orchestrator.commands.spec.replay import replay as run
    from pytest_orchestrator.config import find_root, load_settings

    root = find_root(Path.cwd())
    result = run(
        root,
        settings=load_settings(root).spec_guard,
        rules=installed_rules(),
        since=since,
        chosen=tuple(name.strip() for name in rules.split(",") if name.strip()),
        progress=_progress if sys.stderr.isatty() else None,
    )
    if form == "json":
        click.echo(json.dumps(encode(result), indent=2))
        return CLEAN
    from tabulate import tabulate

    from pytest_orchestrator.spec_guard.reviews.replay import by_rule

    for block in result.blocks:
        why = block.justified or "nothing that came later proves it right"
        click.echo(f"{block.day} {block.commit[:12]} {printable(block.subject)}")
        click.echo(f"  {printable(block.path)}: {block.rule} {printable(block.message)}\n  {why}")
    for problem in result.problems:
        click.echo(f"not judged: {printable(str(problem))}")
    if result.blocks:
        click.echo(tabulate(by_rule(result), headers=["rule", "would have blocked", "justified"]))
    click.echo(f"{result.commits} commits: {result.blocked_commits} would have been blocked")
    return CLEAN


def _progress(done: int, total: int) -> None:
    click.echo(f"\r{done + 1}/{total} ", err=True, nl=done + 1 == total)
