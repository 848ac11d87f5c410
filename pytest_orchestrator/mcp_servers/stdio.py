"""Serving on standard input and output until the input ends, or somebody asks the process to end.

The SDK reads standard input in a thread that nothing can interrupt. So it gets an input of ours, which ends with the
real one, and which a signal can end too: however the server is stopped, it is the one well-trodden way out.
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

_PATIENCE_S = 10.0
_CHUNK = 1 << 16


def serve_stdio(server: MCPServer[None]) -> int | None:
    """Serve one client. The number of the signal that ended it, and None when the input ended.

    While it serves, file descriptor 1 is stderr, so that no stray `print` reaches the protocol (the SDK sees to it).
    """
    with _input_that_ends() as ended_by, suppress(BrokenPipeError):
        # A client that is gone can't be told anything.
        try:
            anyio.run(server.run_stdio_async)
        except* BrokenPipeError as group:
            raise BrokenPipeError from group
    return ended_by[0] if ended_by else None


@contextmanager
def _input_that_ends() -> Iterator[list[int]]:
    """Put a socket in front of standard input; yields the signals that have ended it."""
    source = os.dup(0)
    feed, read_end = socket.socketpair()
    os.dup2(read_end.fileno(), 0)
    read_end.close()
    signals: list[int] = []

    def end() -> None:
        with suppress(OSError):  # it has ended already
            feed.shutdown(socket.SHUT_WR)
        # What can't be stopped, such as writing to a client that does not read, must not keep the process alive.
        watchdog = threading.Timer(_PATIENCE_S, os._exit, [1])
        watchdog.daemon = True
        watchdog.start()

    def pump() -> None:
        with suppress(OSError):  # ended while there was something to pass on
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
