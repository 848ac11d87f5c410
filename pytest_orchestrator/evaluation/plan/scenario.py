"""Scenario files: which patterns run on which pinned code, by which agents, and which gates must pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pytest_orchestrator.codec.decode import Limit, decode
from pytest_orchestrator.codec.yaml import YamlDocument, load_yaml
from pytest_orchestrator.errors import InputError, OrchestratorError
from pytest_orchestrator.files import read_text, shipped_path

SUFFIX = ".scenario.yaml"
FOLDER = "evaluation"

Gate = Literal["parses", "compiles", "idempotent", "contained", "expected"]
GATES: tuple[Gate, ...] = get_args(Gate)

_MAX_BYTES = 1 << 20
_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"


@dataclass(frozen=True, kw_only=True)
class PatternUse:
    """A pattern with parameters, or with another name."""

    pattern: Annotated[str, Limit(min_length=1)]
    name: Annotated[str, Limit(pattern=_NAME)] | None = None
    """The name in the cases' names; default: the pattern's id. Needed when a scenario uses a pattern twice."""
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """`evaluation/<id>.scenario.yaml`: each pattern on each fixture by each agent is one case."""

    schema: Literal["pytest-orchestrator/scenario/1"]
    id: Annotated[str, Limit(pattern=_NAME)]
    """The file's name without `.scenario.yaml`."""
    title: Annotated[str, Limit(min_length=1)]
    description: str = ""
    patterns: Annotated[tuple[str | PatternUse, ...], Limit(min_items=1)]
    """Ids of patterns, dotted names of stock LibCST commands, or mappings that add parameters."""
    each: Literal["pattern", "set"] = "pattern"
    """Whether each pattern is a case of its own, or all of them are applied together."""
    fixtures: Annotated[tuple[str, ...], Limit(min_items=1, unique_items=True)]
    """Names of pins."""
    paths: Annotated[tuple[Annotated[str, Limit(min_length=1)], ...], Limit(min_items=1)] = ("**/*.py",)
    """Globs of the files that the patterns may read and change."""
    agents: Annotated[tuple[str, ...], Limit(min_items=1, unique_items=True)] = ("builtin",)
    repeat: Annotated[int, Limit(minimum=1, maximum=100)] = 1
    """How often a case is run. It is flaky when the results differ."""
    gates: Annotated[tuple[Gate, ...], Limit(min_items=1, unique_items=True)] = GATES
    budget_s: Annotated[int, Limit(minimum=1)] | None = None
    """The time for each run of a case, in seconds."""


@dataclass(frozen=True, kw_only=True)
class ScenarioSource:
    """A scenario and its file. `display_path` is the file's name in messages and node ids."""

    scenario: Scenario
    path: Path
    display_path: str
    document: YamlDocument = field(repr=False, compare=False)

    def refuse(self, key: tuple[str | int, ...], message: str, fix: str = "") -> InputError:
        """An error at the line of `key` in the scenario."""
        return InputError(message, path=self.display_path, line=self.document.line(key), fix=fix)

    @contextmanager
    def blamed(self, *key: str | int) -> Iterator[None]:
        """Give an error that is raised inside the line of `key` in the scenario."""
        try:
            yield
        except OrchestratorError as error:
            raise self.refuse(key, error.message, error.fix) from error


def load_scenario(path: Path, *, display_path: str) -> ScenarioSource:
    """The scenario in a file.

    Raises:
        InputError: it is malformed, or its id isn't the file's name; with file and line.
    """
    document = load_yaml(
        read_text(path, max_bytes=_MAX_BYTES, display_path=display_path),
        path=display_path,
    )
    source = ScenarioSource(
        scenario=decode(Scenario, document, path=display_path), path=path, display_path=display_path, document=document
    )
    name = path.name.removesuffix(SUFFIX)
    if source.scenario.id != name:
        raise source.refuse(("id",), f"the id {source.scenario.id!r} is not the file's name", f"write id: {name}")
    return source


def own_scenarios(root: Path) -> tuple[Path, ...]:
    """The scenario files of the project in `root`, sorted."""
    return tuple(sorted((root / FOLDER).glob(f"*{SUFFIX}")))


def shipped_scenarios() -> tuple[Path, ...]:
    """The scenario files that travel with the package, sorted."""
    return tuple(sorted(shipped_path(FOLDER).glob(f"*{SUFFIX}")))
