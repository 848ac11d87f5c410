"""Blocking work behind an asynchronous call: in a thread, with progress, and really over when the call is cancelled."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")

Progress = Callable[[int, int], None]
ShouldStop = Callable[[], bool]
Report = Callable[[float, float], Awaitable[None]]

_TICK_S = 0.1


class _State:
    def __init__(self) -> None:
        self.stop = threading.Event()
        self.progress: tuple[int, int] | None = None
        self.told: tuple[int, int] | None = None

    def advance(self, done: int, total: int) -> None:
        self.progress = (done, total)

    async def tell(self, report: Report) -> None:
        if self.progress is not None and self.progress != self.told:
            self.told = self.progress
            await report(*self.told)


async def run_work(work: Callable[[Progress, ShouldStop], T], report: Report) -> T:
    """What `work(progress, should_stop)` returns; it runs in a thread.

    Progress is passed on at most ten times a second. A cancelled call asks the work to stop and waits until it has:
    nothing of it goes on behind the caller's back.
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
    await state.tell(report)
    return result


async def _watch(state: _State, report: Report) -> None:
    try:
        while True:
            await anyio.sleep(_TICK_S)
            await state.tell(report)
    finally:
        # Also reached when the work is done; asking it to stop is of no effect then.
        state.stop.set()
