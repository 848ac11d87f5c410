"""A process for the code of patterns that are not shipped, so that they can't reach the channel to the caller.

It is forked from the worker, which has imported LibCST already. The worker asks it one question at a time.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.pattern_engine.channel import (
    FORGED,
    Begun,
    Failed,
    Findings,
    Frame,
    ProtocolError,
    Register,
    Reply,
    Request,
    Unpacker,
    new_question,
    pack,
)
from pytest_orchestrator.process import adopt_orphans, describe_end, kill_group

_POLL_S = 0.1
_CLOSE_S = 1.0


class PatternProcessEndedError(Exception):
    """The process has ended, or answered something else than it was asked; a clause without a subject says how."""


class PatternProcess:
    """A fork of this process that calls `serve` with a socket: requests come in by it, replies go out."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        adopt_orphans()
        self._channel, theirs = socket.socketpair()
        self._unpacker = Unpacker()
        self._code: int | None = None
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            code = 1
            try:
                self._channel.close()
                os.setpgid(0, 0)
                serve(theirs)
                code = 0
            finally:
                os._exit(code)  # nothing of the worker's own may run twice: no handler, no code that called us
        theirs.close()
        with contextlib.suppress(OSError):  # the child has done it, or has ended
            os.setpgid(self._pid, self._pid)

    def register(self, request: Register) -> None:
        """Make a call known to the process, under the same number as in the worker."""
        with contextlib.suppress(OSError):  # the next question tells how it ended
            self._channel.sendall(pack(encode(request)))

    def is_usable(self) -> bool:
        """Whether it is alive, and has said nothing that it was not asked for. If not, it has been killed."""
        if self._returncode() is None and self._unpacker.is_empty and not select.select([self._channel], [], [], 0)[0]:
            return True
        self.kill()
        return False

    def ask(self, request: Request, blob: bytes = b"") -> Iterator[tuple[Reply, bytes]]:
        """The replies to a question; the last one is the only one that is no `Begun`, `Findings` or `Failed`.

        Raises:
            PatternProcessEndedError: it ended, or what it sent is no answer to this question. It has been killed then.
        """
        question = new_question()
        try:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self._channel.sendall(pack(encode(request), blob, question=question))
            for frame in self._frames():
                reply = frame.answer_to(question)
                yield reply, frame.blob
                if not isinstance(reply, Begun | Findings | Failed):
                    return
        except (ProtocolError, InputError) as error:
            self.kill()
            raise PatternProcessEndedError(FORGED) from error
        except PatternProcessEndedError:
            self.kill()
            raise

    def forget(self) -> None:
        """Close the channel to it, in a process that was forked after it and must not speak to it."""
        self._channel.close()

    def close(self) -> None:
        """Let it end, and kill it if it does not."""
        self._channel.close()
        deadline = time.monotonic() + _CLOSE_S
        while self._returncode() is None and time.monotonic() < deadline:
            time.sleep(0.001)
        self.kill()

    def kill(self) -> None:
        """End it, with what it started in its process group."""
        self._channel.close()
        kill_group(self._pid)
        if self._returncode() is None:
            os.kill(self._pid, signal.SIGKILL)  # it may have left its group
            self._code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def _frames(self) -> Iterator[Frame]:
        while True:
            if select.select([self._channel], [], [], _POLL_S)[0]:
                try:
                    data = self._channel.recv(1 << 20)
                except ConnectionResetError:
                    data = b""
                if not data:
                    raise PatternProcessEndedError(self._describe_end())
                yield from self._unpacker.feed(data)
            elif self._returncode() is not None:  # a child of it may hold its end of the channel open
                raise PatternProcessEndedError(self._describe_end())

    def _returncode(self) -> int | None:
        """That of `subprocess`; None while it runs."""
        if self._code is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code

    def _describe_end(self) -> str:
        deadline = time.monotonic() + _CLOSE_S
        while (code := self._returncode()) is None and time.monotonic() < deadline:
            time.sleep(0.001)
        return "closed the channel for its answers" if code is None else describe_end(code)
