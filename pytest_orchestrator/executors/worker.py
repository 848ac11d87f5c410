"""The child's side of a process pool: runs the calls that come in on its standard input, one after the other.

A call and its answer are pickles, each behind its length as 8 bytes. It is a process of the pool's own making that
listens to the pool alone, so pickles are safe here. When the pool's end of the pipe closes, or at SIGTERM, the call in
hand is unwound, so that what it started (agents) ends with it.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import struct
import sys
import threading
import traceback
from types import FrameType
from typing import Any, BinaryIO, NoReturn

_LENGTH = struct.Struct(">Q")


def main() -> None:
    """Answer calls until there are no more."""
    requests, replies = _take_over_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the pool decides what Ctrl-C means
    signal.signal(signal.SIGTERM, _end)
    calls: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, calls), daemon=True).start()
    while True:
        answer = _answer(calls.get())
        with contextlib.suppress(BrokenPipeError):
            write_frame(replies, answer)


def read_frame(stream: BinaryIO) -> bytes:
    """The next pickle's bytes. Raises `EOFError` when the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    size: int = _LENGTH.unpack(head)[0]
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def write_frame(stream: BinaryIO, data: bytes) -> None:
    """Send a pickle's bytes. Raises `OSError` when the other side is gone."""
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def _take_over_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the two pipes for the pool, so that a stray `print` of the call's reaches stderr and breaks nothing."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a device
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return requests, replies


def _listen(requests: BinaryIO, calls: queue.SimpleQueue[bytes]) -> None:
    with contextlib.suppress(EOFError, OSError):
        while True:
            calls.put(read_frame(requests))
    os.kill(os.getpid(), signal.SIGTERM)


def _answer(call: bytes) -> bytes:
    answer: tuple[bool, Any]
    try:
        function, arguments, named = pickle.loads(call)  # noqa: S301 - from the pool that made this process
        answer = (True, function(*arguments, **named))
    except Exception as error:  # the caller's to handle: it gets it raised
        error.add_note("".join(traceback.format_exception(error)))  # a traceback itself can't travel
        answer = (False, error)
    try:
        return pickle.dumps(answer)
    except Exception as error:  # pickle raises whatever a value's own code raises
        return pickle.dumps((False, TypeError(f"the call's result can't be sent back: {error}")))


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once: a second one must not interrupt the unwinding
    sys.exit(0)
