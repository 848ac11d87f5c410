"""`pytest-orchestrator spec rule`."""

from __future__ import annotations

import click

from pytest_orchestrator.cli.main import CLEAN
from pytest_orchestrator.cli.output import Format, format_option, print_json, print_table
from pytest_orchestrator.display import printable_block


@click.command("rule")
@click.argument("name", metavar="ID", required=False)
@format_option
def rule(*, name: str | None, form: Format) -> int:
    """Explain the rule ID: why it exists, how it decides, an example, how to mend it. Without ID, list the rules.

    Example: pytest-orchestrator spec rule SG007
    """
    from pytest_orchestrator.commands.spec.check import installed_rules
    from pytest_orchestrator.commands.spec.rule import find_rule, page

    rules = installed_rules()
    chosen = rules if name is None else (find_rule(rules, name),)
    if form == "json":
        facts = [
            {"id": item.id, "severity": item.severity, "reason": item.reason, "fix": item.fix, "docs": item.docs}
            for item in chosen
        ]
        print_json(facts if name is None else {**facts[0], "page": page(chosen[0])})
    elif name is None:
        print_table([[item.id, item.severity, item.reason] for item in rules], ["rule", "severity", "why"])
    else:
        (found,) = chosen
        text = page(found) or f"{found.id}: {found.reason}\n\nFix: {found.fix}\n\nSee {found.docs}"
        click.echo(printable_block(text.rstrip("\n")))
    return CLEAN
