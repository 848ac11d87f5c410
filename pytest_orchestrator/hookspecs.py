"""Hooks through which other packages, and a project's own `conftest.py`, extend us.

The rules and reporters that we ship are registered through the same hooks. The patterns, the lock file and the agent
that we ship come after those of the project and of the hooks; the first of each name counts.

A package declares its module under the entry point group `pytest_orchestrator`; its hooks are called in pytest runs and
on the command line. The hooks of a `conftest.py` are called in pytest runs only. Every hook returns a sequence, and all
answers are joined; our rules and reporters come first. Mark implementations with `hookimpl`. (pytest looks only at
names that start with `pytest_`, hence the long ones.)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from pytest_orchestrator.agents.agent import Agent
    from pytest_orchestrator.evaluation.record.report import Reporter
    from pytest_orchestrator.spec_guard.rules.rule import Rule

hookspec = pluggy.HookspecMarker("pytest")
hookimpl = pluggy.HookimplMarker("pytest")


@hookspec
def pytest_orchestrator_spec_rules() -> Sequence[Rule]:  # type: ignore[empty-body]  # a declaration
    """Rules that the spec guard checks each spec against, beside its own."""


@hookspec
def pytest_orchestrator_pattern_folders() -> Sequence[Path]:  # type: ignore[empty-body]  # a declaration
    """Folders that hold patterns, each in a folder of its own with a `pattern.yaml`."""


@hookspec
def pytest_orchestrator_fixture_locks() -> Sequence[Path]:  # type: ignore[empty-body]  # a declaration
    """Lock files that pin open-source code."""


@hookspec
def pytest_orchestrator_agents() -> Sequence[Agent]:  # type: ignore[empty-body]  # a declaration
    """Agents that scenarios can name."""


@hookspec
def pytest_orchestrator_reporters() -> Sequence[Reporter]:  # type: ignore[empty-body]  # a declaration
    """Writers of further reports into the folder of an evaluation run."""
