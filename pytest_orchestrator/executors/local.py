"""Calls run in processes of this machine. A process that dies costs the call it was running, and no other."""

from __future__ import annotations

import contextlib
import json
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar, cast

from pytest_orchestrator.errors import ProcessError
from pytest_orchestrator.executors.worker import read_frame, write_frame
from pytest_orchestrator.process import kill_group

P = ParamSpec("P")
T = TypeVar("T")

_Call = tuple[Future[Any], bytes]

# The child imports what this process can import, and nothing from the folder it happens to start in.
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from pytest_orchestrator.executors.worker import main; main()"
)


class WorkerDiedError(ProcessError):
    """The process that ran a call ended before it answered."""


class ProcessPool(Executor):
    """An executor with `jobs` processes, each started when there is work for it.

    `concurrent.futures.ProcessPoolExecutor` breaks as a whole when one process dies, and imports the caller's main
    module into each; this one does neither. Functions and arguments must be picklable.
    """

    def __init__(self, jobs: int) -> None:
        self._waiting: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._lanes: list[_Lane] = [_Lane(self._waiting) for _ in range(jobs)]

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The future of `fn(*args, **kwargs)` in another process.

        The future raises `WorkerDiedError` when that process dies, and what `fn` raises otherwise.
        """
        call = pickle.dumps((fn, args, kwargs))
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is shut down")
            future: Future[T] = Future()
            self._waiting.put((future, call))
            for lane in self._lanes:
                if lane.start():
                    break
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls, and end the processes when they have answered what was submitted."""
        self._close(cancel=cancel_futures)
        if wait:
            for lane in self._lanes:
                lane.join()

    def terminate(self, *, grace_s: float = 5.0) -> None:
        """Cancel what waits and end the processes now; each has `grace_s` to end what it started."""
        self._close(cancel=True)
        for lane in self._lanes:
            lane.interrupt()
        deadline = time.monotonic() + grace_s
        for lane in self._lanes:
            lane.join(max(0.0, deadline - time.monotonic()))
            lane.kill()

    def _close(self, *, cancel: bool) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                if cancel:
                    self._cancel_waiting()
                for _ in self._lanes:
                    self._waiting.put(None)
            elif cancel:
                self._cancel_waiting()

    def _cancel_waiting(self) -> None:
        kept: list[None] = []
        with contextlib.suppress(queue.Empty):
            while True:
                call = self._waiting.get_nowait()
                if call is None:
                    kept.append(call)
                else:
                    call[0].cancel()
        for end in kept:
            self._waiting.put(end)


class _Lane:
    """One process at a time, and the thread that hands it calls."""

    def __init__(self, waiting: queue.SimpleQueue[_Call | None]) -> None:
        self._waiting = waiting
        self._thread = threading.Thread(target=self._run, daemon=True, name="process-pool")
        self._process: subprocess.Popen[bytes] | None = None
        self._interrupted = threading.Event()

    def start(self) -> bool:
        """Start the lane's thread; False when it runs already."""
        if self._thread.ident is not None:
            return False
        self._thread.start()
        return True

    def join(self, timeout_s: float | None = None) -> None:
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def interrupt(self) -> None:
        self._interrupted.set()
        if (process := self._process) is not None:
            process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        if (process := self._process) is not None and process.poll() is None:
            kill_group(process.pid)
        self.join()

    def _run(self) -> None:
        while (call := self._waiting.get()) is not None and not self._interrupted.is_set():
            future, data = call
            if not future.set_running_or_notify_cancel():
                continue
            try:
                succeeded, value = self._ask(data)
            except BaseException as error:  # it is the future's, whose reader raises it
                future.set_exception(error)
                continue
            if succeeded:
                future.set_result(value)
            else:
                future.set_exception(value)
        self._end()

    def _ask(self, call: bytes) -> tuple[bool, Any]:
        process = self._process or self._spawn()
        try:
            write_frame(cast("Any", process.stdin), call)
            answer = read_frame(cast("Any", process.stdout))
        except (EOFError, OSError):
            self._end()
            raise WorkerDiedError(f"the process that ran it {_how_it_ended(process.returncode)}") from None
        return cast("tuple[bool, Any]", pickle.loads(answer))  # noqa: S301 - from our own child

    def _spawn(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-P", "-c", _BOOT, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a Ctrl-C at the terminal reaches us, and we decide
        )
        return self._process

    def _end(self) -> None:
        process = self._process
        if process is None:
            return
        with process, contextlib.suppress(OSError):
            cast("Any", process.stdin).close()
        self._process = None


def _how_it_ended(returncode: int) -> str:
    if returncode >= 0:
        return f"ended with exit code {returncode}"
    try:
        return f"was ended by {signal.Signals(-returncode).name}"
    except ValueError:
        return f"was ended by signal {-returncode}"
