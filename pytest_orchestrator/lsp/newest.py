"""Keeps results in step with a text that changes faster than it is judged."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Generic, TypeVar

ShouldStop = Callable[[], bool]
Result = TypeVar("Result")

_PATIENCE_S = 1.0


class Newest(Generic[Result]):
    """Works for each key on the newest request only. A result that another request has overtaken is dropped.

    While one request of a key is worked on, further ones wait, and the newest of them is the next one. Work that takes
    longer than a second is asked to stop when it is overtaken. All methods are for the event loop's thread.
    """

    def __init__(
        self,
        executor: Executor,
        prepare: Callable[[str], Callable[[ShouldStop], Result] | None],
        publish: Callable[[str, Result], None],
        *,
        delay_s: float = 0.0,
    ) -> None:
        """`prepare` returns the work for a key, to be done in `executor`; None if there is nothing to do.

        Work begins when no request came for `delay_s`.
        """
        self._executor, self._prepare, self._publish, self._delay_s = executor, prepare, publish, delay_s
        self._requests: dict[str, int] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._is_closed = False

    def request(self, key: str) -> None:
        """Have the work for a key done, and its result published."""
        self._requests[key] = self._requests.get(key, 0) + 1
        if key not in self._tasks and not self._is_closed:
            self._tasks[key] = asyncio.get_running_loop().create_task(self._serve(key))

    async def finished(self, key: str) -> None:
        """Wait until the newest request of a key is done."""
        while key in self._tasks:
            await asyncio.wait([self._tasks[key]])

    def close(self) -> None:
        """Ask all work to stop, and publish nothing more."""
        self._is_closed = True

    async def _serve(self, key: str) -> None:
        try:
            await self._work(key)
        finally:
            del self._tasks[key], self._requests[key]

    async def _work(self, key: str) -> None:
        number = 0
        while number != self._requests[key] and not self._is_closed:
            number = self._requests[key]
            if self._delay_s:
                await asyncio.sleep(self._delay_s)
                if number != self._requests[key]:
                    continue
            work = self._prepare(key)
            if work is None:
                continue
            stop = self._overtaken(key, number)
            result = await asyncio.get_running_loop().run_in_executor(self._executor, work, stop)
            if number == self._requests[key] and not self._is_closed:
                self._publish(key, result)

    def _overtaken(self, key: str, number: int) -> ShouldStop:
        started = time.monotonic()

        def should_stop() -> bool:
            if self._is_closed:
                return True
            return self._requests[key] != number and time.monotonic() - started > _PATIENCE_S

        return should_stop
