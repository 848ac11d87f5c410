"""`pytest-orchestrator spec`: the spec guard without pytest, for pre-commit and for CI."""

from __future__ import annotations

import click

from pytest_orchestrator.cli.main import Group
from pytest_orchestrator.cli.spec.baseline import baseline
from pytest_orchestrator.cli.spec.check import check
from pytest_orchestrator.cli.spec.forecast import forecast
from pytest_orchestrator.cli.spec.index import index
from pytest_orchestrator.cli.spec.list import list_
from pytest_orchestrator.cli.spec.new import new
from pytest_orchestrator.cli.spec.replay import replay
from pytest_orchestrator.cli.spec.review import review
from pytest_orchestrator.cli.spec.rule import rule
from pytest_orchestrator.cli.spec.stamp import stamp
from pytest_orchestrator.cli.spec.suggest_covers import suggest_covers


@click.group("spec", cls=Group)
def group() -> None:
    """Check, review and write specs.

    Example: pytest-orchestrator spec check
    """


for _command in (check, list_, rule, review, forecast, new, index, stamp, baseline, suggest_covers, replay):
    group.add_command(_command)
