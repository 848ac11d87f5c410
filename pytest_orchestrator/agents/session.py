"""Talking to one agent: a process of its own, a deadline for every call, and nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_orchestrator.agents.agent import Agent
from pytest_orchestrator.errors import AgentError

START_TIMEOUT_S = 30.0


class ToolRefused(AgentError):  # noqa: N818 - the field's word; the agent is fine, it says no
    """The agent answered that it can't do what was asked; `message` carries its own words."""


@dataclass(frozen=True, kw_only=True)
class AgentInfo:
    """Who answered: what a run's record keeps of an agent."""

    agent: str
    """The name under which the agent is configured."""
    server: str
    """The name that the server gives itself."""
    version: str
    protocol: str
    """The MCP version that the two agreed on, e.g. `2026-07-28`."""
    tools: tuple[str, ...]


class AgentSession:
    """A conversation with a running agent. Not for use by two threads at once."""

    @property
    def info(self) -> AgentInfo:
        """Who answered."""
        raise NotImplementedError

    def call(self, tool: str, arguments: Mapping[str, Any], *, timeout_s: float | None = None) -> Mapping[str, Any]:
        """What the tool returns: its structured content, which fits the schema that the tool declares.

        `timeout_s` is the call's deadline, the agent's own unless told. After an `AgentError` other than `ToolRefused`
        the session is dead, and so is the agent's process with all its children.

        Raises:
            ToolRefused: the tool says that it can't; the session goes on.
            AgentError: the agent crashed, hung, spoke garbage, has no such tool, or returned what it did not declare.
        """
        raise NotImplementedError


@contextmanager
def open_session(
    agent: Agent, workspace: Path, *, library: Sequence[Path] = (), stderr: Path | None = None
) -> Iterator[AgentSession]:
    """Start the agent in a process of its own and shake hands with it; end it with all its children at the end.

    `stderr` is the file that keeps what the agent prints there, bounded; without it only the last lines are kept, for
    error messages.

    Raises:
        AgentError: it can't be started, or does not shake hands within `START_TIMEOUT_S`.
    """
    raise NotImplementedError
