from __future__ import annotations

import operator
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from pytest_orchestrator.executors.local import ProcessPool, WorkerDiedError


@pytest.fixture
def pool() -> Iterator[ProcessPool]:
    pool = ProcessPool(2)
    yield pool
    pool.terminate(grace_s=1)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(path: Path) -> None:
    moment = threading.Event()
    for _ in range(1000):
        if path.exists():
            return
        moment.wait(0.01)
    pytest.fail(f"{path} never came")


def test_calls_run_in_other_processes_and_answer(pool: ProcessPool) -> None:
    futures = [pool.submit(pow, 2, number) for number in range(20)]
    assert [future.result() for future in futures] == [2**number for number in range(20)]
    assert pool.submit(os.getpid).result() != os.getpid()


def test_there_are_no_more_processes_than_jobs() -> None:
    with ProcessPool(1) as pool:
        assert len({pool.submit(os.getpid).result() for _ in range(5)}) == 1


def test_an_unused_pool_starts_nothing() -> None:
    ProcessPool(4).shutdown()


def test_what_a_call_raises_is_raised_by_its_future(pool: ProcessPool) -> None:
    with pytest.raises(ZeroDivisionError):
        pool.submit(operator.truediv, 1, 0).result()
    assert pool.submit(operator.add, 1, 1).result() == 2


def test_a_result_that_cannot_travel_is_an_error_of_its_call(pool: ProcessPool) -> None:
    with pytest.raises(TypeError, match="can't be sent back"):
        pool.submit(threading.Lock).result()
    assert pool.submit(operator.add, 1, 1).result() == 2


def test_a_killed_process_costs_its_own_call_and_no_other(pool: ProcessPool) -> None:
    before = [pool.submit(operator.add, number, 1) for number in range(5)]
    dying = [pool.submit(signal.raise_signal, signal.SIGKILL) for _ in range(3)]
    after = [pool.submit(operator.add, number, 1) for number in range(5)]
    for future in dying:
        with pytest.raises(WorkerDiedError, match="was ended by SIGKILL"):
            future.result()
    assert [future.result() for future in (*before, *after)] == [1, 2, 3, 4, 5] * 2


def test_a_call_that_exits_its_process_says_how_it_ended(pool: ProcessPool) -> None:
    with pytest.raises(WorkerDiedError, match="ended with exit code 7"):
        pool.submit(os._exit, 7).result()


def test_what_a_call_prints_does_not_reach_its_answer(pool: ProcessPool, capfd: pytest.CaptureFixture[str]) -> None:
    assert pool.submit(print, "noise", flush=True).result() is None
    assert pool.submit(os.write, 1, b"more noise").result() == 10
    assert capfd.readouterr().out == ""


def test_a_call_has_no_standard_input(pool: ProcessPool) -> None:
    assert pool.submit(os.read, 0, 1).result() == b""


def test_a_pool_that_is_shut_down_takes_no_calls() -> None:
    pool = ProcessPool(1)
    future = pool.submit(operator.add, 1, 1)
    pool.shutdown()
    assert future.result() == 2
    with pytest.raises(RuntimeError, match="shut down"):
        pool.submit(operator.add, 1, 1)


def test_shutdown_can_cancel_what_waits() -> None:
    pool = ProcessPool(1)
    first = pool.submit(time.sleep, 0.2)
    rest = [pool.submit(operator.add, 1, 1) for _ in range(3)]
    while not first.running():
        pass
    pool.shutdown(wait=False)
    pool.shutdown(cancel_futures=True)
    assert first.result() is None
    for future in rest:
        with pytest.raises(CancelledError):
            future.result()


def test_a_cancelled_call_never_runs(tmp_path: Path) -> None:
    with ProcessPool(1) as pool:
        pool.submit(time.sleep, 0.1)
        cancelled = pool.submit(os.mkdir, tmp_path / "made")
        assert cancelled.cancel()
        pool.submit(operator.add, 1, 1).result()
    assert not (tmp_path / "made").exists()


UNWIND = """
import pathlib, sys, time
try:
    pathlib.Path(sys.argv[1]).write_text(str(__import__("os").getpid()))
    time.sleep(60)
finally:
    pathlib.Path(sys.argv[2]).touch()
"""


def test_terminating_unwinds_what_runs_and_cancels_what_waits(tmp_path: Path) -> None:
    pool = ProcessPool(1)
    code = UNWIND.replace("sys.argv[1]", repr(str(tmp_path / "started"))).replace(
        "sys.argv[2]", repr(str(tmp_path / "unwound"))
    )
    running = pool.submit(exec, code)
    waiting = pool.submit(operator.add, 1, 1)
    wait_for(tmp_path / "started")
    pool.terminate()
    assert (tmp_path / "unwound").exists()
    assert waiting.cancelled()
    with pytest.raises(WorkerDiedError):
        running.result()


def test_terminating_kills_what_does_not_unwind_in_time(tmp_path: Path) -> None:
    started = tmp_path / "started"
    code = (
        "import os, pathlib, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(started)!r}).write_text(str(os.getpid()))\n"
        "time.sleep(60)"
    )
    pool = ProcessPool(1)
    running = pool.submit(exec, code)
    wait_for(started)
    pool.terminate(grace_s=0.05)
    with pytest.raises(WorkerDiedError, match="SIGKILL"):
        running.result()
    assert not is_alive(int(started.read_text()))


def test_a_pool_whose_own_process_is_killed_leaves_nothing_running(tmp_path: Path) -> None:
    code = UNWIND.replace("sys.argv[1]", repr(str(tmp_path / "started"))).replace(
        "sys.argv[2]", repr(str(tmp_path / "unwound"))
    )
    parent = (
        "import os, signal, sys, time\n"
        "from pathlib import Path\n"
        "from pytest_orchestrator.executors.local import ProcessPool\n"
        f"ProcessPool(1).submit(exec, {code!r})\n"
        f"while not Path({str(tmp_path / 'started')!r}).exists(): time.sleep(0.01)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", parent], check=False).returncode == -signal.SIGKILL
    wait_for(tmp_path / "unwound")


def test_the_main_module_is_not_imported_again(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import operator\n"
        "from pytest_orchestrator.executors.local import ProcessPool\n"
        "with ProcessPool(1) as pool:\n"
        "    print(pool.submit(operator.add, 1, 1).result())\n"
    )
    completed = subprocess.run([sys.executable, script], check=False, capture_output=True, text=True, timeout=60)
    assert completed.stdout == "2\n", completed.stderr
