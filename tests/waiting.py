"""Waiting for what another process or thread does."""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def wait_until(predicate: Callable[[], Value], *, timeout_s: float = 60) -> Value:
    """The first true value of `predicate`, which is called again and again.

    Raises:
        AssertionError: there is none within `timeout_s`.
    """
    deadline, moment = time.monotonic() + timeout_s, threading.Event()
    while not (value := predicate()):
        assert time.monotonic() < deadline, f"still {value!r} after {timeout_s} s"
        moment.wait(0.01)
    return value


def wait_until_gone(pid: int, *, timeout_s: float = 30) -> None:
    """Wait until a process has ended, be it a child of ours or not; the kernel says so.

    Raises:
        AssertionError: it is still there after `timeout_s`.
    """
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ready, _, _ = select.select([process], [], [], timeout_s)
    os.close(process)
    assert ready, f"process {pid} is still there"
