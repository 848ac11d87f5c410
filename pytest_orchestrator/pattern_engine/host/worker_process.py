"""A worker process: started, written to, read from, timed, and killed with all that it started."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.pattern_engine.channel import (
    FORGED,
    NO_QUESTION,
    ProtocolError,
    Register,
    Reply,
    Request,
    Unpacker,
    new_question,
    pack,
)
from pytest_orchestrator.process import describe_end, kill_descendants, kill_group, plain_environment

POLL_S = 0.1
_TAIL_BYTES = 4_096
_CLOSE_S = 3.0

# Not `-m`: the worker must find this very package, and a stock command's, wherever the caller's own search path did,
# but after its own standard library, and never through the current folder. Without the garbage collector the imports
# take a fifth less.
_PROGRAM = (
    "import gc, json, sys; gc.disable(); "
    "sys.path += [entry for entry in json.loads(sys.argv[1]) if entry not in sys.path]; "
    "from pytest_orchestrator.pattern_engine.worker.deferred_import import defer_matchers; defer_matchers(); "
    "from pytest_orchestrator.pattern_engine.worker.main import main; main(int(sys.argv[2]))"
)


class TimeLimitError(Exception):
    """There was no reply before the deadline."""


class StoppedError(Exception):
    """The caller asked to stop."""


class WorkerExitedError(Exception):
    """The worker has ended; the message says how, as a clause without a subject."""


class WorkerProcess:
    """One worker process, leader of a session of its own. Not for several threads at once."""

    def __init__(self) -> None:
        # No pipes: through `/proc` other processes of the user can open those.
        self._channel, theirs = socket.socketpair()
        search_path = json.dumps([os.path.abspath(entry) for entry in sys.path])  # noqa: PTH100 - strings in, strings out
        # Hash order and encodings must not make a pattern's output differ from one worker to the next.
        settings = {"PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-P", "-c", _PROGRAM, search_path, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
                env={**plain_environment(os.environ), **settings},
            )
        except BaseException:
            self._channel.close()
            raise
        finally:
            theirs.close()
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        self._printed = self._process.stdout
        self._unpacker = Unpacker()
        self._question = NO_QUESTION
        self._received: deque[tuple[Reply, bytes]] = deque()
        self._outgoing = memoryview(b"")
        self._tail = b""
        self._ended: WorkerExitedError | None = None
        self._selector = selectors.DefaultSelector()
        for descriptor in (self._channel.fileno(), self._printed.fileno()):
            os.set_blocking(descriptor, False)
        self._selector.register(self._channel, selectors.EVENT_READ)
        self._selector.register(self._printed.fileno(), selectors.EVENT_READ)

    def send(self, request: Request, blob: bytes = b"") -> None:
        """Queue a request; it is written while `receive` waits. Nothing that came before it is taken for an answer."""
        if not isinstance(request, Register):
            self._question = new_question()
            if self._received or not self._unpacker.is_empty:
                self._received.clear()
                self._ended = WorkerExitedError(FORGED)
        frame = pack(encode(request), blob, question=self._question)
        self._outgoing = memoryview(bytes(self._outgoing) + frame)
        self._selector.modify(self._channel, selectors.EVENT_READ | selectors.EVENT_WRITE)

    def receive(self, *, deadline: float, should_stop: Callable[[], bool] | None = None) -> tuple[Reply, bytes]:
        """The next reply. `deadline` is a moment of `time.monotonic`.

        Raises:
            TimeLimitError: the deadline has passed.
            StoppedError: `should_stop`, asked several times a second, returned true.
            WorkerExitedError: the worker ended, or sent something that is no reply.
        """
        while not self._received:
            if self._ended is not None:
                raise self._ended
            if should_stop is not None and should_stop():
                raise StoppedError
            if (left := deadline - time.monotonic()) <= 0:
                raise TimeLimitError
            events = self._selector.select(min(left, POLL_S))
            try:
                for key, ready in events:
                    if key.fileobj is not self._channel:
                        self._read_printed()
                        continue
                    if ready & selectors.EVENT_WRITE:
                        self._write_request()
                    if ready & selectors.EVENT_READ:
                        self._read_reply()
                if not events and self._process.poll() is not None:
                    self._end()  # a child of the worker may hold its end of the pipe open
            except WorkerExitedError as error:
                self._ended = error  # the replies before that come first
        return self._received.popleft()

    def is_alive(self) -> bool:
        """Whether its process is still there."""
        return self._process.poll() is None

    def printed(self) -> str:
        """The end of what the worker printed so far."""
        with contextlib.suppress(BlockingIOError):
            self._read_printed()
        return self._tail.decode("utf-8", "replace").strip()

    def close(self) -> None:
        """End the worker: let it exit if it is idle, kill it otherwise."""
        if not self._selector.get_map():
            return
        self._selector.close()
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_WR)
        try:
            # It may have something left to print before it goes, and must not block on that.
            os.set_blocking(self._printed.fileno(), True)
            self._process.communicate(timeout=_CLOSE_S)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self._reap()

    def kill(self) -> None:
        """End the worker now, with everything that it started."""
        if self._selector.get_map():
            self._selector.close()
            self._reap()

    def _reap(self) -> None:
        kill_descendants(self._process.pid)  # the worker adopts orphans as long as it lives
        kill_group(self._process.pid)
        kill_descendants(self._process.pid)  # what it started in between is still in its session
        self._process.wait()
        self._printed.close()
        self._channel.close()

    def _write_request(self) -> None:
        try:
            written = self._channel.send(self._outgoing[: 1 << 16])
        except BlockingIOError:
            return
        except (BrokenPipeError, ConnectionResetError):
            written = len(self._outgoing)  # reading tells how it ended
        self._outgoing = self._outgoing[written:]
        if not self._outgoing:
            self._selector.modify(self._channel, selectors.EVENT_READ)

    def _read_reply(self) -> None:
        try:
            data = self._channel.recv(1 << 20)
        except ConnectionResetError:
            data = b""
        if not data:
            self._end()
        try:
            for frame in self._unpacker.feed(data):
                self._received.append((frame.answer_to(self._question), frame.blob))
        except (ProtocolError, InputError) as error:
            raise WorkerExitedError(FORGED) from error

    def _read_printed(self) -> None:
        data = os.read(self._printed.fileno(), 1 << 16)
        if data:
            self._tail = (self._tail + data)[-_TAIL_BYTES:]
        elif self._printed.fileno() in self._selector.get_map():
            self._selector.unregister(self._printed.fileno())

    def _end(self) -> None:
        try:
            code = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            raise WorkerExitedError("closed the channel for its answers") from None
        raise WorkerExitedError(describe_end(code))
