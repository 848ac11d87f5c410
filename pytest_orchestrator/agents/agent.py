"""The known agents, and the command that starts each."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.config import PROJECT_FILE, AgentSettings, setting_line
from pytest_orchestrator.errors import AgentError, InputError

BUILTIN = "builtin"

# A word in doubled braces stands for itself in single ones.
_PLACEHOLDER = re.compile(r"\{\{(?P<text>\w+)\}\}|\{(?P<name>\w+)\}")
_NAMES = ("workspace", "project", "root", "python", "library")


@dataclass(frozen=True, kw_only=True)
class Agent:
    """An MCP server on stdio that offers the pattern tools.

    `command` is a program and its arguments, and is not run by a shell. `{workspace}` stands for the tree to work on,
    `{project}` or `{root}` for the project that the evaluation belongs to, `{python}` for this interpreter. An argument
    with `{library}` is repeated for each folder of patterns, and left out when there is none. `{{word}}` is `{word}`.

    Raises:
        AgentError: the command has another placeholder.
    """

    name: str
    command: tuple[str, ...]
    timeout_s: float = 600.0
    """The deadline of each call, in seconds."""
    project: Path | None = None
    """The project's folder; None: the current folder."""

    def __post_init__(self) -> None:
        """Refuse a misspelt placeholder, which the agent would take for a name of a file."""
        for part in self.command:
            for found in _PLACEHOLDER.finditer(part):
                if found["name"] not in (None, *_NAMES):
                    raise AgentError(
                        f"agent {self.name!r}: no placeholder {found[0]}: {did_you_mean(found['name'], _NAMES)}",
                        fix=f"correct it, or write {{{found[0]}}} for the text itself",
                    )

    def arguments(self, *, workspace: Path, library: Sequence[Path]) -> tuple[str, ...]:
        """The command with its placeholders filled."""
        project = str(self.project or Path.cwd())
        values = {"workspace": str(workspace), "project": project, "root": project, "python": sys.executable}
        filled: list[str] = []
        for part in self.command:
            folders = [str(folder) for folder in library] if "{library}" in part else [""]
            filled += (_fill(part, values | {"library": folder}) for folder in folders)
        return tuple(filled)


@dataclass(frozen=True, kw_only=True)
class AgentInfo:
    """How a running agent identifies itself, as a run's record keeps it."""

    agent: str
    """The name under which the agent is configured."""
    server: str
    """The name that the server gives itself; empty when it gives none."""
    version: str
    protocol: str
    """The MCP version that the two agreed on, e.g. `2026-07-28`."""
    tools: tuple[str, ...]


class ToolRefused(AgentError):  # noqa: N818 - the agent works; it refuses
    """The tool reported an error (`isError` in its result); `message` quotes it. The agent goes on."""


def builtin_agent() -> Agent:
    """The shipped agent: `pytest-orchestrator mcp serve`."""
    return Agent(
        name=BUILTIN,
        command=(
            # -P: the agent starts in the tree that it works on, which may contain a `typing.py`.
            *("{python}", "-P", "-m", "pytest_orchestrator", "mcp", "serve", "--evaluation"),
            *("--workspace", "{workspace}", "--library={library}"),
        ),
    )


def configured_agents(settings: Mapping[str, AgentSettings], root: Path) -> tuple[Agent, ...]:
    """The agents in the settings of the project in `root`.

    Raises:
        InputError: a command has a placeholder that does not exist; with its line.
    """
    agents = []
    for name, each in settings.items():
        try:
            agents.append(Agent(name=name, command=each.command, timeout_s=each.timeout_s, project=root))
        except AgentError as error:
            line = setting_line(root, "agents", name, "command")
            raise InputError(error.message, path=PROJECT_FILE, line=line, fix=error.fix) from error
    return tuple(agents)


def resolve_agent(name: str, configured: Sequence[Agent] = (), extra: Sequence[Agent] = ()) -> Agent:
    """The agent called `name`: one that the project configures, else the first in `extra`, else the shipped one.

    Raises:
        AgentError: there is no agent of that name; the message suggests one.
    """
    agents = {agent.name: agent for agent in (builtin_agent(), *reversed(extra), *configured)}  # the last one counts
    if name not in agents:
        raise AgentError(
            f"there is no agent {name!r}: {did_you_mean(name, agents)}",
            fix=f"correct the name, or add [tool.pytest_orchestrator.agents.{name}] to pyproject.toml",
        )
    return agents[name]


def _fill(part: str, values: Mapping[str, str]) -> str:
    # One pass, so that a folder's name that looks like a placeholder is not replaced.
    return _PLACEHOLDER.sub(lambda found: values[found["name"]] if found["name"] else f"{{{found['text']}}}", part)
