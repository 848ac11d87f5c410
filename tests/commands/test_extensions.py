"""Extensions: what we ship and what plugins add, joined."""

from __future__ import annotations

from collections.abc import Sequence

import pluggy
import pytest

from pytest_orchestrator import hookspecs
from pytest_orchestrator.agents.agent import resolve_agent
from pytest_orchestrator.api.agents import Agent
from pytest_orchestrator.api.hooks import hookimpl
from pytest_orchestrator.api.reporters import Reporter
from pytest_orchestrator.commands.extensions import extend, joined


class Plugin:
    """A `conftest.py`, which is registered before us, or an installed package, which is registered after us."""

    @hookimpl
    def pytest_orchestrator_agents(self) -> Sequence[Agent]:
        return [Agent(name="builtin", command=("own",))]

    @hookimpl
    def pytest_orchestrator_reporters(self) -> Sequence[Reporter]:
        return [Reporter(name="count", write=lambda report: ("count.txt", str(len(report.cases)).encode()))]


@pytest.fixture
def manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager("pytest")
    manager.add_hookspecs(hookspecs)
    return manager


def test_agent_of_an_installed_package_comes_before_ours(manager: pluggy.PluginManager) -> None:
    extend(manager)
    manager.register(Plugin())

    agents: Sequence[Agent] = joined(manager.hook.pytest_orchestrator_agents())

    assert resolve_agent("builtin", (), agents).command == ("own",)


def test_shipped_reporters_are_registered_and_come_first(manager: pluggy.PluginManager) -> None:
    manager.register(Plugin())
    extend(manager)

    reporters: Sequence[Reporter] = joined(manager.hook.pytest_orchestrator_reporters())

    assert [reporter.name for reporter in reporters] == ["json", "markdown", "count"]
