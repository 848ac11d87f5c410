"""Talking to one agent: a process of its own, a deadline for every call, and nothing left behind.

The SDK's client is asynchronous; here it lives on an event loop in a thread of its own, so that a session works from
plain threads and from the workers of a process pool alike.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_orchestrator.agents.agent import Agent
from pytest_orchestrator.agents.environment import agent_environment
from pytest_orchestrator.agents.stderr_log import Said
from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.errors import AgentError, require_package

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

    from pytest_orchestrator.agents.client import Answer, Conversation

START_TIMEOUT_S = 30.0


class ToolRefused(AgentError):  # noqa: N818 - the field's word; the agent is fine, it says no
    """The agent answered that it can't do what was asked; `message` carries its own words."""


@dataclass(frozen=True, kw_only=True)
class AgentInfo:
    """Who answered: what a run's record keeps of an agent."""

    agent: str
    """The name under which the agent is configured."""
    server: str
    """The name that the server gives itself; empty when it gives none."""
    version: str
    protocol: str
    """The MCP version that the two agreed on, e.g. `2026-07-28`."""
    tools: tuple[str, ...]


class AgentSession:
    """A conversation with a running agent. Not for use by two threads at once."""

    def __init__(self, agent: Agent, info: AgentInfo, conversation: Conversation, portal: BlockingPortal) -> None:
        self._agent = agent
        self._conversation = conversation
        self._portal = portal
        self.info = info
        """Who answered."""

    def call(self, tool: str, arguments: Mapping[str, Any], *, timeout_s: float | None = None) -> Mapping[str, Any]:
        """What the tool returns: its structured content, which fits the schema that the tool declares.

        `timeout_s` is the call's deadline, the agent's own unless told. After an `AgentError` other than `ToolRefused`
        the session is dead, and so is the agent's process with all its children.

        Raises:
            ToolRefused: the tool says that it can't; the session goes on.
            AgentError: the agent crashed, hung, spoke garbage, has no such tool, or returned what it did not declare.
        """
        if tool not in self.info.tools:
            raise AgentError(
                f"agent {self._agent.name!r} has no tool {tool!r}: {did_you_mean(tool, self.info.tools)}",
                fix="see docs/mcp.md for the tools that an agent must offer",
            )
        deadline_s = self._agent.timeout_s if timeout_s is None else timeout_s
        answer: Answer = self._portal.call(self._conversation.call, tool, dict(arguments), deadline_s)
        if answer.refusal is not None:
            raise ToolRefused(f"agent {self._agent.name!r} refused {tool}: {answer.refusal}")
        return answer.content


@contextmanager
def open_session(
    agent: Agent,
    workspace: Path,
    *,
    library: Sequence[Path] = (),
    stderr: Path | None = None,
    start_timeout_s: float = START_TIMEOUT_S,
) -> Iterator[AgentSession]:
    """Start the agent in a process of its own and shake hands with it; end it with all its children at the end.

    `stderr` is the file that keeps what the agent prints there, at most its first MiB; without it only the last lines
    are kept, for error messages.

    Raises:
        AgentError: it can't be started, or does not shake hands within `start_timeout_s`.
        UsageError: the SDK is not installed.
    """
    require_package("mcp", extra="evaluate")
    # The SDK takes half a second to import, and only those who talk to an agent shall pay for it.
    from anyio.from_thread import start_blocking_portal

    from pytest_orchestrator.agents.client import Conversation

    said = Said(stderr)
    conversation = Conversation(
        name=agent.name,
        arguments=agent.arguments(workspace=workspace, library=library),
        workspace=workspace,
        env=agent_environment(os.environ, folder=Path.cwd()),
        said=said,
    )
    with ExitStack() as stack:
        stack.callback(said.close)
        portal = stack.enter_context(start_blocking_portal(name=f"agent {agent.name}"))
        ended, greeting = portal.start_task(conversation.run, start_timeout_s)
        info = AgentInfo(agent=agent.name, **greeting)
        try:
            yield AgentSession(agent, info, conversation, portal)
        except BaseException:
            portal.call(conversation.abort)
            raise
        finally:
            portal.call(conversation.finish)
            ended.result()
