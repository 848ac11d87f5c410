"""What a run of evaluations refers to, found from files alone: nothing is fetched, started or imported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.agents.agent import Agent, configured_agents, resolve_agent
from pytest_orchestrator.config import load_settings
from pytest_orchestrator.display import relative_name
from pytest_orchestrator.evaluation.plan.case import Case, Sources, plan
from pytest_orchestrator.evaluation.plan.scenario import load_scenario
from pytest_orchestrator.fixture_store.lock import load_pins
from pytest_orchestrator.pattern_engine.library.library import library_folders, load_library


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What scenarios of the project at `root` can refer to."""

    root: Path
    library: tuple[Path, ...]
    """Folders of patterns. The first one that has a pattern wins."""
    sources: Sources
    agent: str | None = None
    """Replaces the agents that scenarios name."""

    def plan(self, path: Path) -> tuple[Case, ...]:
        """The cases of a scenario file.

        Raises:
            InputError: the file is malformed, or names something unknown; with file and line.
        """
        return plan(load_scenario(path, display_path=relative_name(path, self.root)), self.sources, agent=self.agent)


def open_evaluation(
    root: Path,
    *,
    pattern_folders: Iterable[Path] = (),
    fixture_locks: Iterable[Path] = (),
    agents: Sequence[Agent] = (),
    agent: str | None = None,
) -> Evaluation:
    """Read what scenarios can refer to. The three sequences are what other packages add.

    Raises:
        InputError, PatternError: settings, a pattern's metadata or a lock file are malformed.
        AgentError: there is no agent called `agent`.
    """
    configured = configured_agents(load_settings(root).agents, root)
    if agent is not None:
        resolve_agent(agent, configured, agents)
    folders = library_folders(root, tuple(pattern_folders))
    sources = Sources(
        library=load_library(folders),
        pins=load_pins(root, tuple(fixture_locks)),
        configured_agents=configured,
        extra_agents=tuple(agents),
    )
    return Evaluation(root=root, library=folders, sources=sources, agent=agent)
