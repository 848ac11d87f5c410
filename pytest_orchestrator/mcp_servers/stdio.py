"""MCP's stdio transport, on the server's side: serve until the input ends or a signal comes.

The transport is that of https://modelcontextprotocol.io/specification/2025-11-25/basic/transports, "stdio". The SDK
reads standard input in a thread that can't be interrupted. Therefore it reads from a socket, which ends when standard
input ends and when SIGTERM or SIGINT arrives. So the server always stops in the same way.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import anyio
from mcp.server.mcpserver import MCPServer

_CHUNK = 1 << 16
# From a signal or the end of the input to the end of the process, whatever still runs.
_STOP_TIMEOUT_S = 1.5
_INTERRUPTED = 130


def serve_stdio(server: MCPServer[None]) -> int | None:
    """Serve one client. Returns the number of the signal that stopped the server, None when the input ended.

    While the server runs, the SDK points file descriptor 1 at stderr, so that a stray `print` is harmless.
    """
    with _input_that_ends() as ended_by, suppress(BrokenPipeError):
        # A client that has ended gets no answer, and that is no error.
        try:
            anyio.run(server.run_stdio_async)
        except* BrokenPipeError as group:
            raise BrokenPipeError from group
    return ended_by[0] if ended_by else None


@contextmanager
def _input_that_ends() -> Iterator[list[int]]:
    """Replace standard input by a socket. Yields the list of signals that have ended it."""
    source = os.dup(0)
    feed, read_end = socket.socketpair()
    os.dup2(read_end.fileno(), 0)
    read_end.close()
    signals: list[int] = []

    def end() -> None:
        with suppress(OSError):  # it has ended before
            feed.shutdown(socket.SHUT_WR)
        # Work that can't be stopped, e.g. a write to a client that does not read, must not keep the process alive.
        code = _INTERRUPTED if signal.SIGINT in signals else 0
        watchdog = threading.Timer(_STOP_TIMEOUT_S, os._exit, [code])
        watchdog.daemon = True
        watchdog.start()

    def pump() -> None:
        with suppress(OSError):  # the socket was closed before all data was sent
            while data := os.read(source, _CHUNK):
                feed.sendall(data)
        end()

    def on_signal(number: int, _frame: object) -> None:
        signals.append(number)
        end()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    threading.Thread(target=pump, name="stdin", daemon=True).start()
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
