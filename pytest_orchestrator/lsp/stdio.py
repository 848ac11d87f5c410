"""Serves one client on standard input and output, until the input ends, the client says so, or a signal comes."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from contextlib import suppress

from pygls.io_ import StdoutWriter, run_async

from pytest_orchestrator.commands.editor.patterns import EditorPatterns
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.lsp.server import EditorServer
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle

_CHUNK = 1 << 16


def serve() -> None:
    """Serve until the input ends. Raises `SystemExit` when the client asks the server to exit."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what rules of other packages print must not get between the messages
    with WorkerHandle() as worker:
        # The worker imports LibCST while we import the rest.
        threading.Thread(target=_warm, args=(worker,), name="warm", daemon=True).start()
        server = EditorServer(EditorPatterns([worker]))
        server.language_server.protocol.set_writer(StdoutWriter(output))
        try:
            with suppress(BrokenPipeError):  # a client that has ended gets no answer
                asyncio.run(_serve(server))
        finally:
            server.close()


def _warm(worker: WorkerHandle) -> None:
    with suppress(OrchestratorError):  # the first request reports it
        worker.check(())


async def _serve(server: EditorServer) -> None:
    reader, loop = asyncio.StreamReader(), asyncio.get_running_loop()

    def pump() -> None:
        with suppress(RuntimeError):  # the loop has ended
            while data := os.read(sys.stdin.fileno(), _CHUNK):
                loop.call_soon_threadsafe(reader.feed_data, data)
            loop.call_soon_threadsafe(reader.feed_eof)

    # A thread that nothing waits for: pygls would wait at the end for its own, which waits for input.
    threading.Thread(target=pump, name="stdin", daemon=True).start()
    language_server, stop = server.language_server, threading.Event()
    with suppress(asyncio.IncompleteReadError):  # the input ended within a message
        await run_async(stop, reader, language_server.protocol, error_handler=language_server.report_server_error)
