"""Signals that end pytest: what is done before, and what they can't interrupt."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def before_sigterm(action: Callable[[], None]) -> Iterator[None]:
    """Call `action` when the process receives SIGTERM while the context is open. Then the signal has its usual effect.

    Does nothing outside the main thread, where Python allows no signal handlers.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, _frame: object) -> None:
        action()
        signal.signal(number, previous)
        signal.raise_signal(number)

    previous = signal.getsignal(signal.SIGTERM) or signal.SIG_DFL
    signal.signal(signal.SIGTERM, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let a further Ctrl-C do nothing while the context is open, and SIGTERM take effect at its end.

    Does nothing outside the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came = set[int]()
    before = {
        number: signal.signal(number, lambda number, _: came.add(number)) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
        if signal.SIGTERM in came:
            signal.raise_signal(signal.SIGTERM)
