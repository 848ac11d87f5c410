"""MCP's stdio transport, on the client's side, for an agent that is not trusted.

Every line of the agent's stdout must be one JSON-RPC message
(https://modelcontextprotocol.io/specification/2025-11-25/basic/transports, "stdio"). The first failure is kept as text
and ends the session. The SDK's own transport continues after a line that is no message, reads lines of any length, and
keeps neither the exit code nor stderr.
"""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import anyio
import anyio.abc
import mcp_types
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.shared.message import SessionMessage

from pytest_orchestrator.process import kill_group

_POLL_S = 0.005
_EXIT_TIMEOUT_S = 2.0  # from the end of the agent's stdin to its exit; then it is killed
_MAX_MESSAGE_BYTES = 64 << 20  # of a JSON-RPC message, which is one line of stdout
_MAX_QUOTED_BYTES = 120
_MAX_STDERR_BYTES = 4096

Streams = tuple[MemoryObjectReceiveStream[SessionMessage | Exception], MemoryObjectSendStream[SessionMessage]]


class AgentProcess:
    """A running agent, its first failure, and the end of what it printed to stderr."""

    def __init__(self, process: anyio.abc.Process) -> None:
        self._process = process
        self.failure: str | None = None
        self.stderr = b""

    def fail(self, failure: str) -> None:
        """Keep the first failure, as the end of a sentence that begins with the agent's name."""
        self.failure = self.failure or failure

    def kill(self) -> None:
        """Kill the agent with all its children."""
        kill_group(self._process.pid)

    @asynccontextmanager
    async def streams(self) -> AsyncIterator[Streams]:
        """The two streams that the SDK's client uses. The process has ended when the context ends."""
        inbound, messages = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        outbound, to_send = anyio.create_memory_object_stream[SessionMessage](0)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._read, inbound)
            tasks.start_soon(self._write, to_send, inbound)
            tasks.start_soon(self._log_stderr)
            try:
                yield messages, outbound
            except BaseException:
                self.kill()
                raise
            finally:
                with anyio.CancelScope(shield=True):
                    messages.close()
                    outbound.close()
                    await self._end()
                tasks.cancel_scope.cancel()

    async def _read(self, inbound: MemoryObjectSendStream[SessionMessage | Exception]) -> None:
        assert self._process.stdout is not None  # noqa: S101 - it was started with pipes
        pending: list[bytes] = []
        size = 0
        async with inbound:
            try:
                async for chunk in self._process.stdout:
                    *lines, rest = chunk.split(b"\n")
                    for line in lines:
                        whole = b"".join([*pending, line])
                        pending, size = [], 0
                        if not whole.strip():
                            continue
                        message = self._parse(whole)
                        if message is None:
                            return
                        await inbound.send(SessionMessage(message))
                    pending.append(rest)
                    size += len(rest)
                    if size > _MAX_MESSAGE_BYTES:
                        self.fail(f"sent a message of more than {_MAX_MESSAGE_BYTES >> 20} MiB")
                        return
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                return
            self.fail(await self._exit_reason())

    def _parse(self, line: bytes) -> mcp_types.JSONRPCMessage | None:
        try:
            return mcp_types.jsonrpc_message_adapter.validate_json(line, by_name=False)
        except ValueError:
            quoted = line[:_MAX_QUOTED_BYTES].decode("utf-8", "replace")
            self.fail(f"printed something to stdout that is not an MCP message: {quoted!r}")
            return None

    async def _write(
        self,
        to_send: MemoryObjectReceiveStream[SessionMessage],
        inbound: MemoryObjectSendStream[SessionMessage | Exception],
    ) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was started with pipes
        try:
            async with to_send:
                async for item in to_send:
                    text = item.message.model_dump_json(by_alias=True, exclude_unset=True)
                    await self._process.stdin.send(text.encode() + b"\n")
        except (anyio.BrokenResourceError, anyio.ClosedResourceError, OSError):
            # The agent reads no more: the call that waits for an answer must fail.
            self.fail(await self._exit_reason())
            await inbound.aclose()

    async def _log_stderr(self) -> None:
        assert self._process.stderr is not None  # noqa: S101 - it was started with pipes
        try:
            async for chunk in self._process.stderr:
                self.stderr = (self.stderr + chunk)[-_MAX_STDERR_BYTES:]
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            return

    async def _exit_reason(self) -> str:
        if not await self._exits(_EXIT_TIMEOUT_S):
            return "closed its stdout"
        code = self._process.returncode or 0
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"exited with code {code}"

    async def _exits(self, timeout_s: float) -> bool:
        # Not `process.wait()`: asyncio's also waits for the pipes, which a grandchild may hold open.
        with anyio.move_on_after(timeout_s):
            while self._process.returncode is None:
                await anyio.sleep(_POLL_S)
        return self._process.returncode is not None

    async def _end(self) -> None:
        """Close stdin, which asks an MCP server to end; then kill whatever is left of its process group."""
        assert self._process.stdin is not None  # noqa: S101 - it was started with pipes
        with suppress(anyio.BrokenResourceError, OSError):
            await self._process.stdin.aclose()
        if self.failure is None:
            await self._exits(_EXIT_TIMEOUT_S)
        self.kill()
        await self._exits(_EXIT_TIMEOUT_S)


@asynccontextmanager
async def start_agent(
    arguments: Sequence[str], *, workspace: Path, env: Mapping[str, str]
) -> AsyncIterator[AgentProcess]:
    """Start an agent in a process group of its own.

    Raises:
        OSError: it can't be started.
    """
    process = await anyio.open_process(
        list(arguments), cwd=workspace, env=dict(env), start_new_session=True, stdin=-1, stdout=-1, stderr=-1
    )
    agent = AgentProcess(process)
    try:
        yield agent
    finally:
        agent.kill()
        with anyio.CancelScope(shield=True):
            await process.aclose()
