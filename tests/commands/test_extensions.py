"""Extensions: what we ship and what plugins add, joined."""

from __future__ import annotations

from collections.abc import Sequence

import pluggy

from pytest_orchestrator import hookspecs
from pytest_orchestrator.api.hooks import hookimpl
from pytest_orchestrator.api.reporters import Reporter
from pytest_orchestrator.commands.extensions import extend, joined


class Plugin:
    """A `conftest.py`, which is registered before us."""

    @hookimpl
    def pytest_orchestrator_reporters(self) -> Sequence[Reporter]:
        return [Reporter(name="count", write=lambda report: ("count.txt", str(len(report.cases)).encode()))]


def test_shipped_reporters_are_registered_and_come_first() -> None:
    manager = pluggy.PluginManager("pytest")
    manager.add_hookspecs(hookspecs)
    manager.register(Plugin())
    extend(manager)

    reporters: Sequence[Reporter] = joined(manager.hook.pytest_orchestrator_reporters())

    assert [reporter.name for reporter in reporters] == ["json", "markdown", "count"]
