"""One agent's life on an event loop: start, handshake, calls, end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import anyio
import anyio.abc
import mcp_types
from mcp import Client
from mcp.shared.exceptions import MCPError

from pytest_orchestrator.agents.stderr_log import Said
from pytest_orchestrator.agents.transport import AgentProcess, start_agent
from pytest_orchestrator.errors import AgentError

_MAX_TOOL_PAGES = 100
_MAX_REFUSAL = 4000


class Greeting(TypedDict):
    """What an agent says of itself when it starts."""

    server: str
    version: str
    protocol: str
    tools: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a tool returned, or the words with which it refused."""

    content: Mapping[str, Any]
    refusal: str | None = None


class Conversation:
    """Everything here runs on one event loop; `session.py` calls it from outside."""

    def __init__(
        self, *, name: str, arguments: Sequence[str], workspace: Path, env: Mapping[str, str], said: Said
    ) -> None:
        self._name = name
        self._arguments = arguments
        self._workspace = workspace
        self._env = env
        self._said = said
        self._process: AgentProcess | None = None
        self._client: Client | None = None
        self._over = anyio.Event()
        self._dead: str | None = None

    async def run(
        self, start_timeout_s: float, *, task_status: anyio.abc.TaskStatus[Greeting] = anyio.TASK_STATUS_IGNORED
    ) -> None:
        """Start the agent, report its greeting, and stay until `finish`.

        Raises:
            AgentError: it can't be started, or did not shake hands in time.
        """
        greeted = False
        with anyio.CancelScope(deadline=anyio.current_time() + start_timeout_s) as scope:
            try:
                async with start_agent(
                    self._arguments, workspace=self._workspace, env=self._env, said=self._said
                ) as process:
                    self._process = process
                    async with Client(process.streams(), cache=None) as client:
                        self._client = client
                        greeting = await _greet(client)
                        greeted, scope.deadline = True, float("inf")
                        task_status.started(greeting)
                        await self._over.wait()
            except OSError as error:
                raise self._start_error(f"can't be started: {error.strerror or error}") from error
            except Exception as error:
                if not greeted:  # later on, the call that it broke has said so
                    trouble = self._process.trouble if self._process is not None else None
                    raise self._start_error(trouble or f"did not shake hands: {_first_line(error)}") from error
        if scope.cancelled_caught and not greeted:
            raise self._start_error(f"did not shake hands within {start_timeout_s:g} s and was killed")

    async def call(self, tool: str, arguments: dict[str, Any], timeout_s: float) -> Answer:
        """Ask for one tool.

        Raises:
            AgentError: for whatever keeps the agent from answering as it declared; it is killed then.
        """
        assert self._client is not None  # noqa: S101 - `run` has greeted
        assert self._process is not None  # noqa: S101 - as above
        if self._dead is not None:
            raise self._call_error(tool, f"is gone since it {self._dead}")
        try:
            with anyio.fail_after(timeout_s):
                result = await self._client.call_tool(tool, arguments)
        except TimeoutError as error:
            raise self._give_up(tool, f"did not answer within {timeout_s:g} s and was killed") from error
        except MCPError as error:
            raise self._give_up(tool, self._process.trouble or f"answered with an error: {error.message}") from error
        except Exception as error:
            # The SDK has no one type for a reply that does not parse or does not fit the declared schema.
            trouble = self._process.trouble or f"returned what it does not declare: {_first_line(error)}"
            raise self._give_up(tool, trouble) from error
        if result.is_error:
            return Answer(content={}, refusal=_text(result))
        if not isinstance(result.structured_content, dict):
            raise self._give_up(tool, "returned no structured content")
        return Answer(content=result.structured_content)

    async def abort(self) -> None:
        """Kill the agent: what it still does is of no use to anybody."""
        if self._process is not None:
            self._process.blame("was killed")
            self._process.kill()

    async def finish(self) -> None:
        """Let `run` end."""
        self._over.set()

    def _give_up(self, tool: str, trouble: str) -> AgentError:
        assert self._process is not None  # noqa: S101 - only called while a call is in the air
        self._process.blame(trouble)
        self._process.kill()
        self._dead = trouble
        return self._call_error(tool, trouble)

    def _call_error(self, tool: str, trouble: str) -> AgentError:
        return AgentError(f"agent {self._name!r} {trouble} (asked for {tool}){self._last_words()}")

    def _start_error(self, trouble: str) -> AgentError:
        return AgentError(
            f"agent {self._name!r} {trouble} (at start){self._last_words()}",
            fix=f"see that this command starts an MCP server on stdio: {' '.join(self._arguments)}",
        )

    def _last_words(self) -> str:
        lines = self._said.last_lines()
        return f"; its stderr ends with:\n{lines}" if lines else ""


async def _greet(client: Client) -> Greeting:
    tools: list[str] = []
    cursor: str | None = None
    for _ in range(_MAX_TOOL_PAGES):
        page = await client.list_tools(cursor=cursor)
        tools += (tool.name for tool in page.tools)
        cursor = page.next_cursor
        if cursor is None:
            break
    about = client.server_info
    return Greeting(
        server="" if about is None else about.name,
        version="" if about is None else about.version,
        protocol=client.protocol_version,
        tools=tuple(sorted(tools)),
    )


def _text(result: mcp_types.CallToolResult) -> str:
    said = "\n".join(block.text for block in result.content if isinstance(block, mcp_types.TextContent))
    return said[:_MAX_REFUSAL] or "it gave no reason"


def _first_line(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return next(iter(str(error).splitlines()), type(error).__name__)
