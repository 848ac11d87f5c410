"""One agent on an event loop: start, handshake, calls, end.

The protocol is the Model Context Protocol: `initialize`, `tools/list` and `tools/call`
(https://modelcontextprotocol.io/specification/2025-11-25, "Lifecycle" and "Tools").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anyio
import anyio.abc
import mcp_types
from mcp import Client
from mcp.shared.exceptions import MCPError

from pytest_orchestrator.agents.agent import AgentInfo, ToolRefused
from pytest_orchestrator.agents.transport import AgentProcess, start_agent
from pytest_orchestrator.errors import AgentError

_MAX_TOOL_PAGES = 100  # of `tools/list`
_MAX_REFUSAL_CHARACTERS = 4000  # of a tool's error message
# Of stderr, in an error message.
_QUOTED_LINES = 5
_QUOTED_CHARACTERS = 300


class AgentClient:
    """An MCP client and the agent's process. All methods but `abort` run on one event loop, which `session.py` owns."""

    def __init__(self, *, name: str, arguments: Sequence[str], workspace: Path, env: Mapping[str, str]) -> None:
        self._name = name
        self._arguments = arguments
        self._workspace = workspace
        self._env = env
        self._process: AgentProcess | None = None
        self._client: Client | None = None
        self._over = anyio.Event()
        self._dead: str | None = None
        self._aborted = False

    async def run(
        self, start_timeout_s: float, *, task_status: anyio.abc.TaskStatus[AgentInfo] = anyio.TASK_STATUS_IGNORED
    ) -> None:
        """Start the agent, report its greeting, and return after `finish`.

        Raises:
            AgentError: the agent can't be started, or the handshake fails or takes longer than `start_timeout_s`.
        """
        greeted = False
        with anyio.CancelScope(deadline=anyio.current_time() + start_timeout_s) as scope:
            try:
                async with start_agent(self._arguments, workspace=self._workspace, env=self._env) as process:
                    self._process = process
                    if self._aborted:
                        self.abort()
                    async with Client(process.streams(), cache=None) as client:
                        self._client = client
                        info = await _greet(self._name, client)
                        greeted, scope.deadline = True, float("inf")
                        task_status.started(info)
                        await self._over.wait()
            except OSError as error:
                raise self._start_error(f"can't be started: {error.strerror or error}") from error
            except Exception as error:
                if not greeted:  # later on, the call that failed has reported it
                    failure = self._process.failure if self._process is not None else None
                    raise self._start_error(failure or f"failed in the handshake: {_first_line(error)}") from error
        if scope.cancelled_caught and not greeted:
            raise self._start_error(f"did not complete the handshake within {start_timeout_s:g} s and was killed")

    async def call(self, tool: str, arguments: dict[str, Any], timeout_s: float) -> Mapping[str, Any]:
        """The structured content that one tool returns.

        Raises:
            ToolRefused: the tool reports an error.
            AgentError: the agent does not answer in time, or not as it declared. It has been killed then.
        """
        assert self._client is not None  # noqa: S101 - `run` has greeted
        assert self._process is not None  # noqa: S101 - as above
        if self._dead is not None:
            raise self._call_error(tool, f"is not running any more: it {self._dead}")
        try:
            with anyio.fail_after(timeout_s):
                result = await self._client.call_tool(tool, arguments)
        except TimeoutError as error:
            raise self._give_up(tool, f"did not answer within {timeout_s:g} s and was killed") from error
        except MCPError as error:
            raise self._give_up(tool, self._process.failure or f"answered with an error: {error.message}") from error
        except Exception as error:
            # The SDK has no one type for a reply that does not parse or does not fit the declared schema.
            failure = (
                self._process.failure or f"returned a result that does not match its own schema: {_first_line(error)}"
            )
            raise self._give_up(tool, failure) from error
        if result.is_error:
            raise ToolRefused(f"agent {self._name!r} refused {tool}: {_text(result)}")
        if not isinstance(result.structured_content, dict):
            raise self._give_up(
                tool,
                "returned no structured content",
                fix="return the report as an object in `structuredContent`, not only as text: see docs/mcp.md for its "
                "fields and a sample agent",
            )
        return result.structured_content

    def abort(self) -> None:
        """Kill the agent with all its children, or keep it from starting. May be called from any thread."""
        self._aborted = True
        if self._process is not None:
            self._process.fail("was killed")
            self._process.kill()

    def finish(self) -> None:
        """Let `run` end."""
        self._over.set()

    @property
    def stderr(self) -> str:
        """The end of what the agent printed to stderr."""
        return "" if self._process is None else self._process.stderr.decode("utf-8", "replace")

    def _give_up(self, tool: str, failure: str, *, fix: str = "") -> AgentError:
        assert self._process is not None  # noqa: S101 - only `call` uses this
        self._process.fail(failure)
        self._process.kill()
        self._dead = failure
        return self._call_error(tool, failure, fix=fix)

    def _call_error(self, tool: str, failure: str, *, fix: str = "") -> AgentError:
        return AgentError(f"agent {self._name!r} {failure} (asked for {tool}){self._stderr_end()}", fix=fix)

    def _start_error(self, failure: str) -> AgentError:
        return AgentError(
            f"agent {self._name!r} {failure} (at start){self._stderr_end()}",
            fix=f"check that this command starts an MCP server on stdio: {' '.join(self._arguments)}",
        )

    def _stderr_end(self) -> str:
        lines = [line[:_QUOTED_CHARACTERS] for line in self.stderr.splitlines()[-_QUOTED_LINES:] if line.strip()]
        return "\n".join(["; its stderr ends with:", *lines]) if lines else ""


async def _greet(name: str, client: Client) -> AgentInfo:
    tools: list[str] = []
    cursor: str | None = None
    for _ in range(_MAX_TOOL_PAGES):
        page = await client.list_tools(cursor=cursor)
        tools += (tool.name for tool in page.tools)
        cursor = page.next_cursor
        if cursor is None:
            break
    about = client.server_info
    return AgentInfo(
        agent=name,
        server="" if about is None else about.name,
        version="" if about is None else about.version,
        protocol=client.protocol_version,
        tools=tuple(sorted(tools)),
    )


def _text(result: mcp_types.CallToolResult) -> str:
    text = "\n".join(block.text for block in result.content if isinstance(block, mcp_types.TextContent))
    return text[:_MAX_REFUSAL_CHARACTERS] or "no reason given"


def _first_line(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return next(iter(str(error).splitlines()), type(error).__name__)
