"""The cases of a scenario. Nothing is fetched, started or imported to plan them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.agents.agent import BUILTIN, Agent, resolve_agent
from pytest_orchestrator.evaluation.plan.scenario import Gate, PatternUse, ScenarioSource
from pytest_orchestrator.fixture_store.lock import get_pin
from pytest_orchestrator.fixture_store.pin import Pin
from pytest_orchestrator.pattern_engine.library.library import Library
from pytest_orchestrator.pattern_engine.pattern import PatternCall, bind


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What scenarios refer to by name."""

    library: Library
    pins: Mapping[str, Pin]
    configured_agents: tuple[Agent, ...] = ()
    """Those of the project's settings."""
    extra_agents: tuple[Agent, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Case:
    """One set of patterns on one pin by one agent."""

    name: str
    """Unique in its scenario, e.g. `super-no-args[click]`."""
    scenario: str
    slug: str
    """The stem of the case's file names in the run's folder. Unique in a run."""
    calls: tuple[PatternCall, ...]
    """All of one kind."""
    pin: Pin
    agent: Agent
    paths: tuple[str, ...]
    repeat: int
    gates: tuple[Gate, ...]
    budget_s: float | None
    expectation: Path
    """The file with the approved result. All agents share it."""

    @property
    def is_codemod(self) -> bool:
        """Whether the case edits files. A case of linters only reads them."""
        return self.calls[0].pattern.kind == "codemod"


def plan(source: ScenarioSource, sources: Sources, *, agent: str | None = None) -> tuple[Case, ...]:
    """The cases of a scenario, ordered by pattern, pin and agent. `agent` replaces the agents that the scenario names.

    Raises:
        InputError: a pattern, parameter, fixture or agent is unknown or invalid; with file and line.
        AgentError: `agent` is unknown.
    """
    scenario = source.scenario
    pins = []
    for index, name in enumerate(scenario.fixtures):
        with source.blamed("fixtures", index):
            pins.append((name, get_pin(sources.pins, name)))
    agents = _agents(source, sources, agent)
    return tuple(
        _case(source, name, calls, named, by)
        for name, calls in _pattern_sets(source, sources.library)
        for named in pins
        for by in agents
    )


def _case(
    source: ScenarioSource, name: str, calls: tuple[PatternCall, ...], named: tuple[str, Pin], agent: Agent
) -> Case:
    """The case; `named` is a pin and what the scenario calls it."""
    label, pin = named
    scenario = source.scenario
    expectation = f"{name}@{label}"
    suffix = "" if agent.name == BUILTIN else agent.name
    return Case(
        name=f"{name}[{'-'.join(filter(None, (label, suffix)))}]",
        scenario=scenario.id,
        slug="--".join(filter(None, (scenario.id, expectation, suffix))),
        calls=calls,
        pin=pin,
        agent=agent,
        paths=scenario.paths,
        repeat=scenario.repeat,
        gates=scenario.gates,
        budget_s=scenario.budget_s,
        expectation=source.path.parent / "expected" / scenario.id / f"{expectation}.yaml",
    )


def _agents(source: ScenarioSource, sources: Sources, only: str | None) -> list[Agent]:
    if only is not None:
        return [resolve_agent(only, sources.configured_agents, sources.extra_agents)]
    agents = []
    for index, name in enumerate(source.scenario.agents):
        with source.blamed("agents", index):
            agents.append(resolve_agent(name, sources.configured_agents, sources.extra_agents))
    return agents


def _pattern_sets(source: ScenarioSource, library: Library) -> Sequence[tuple[str, tuple[PatternCall, ...]]]:
    """The patterns that are applied together, each set with its name."""
    named: dict[str, PatternCall] = {}
    for index, entry in enumerate(source.scenario.patterns):
        use = entry if isinstance(entry, PatternUse) else PatternUse(pattern=entry)
        call = _call(source, index, use, library)
        name = use.name or use.pattern
        if name in named:
            raise source.refuse(
                ("patterns", index), f"the pattern {name!r} is listed twice", "remove one, or add a name to it"
            )
        named[name] = call
    if source.scenario.each == "pattern":
        return [(name, (call,)) for name, call in named.items()]
    _check_set(source, tuple(named.values()))
    return [(source.scenario.id, tuple(named.values()))]


def _call(source: ScenarioSource, index: int, use: PatternUse, library: Library) -> PatternCall:
    key = ("patterns", index, "pattern")
    with source.blamed(*key):
        pattern = library.get(use.pattern)
    if pattern.kind == "template":
        raise source.refuse(
            key,
            f"the pattern {pattern.id!r} is a template, which can't be run on code",
            "name codemods or linters",
        )
    with source.blamed("patterns", index, "parameters"):
        return bind(pattern, use.parameters)


def _check_set(source: ScenarioSource, calls: tuple[PatternCall, ...]) -> None:
    for index, call in enumerate(calls):
        if call.pattern.kind != calls[0].pattern.kind:
            raise source.refuse(
                ("patterns", index),
                f"the pattern {call.pattern.id!r} is a {call.pattern.kind}, the patterns before it are not",
                "put codemods and linters into separate scenarios, or write each: pattern",
            )
        if call.pattern.id in [earlier.pattern.id for earlier in calls[:index]]:
            raise source.refuse(
                ("patterns", index), f"a set can't contain the pattern {call.pattern.id!r} twice", "write each: pattern"
            )
