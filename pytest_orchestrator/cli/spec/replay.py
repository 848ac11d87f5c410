"""`pytest-orchestrator spec replay`."""

from __future__ import annotations

from dataclasses import replace as replaced
from typing import Literal

import click

from pytest_orchestrator.cli.main import CLEAN
from pytest_orchestrator.cli.output import print_table, progress_bar
from pytest_orchestrator.cli.spec.options import current_project
from pytest_orchestrator.display import printable


@click.command("replay")
@click.option("--since", metavar="REV", required=True, help="The last commit that is not checked.")
@click.option("--rules", metavar="ID,ID", default="", help="Only these rules.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def replay(*, since: str, rules: str, form: Literal["text", "json"]) -> int:
    """Check each commit since REV as a change of its own, on its own day, with the present settings.

    Shows what it would have blocked and why, and which blocks proved justified: a later commit changed the text of the
    spec, or says that it corrects the code. Your files and refs are not touched.

    Example: pytest-orchestrator spec replay --since v1.0 --rules SG005,SG007
    """
    from pytest_orchestrator.commands.spec.check import installed_rules
    from pytest_orchestrator.commands.spec.replay import replay as run

    project = replaced(current_project(), rules=installed_rules())
    chosen = tuple(name.strip() for name in rules.split(",") if name.strip())
    with progress_bar("commits") as progress:
        report = run(project, since=since, chosen=chosen, progress=progress)
    if form == "json":
        import json

        from pytest_orchestrator.codec.decode import encode

        click.echo(json.dumps(encode(report), indent=2))  # paths need not be UTF-8: as escapes
        return CLEAN
    from pytest_orchestrator.spec_guard.reviews.replay import by_rule

    for block in report.blocks:
        click.echo(f"{block.day} {block.commit[:12]} {printable(block.subject)}")
        click.echo(f"  {printable(block.path)}: {block.rule} {printable(block.message)}")
        click.echo(f"  {block.justified or 'no later commit justifies it'}")
    for problem in report.problems:
        click.echo(f"not checked: {printable(problem)}")
    if report.blocks:
        print_table([list(row) for row in by_rule(report)], ["rule", "would have blocked", "justified"])
    commits = "1 commit" if report.commits == 1 else f"{report.commits} commits"
    click.echo(f"{commits}: {report.blocked_commits} would have been blocked")
    return CLEAN
