"""Blocking work for an asynchronous call: in a thread, with progress, and stopped when the call is cancelled.

Progress and cancellation are MCP's utilities
(https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/progress and `.../cancellation`).
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
import anyio.to_thread

_PROGRESS_INTERVAL_S = 0.1

T = TypeVar("T")

Progress = Callable[[int, int], None]
ShouldStop = Callable[[], bool]
Report = Callable[[float, float], Awaitable[None]]


class _State:
    def __init__(self) -> None:
        self.stop = threading.Event()
        self.progress: tuple[int, int] | None = None
        self.reported: tuple[int, int] | None = None

    def advance(self, done: int, total: int) -> None:
        self.progress = (done, total)

    async def report_to(self, report: Report) -> None:
        if self.progress is not None and self.progress != self.reported:
            self.reported = self.progress
            await report(*self.reported)


async def run_cancellable(work: Callable[[Progress, ShouldStop], T], report: Report) -> T:
    """Run `work(progress, should_stop)` in a thread, and return its result.

    Progress is reported at most ten times a second. When the call is cancelled, `should_stop` returns True, and the
    call ends after the work has ended: no work continues in the background.
    """
    state = _State()
    failure: Exception | None = None
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_watch, state, report)
        try:
            result = await anyio.to_thread.run_sync(work, state.advance, state.stop.is_set)
        except Exception as error:
            failure = error
        tasks.cancel_scope.cancel()
    if failure is not None:
        raise failure
    await state.report_to(report)
    return result


async def _watch(state: _State, report: Report) -> None:
    try:
        while True:
            await anyio.sleep(_PROGRESS_INTERVAL_S)
            await state.report_to(report)
    finally:
        # Also reached after the work has ended, when this has no effect.
        state.stop.set()
