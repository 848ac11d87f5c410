"""`pytest-orchestrator patterns`: the library of codemods and linters at the command line."""

from __future__ import annotations

import click

from pytest_orchestrator.cli.main import Group
from pytest_orchestrator.cli.patterns.apply import apply
from pytest_orchestrator.cli.patterns.build import build
from pytest_orchestrator.cli.patterns.lint import lint
from pytest_orchestrator.cli.patterns.list import list_
from pytest_orchestrator.cli.patterns.new import new
from pytest_orchestrator.cli.patterns.profile import profile
from pytest_orchestrator.cli.patterns.show import show
from pytest_orchestrator.cli.patterns.test import test


@click.group("patterns", cls=Group)
def group() -> None:
    """List, show, test, build and run the library of codemods and linters.

    Example: pytest-orchestrator patterns list
    """


for _command in (apply, build, lint, list_, new, profile, show, test):
    group.add_command(_command)
