"""Waiting for what another process or thread does."""

from __future__ import annotations

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
