"""Which agents there are, and the command that starts each."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.config import AgentSettings
from pytest_orchestrator.errors import AgentError

BUILTIN = "builtin"

_PLACEHOLDER = re.compile(r"\{(workspace|python|library)\}")


@dataclass(frozen=True, kw_only=True)
class Agent:
    """An MCP server on stdio that offers the pattern tools.

    `command` is a program and its arguments, never a shell's line. In it `{workspace}` stands for the tree to work on
    and `{python}` for this interpreter; an argument that holds `{library}` is repeated for each folder of patterns,
    and left out when there is none.
    """

    name: str
    command: tuple[str, ...]
    timeout_s: float = 600.0
    """The deadline of every call to it, in seconds."""

    def arguments(self, *, workspace: Path, library: Sequence[Path]) -> tuple[str, ...]:
        """The command with its placeholders filled."""
        values = {"workspace": str(workspace), "python": sys.executable}
        filled: list[str] = []
        for part in self.command:
            folders = [str(folder) for folder in library] if "{library}" in part else [""]
            filled += (_fill(part, values | {"library": folder}) for folder in folders)
        return tuple(filled)


def builtin_agent() -> Agent:
    """The agent that we ship: `pytest-orchestrator mcp serve` in a process of its own."""
    return Agent(
        name=BUILTIN,
        command=(
            # -P: an agent starts in the tree that it works on, and that tree may hold a `typing.py` of its own.
            *("{python}", "-P", "-m", "pytest_orchestrator", "mcp", "serve"),
            *("--workspace", "{workspace}", "--library={library}"),
        ),
    )


def resolve_agent(name: str, configured: Mapping[str, AgentSettings], extra: Sequence[Agent] = ()) -> Agent:
    """The agent called `name`: a project's own settings come first, then extensions, then what we ship.

    Raises:
        AgentError: there is none of that name; with a "did you mean".
    """
    agents = {agent.name: agent for agent in (builtin_agent(), *reversed(extra))}
    for own, settings in configured.items():
        agents[own] = Agent(name=own, command=settings.command, timeout_s=settings.timeout_s)
    if name not in agents:
        raise AgentError(
            f"there is no agent {name!r}: {did_you_mean(name, agents)}",
            fix=f"correct the name, or add [tool.pytest_orchestrator.agents.{name}] to pyproject.toml",
        )
    return agents[name]


def _fill(part: str, values: Mapping[str, str]) -> str:
    # One pass, so that a folder whose name looks like a placeholder is never filled again.
    return _PLACEHOLDER.sub(lambda found: values[found[1]], part)
