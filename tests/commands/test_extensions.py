"""Extensions: what we ship and what plugins add, joined."""

from __future__ import annotations

import importlib.metadata
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

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


@pytest.mark.parametrize("form", ["dist-info", "egg-info", "egg", "archive", "finder", "none"])
def test_installed_package_is_found_in_every_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manager: pluggy.PluginManager, form: str
) -> None:
    """Also where packages are not in plain folders, so that only Python's own search finds them."""
    declared = "[console_scripts]\nx = x:main\n\n[pytest_orchestrator]\nsound = json\n"
    names = {"egg-info": "sound.egg-info", "egg": "EGG-INFO"}
    metadata = tmp_path / "sound.egg" / names.get(form, "sound-1.dist-info")
    metadata.mkdir(parents=True)
    (metadata / "entry_points.txt").write_text(declared if form != "none" else "[pytest11]\nsound = json\n")
    (metadata / ("METADATA" if form != "egg-info" else "PKG-INFO")).write_text("Name: sound\nVersion: 1\n")
    where = tmp_path / "sound.egg"
    if form == "archive":
        where = Path(shutil.make_archive(str(tmp_path / "sound"), "zip", where))
    if form == "finder":
        monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, _Finder(metadata)])
    else:
        monkeypatch.syspath_prepend(str(where))
    extend(manager)
    assert manager.has_plugin("sound") == (form != "none")


class _Finder(importlib.metadata.DistributionFinder):
    """Finds one package in a folder that is not in `sys.path`."""

    def __init__(self, metadata: Path) -> None:
        self._metadata = metadata

    def find_spec(self, *_: object) -> None:
        return None

    def find_distributions(self, _: object = None) -> Iterable[importlib.metadata.Distribution]:
        return [importlib.metadata.Distribution.at(self._metadata)]
