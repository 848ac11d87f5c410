"""MCP's stdio transport, seen from the client, for an agent that is not to be trusted.

Every line of the agent's stdout must be one JSON-RPC message (Model Context Protocol, "Transports", stdio). The
first thing that goes wrong is kept in words and ends the conversation. The SDK's own transport would go on after
garbage, would read a line of any length, and keeps neither the exit code nor stderr.
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

from pytest_orchestrator.agents.stderr_log import Said
from pytest_orchestrator.process import kill_group

MAX_LINE_BYTES = 64 << 20

_FAREWELL_S = 2.0
_POLL_S = 0.005
_SHOWN = 120

Streams = tuple[MemoryObjectReceiveStream[SessionMessage | Exception], MemoryObjectSendStream[SessionMessage]]


class AgentProcess:
    """A running agent and the first thing that went wrong with it."""

    def __init__(self, process: anyio.abc.Process, said: Said) -> None:
        self._process = process
        self.said = said
        self.trouble: str | None = None

    def blame(self, trouble: str) -> None:
        """Keep what went wrong, unless something did before."""
        self.trouble = self.trouble or trouble

    def kill(self) -> None:
        """Kill the agent with all its children."""
        kill_group(self._process.pid)

    @asynccontextmanager
    async def streams(self) -> AsyncIterator[Streams]:
        """The two streams that the SDK's client speaks through; the process is gone when the context ends."""
        inbound, messages = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        outbound, to_send = anyio.create_memory_object_stream[SessionMessage](0)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._read, inbound)
            tasks.start_soon(self._write, to_send, inbound)
            tasks.start_soon(self._listen)
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
                    if size > MAX_LINE_BYTES:
                        self.blame(f"sent a message of more than {MAX_LINE_BYTES >> 20} MiB")
                        return
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                return
            self.blame(await self._ending())

    def _parse(self, line: bytes) -> mcp_types.JSONRPCMessage | None:
        try:
            return mcp_types.jsonrpc_message_adapter.validate_json(line, by_name=False)
        except ValueError:
            shown = line[:_SHOWN].decode("utf-8", "replace")
            self.blame(f"printed to stdout what is not an MCP message: {shown!r}")
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
            # It reads no more: whoever waits for an answer must hear of it.
            self.blame(await self._ending())
            await inbound.aclose()

    async def _listen(self) -> None:
        assert self._process.stderr is not None  # noqa: S101 - it was started with pipes
        try:
            async for chunk in self._process.stderr:
                self.said.add(chunk)
        except (anyio.BrokenResourceError, anyio.ClosedResourceError):
            return

    async def _ending(self) -> str:
        if not await self._exits(_FAREWELL_S):
            return "closed its stdout"
        code = self._process.returncode or 0
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"exited with code {code}"

    async def _exits(self, patience_s: float) -> bool:
        # Not `process.wait()`: asyncio's also waits for the pipes, which a grandchild may hold open.
        with anyio.move_on_after(patience_s):
            while self._process.returncode is None:
                await anyio.sleep(_POLL_S)
        return self._process.returncode is not None

    async def _end(self) -> None:
        """Close stdin, which asks an MCP server to end; then kill whatever is left of its process group."""
        assert self._process.stdin is not None  # noqa: S101 - it was started with pipes
        with suppress(anyio.BrokenResourceError, OSError):
            await self._process.stdin.aclose()
        if self.trouble is None:
            await self._exits(_FAREWELL_S)
        self.kill()
        await self._exits(_FAREWELL_S)


@asynccontextmanager
async def start_agent(
    arguments: Sequence[str], *, workspace: Path, env: Mapping[str, str], said: Said
) -> AsyncIterator[AgentProcess]:
    """Start an agent in a process group of its own.

    Raises:
        OSError: it can't be started.
    """
    process = await anyio.open_process(
        list(arguments), cwd=workspace, env=dict(env), start_new_session=True, stdin=-1, stdout=-1, stderr=-1
    )
    agent = AgentProcess(process, said)
    try:
        yield agent
    finally:
        agent.kill()
        with anyio.CancelScope(shield=True):
            await process.aclose()
