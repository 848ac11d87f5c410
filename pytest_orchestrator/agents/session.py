"""A session with one agent: a process of its own, a deadline for every call, no process left at the end.

The SDK's client is asynchronous. Each session runs it on an event loop in a thread of its own, so that sessions can be
used from any number of plain threads.
"""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_orchestrator.agents.agent import Agent, AgentInfo
from pytest_orchestrator.agents.environment import agent_environment
from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.errors import AgentError, require_package

_START_TIMEOUT_S = 30.0  # from the start of the process to the end of MCP's handshake

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

    from pytest_orchestrator.agents.client import AgentClient


class SessionRegistry:
    """The agents that a run has started, so that all of them can be ended at once, and the environment that all get.

    The environment is that of the moment when the registry is made: agents start in threads beside tests, which may
    change the variables and the current folder of the process. `abort` may be called from any thread, and from a signal
    handler.
    """

    def __init__(self) -> None:
        self.env: Mapping[str, str] = agent_environment(os.environ, folder=Path.cwd())
        self._lock = threading.RLock()  # reentrant: a signal handler may run in the thread that holds it
        self._clients: list[AgentClient] = []
        self._aborted = False

    def abort(self) -> None:
        """Kill every agent with all its children. Sessions that are opened later fail."""
        with self._lock:
            self._aborted = True
            for client in self._clients:
                client.abort()

    def check(self) -> None:
        """Raises `AgentError` after `abort`."""
        if self._aborted:
            raise AgentError("the run was aborted")

    @contextmanager
    def registered(self, client: AgentClient) -> Iterator[None]:
        """Let `abort` end the client's agent while the context is open.

        Raises:
            AgentError: the registry is aborted already.
        """
        with self._lock:
            self.check()
            self._clients.append(client)
        try:
            yield
        finally:
            with self._lock:
                self._clients.remove(client)


class AgentSession:
    """A running agent that answers calls. Not for use by two threads at once."""

    def __init__(self, agent: Agent, info: AgentInfo, client: AgentClient, portal: BlockingPortal) -> None:
        self._agent = agent
        self._client = client
        self._portal = portal
        self.info = info
        """How the agent identifies itself."""

    def call(self, tool: str, arguments: Mapping[str, Any], *, timeout_s: float | None = None) -> Mapping[str, Any]:
        """What the tool returns: its structured content, which fits the schema that the tool declares.

        `timeout_s` is the call's deadline in seconds; default: the agent's own. After an `AgentError` other than
        `ToolRefused` the agent's process and all its children have been killed, and every further call fails.

        Raises:
            ToolRefused: the tool reports an error; the session goes on.
            AgentError: the agent crashed, did not answer in time, broke the protocol, has no such tool, or returned
                content that does not fit the schema it declares.
        """
        if tool not in self.info.tools:
            raise AgentError(
                f"agent {self._agent.name!r} has no tool {tool!r}: {did_you_mean(tool, self.info.tools)}",
                fix="see docs/mcp.md for the tools that an agent must offer",
            )
        deadline_s = self._agent.timeout_s if timeout_s is None else timeout_s
        return self._portal.call(self._client.call, tool, dict(arguments), deadline_s)

    @property
    def stderr(self) -> str:
        """The last 4 KiB of what the agent has printed to stderr."""
        return self._client.stderr


def load_client() -> None:
    """Import the MCP SDK, which takes half a second. Otherwise the first `open_session` does.

    Raises:
        UsageError: the SDK is not installed.
    """
    require_package("mcp", extra="evaluate")
    importlib.import_module("pytest_orchestrator.agents.client")


@contextmanager
def open_session(
    agent: Agent,
    workspace: Path,
    *,
    library: Sequence[Path] = (),
    start_timeout_s: float = _START_TIMEOUT_S,
    registry: SessionRegistry | None = None,
) -> Iterator[AgentSession]:
    """Start the agent in a process of its own and wait for MCP's handshake. At the end, the agent and all its children
    are ended.

    `registry` gives the environment and can end the session early; by default the environment is the current one.

    Raises:
        AgentError: the agent can't be started, the handshake takes longer than `start_timeout_s`, or the registry is
            aborted.
        UsageError: the SDK is not installed.
    """
    load_client()
    from anyio.from_thread import start_blocking_portal

    from pytest_orchestrator.agents.client import AgentClient

    registry = registry or SessionRegistry()
    arguments = agent.arguments(workspace=workspace, library=library)
    client = AgentClient(name=agent.name, arguments=arguments, workspace=workspace, env=registry.env)
    with registry.registered(client), start_blocking_portal(name=f"agent {agent.name}") as portal:
        ended, info = portal.start_task(client.run, start_timeout_s)
        try:
            yield AgentSession(agent, info, client, portal)
        except BaseException:
            client.abort()
            raise
        finally:
            portal.call(client.finish)
            ended.result()
