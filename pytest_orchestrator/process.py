"""Running other programs with a time limit, after which the program and its children are killed.

Also the variables that they may know, and the number of processes that it makes sense to run at a time.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pytest_orchestrator.errors import ProcessError

_NAMES = frozenset({"PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "TZ", "TMPDIR", "VIRTUAL_ENV"})
# coverage.py measures child processes through COVERAGE_*.
_PREFIXES = ("LC_", "PYTHON", "COVERAGE_")
_PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
_MAX_ROUNDS = 100


@dataclass(frozen=True, kw_only=True)
class Completed:
    """The result of a program. `returncode` is negative when a signal ended it, as in `subprocess`."""

    returncode: int
    stdout: bytes
    stderr: bytes


def run(
    arguments: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    input: bytes = b"",  # noqa: A002 - the name that subprocess uses
    timeout_s: float = 120.0,
) -> Completed:
    """Run a program to its end, with any exit code.

    Raises:
        ProcessError: it is not installed, can't be started, or did not end within `timeout_s` seconds. Its process
            group is then killed.
    """
    with _start(arguments, cwd=cwd, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        stdout, stderr = _await(process, arguments, input=input, timeout_s=timeout_s)
    return Completed(returncode=process.returncode, stdout=stdout, stderr=stderr)


class Beside:
    """A program that runs beside this one and writes to a file, so that it never waits for a reader."""

    def __init__(
        self,
        arguments: Sequence[str | Path],
        *,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        timeout_s: float = 120.0,
    ) -> None:
        """Start it. Raises `ProcessError` as `run` does; `timeout_s` counts from `result` on."""
        self._arguments, self._timeout_s = arguments, timeout_s
        try:
            self._output = tempfile.TemporaryFile()  # noqa: SIM115 - `result` and `stop` close it
        except OSError as error:
            raise ProcessError(f"no temporary file can be made: {error.strerror or error}") from error
        try:
            self._process = _start(arguments, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=self._output)
        except ProcessError:
            self._output.close()
            raise

    def result(self) -> Completed:
        """Wait for its end. Raises `ProcessError` as `run` does. Call it once."""
        with self._output, self._process:
            _, stderr = _await(self._process, self._arguments, input=None, timeout_s=self._timeout_s)
            self._output.seek(0)
            return Completed(returncode=self._process.returncode, stdout=self._output.read(), stderr=stderr)

    def stop(self) -> None:
        """End it, if nobody waited for its result."""
        if self._process.returncode is None:
            kill_group(self._process.pid)
            with self._output, self._process:
                self._process.communicate()


def _start(
    arguments: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str] | None,
    stdin: int,
    stdout: int | IO[bytes],
) -> subprocess.Popen[bytes]:
    name = Path(arguments[0]).name
    try:
        return subprocess.Popen(  # noqa: S603 - never a shell; the arguments are ours
            [os.fspath(argument) for argument in arguments],
            cwd=cwd,
            env=env,
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        missing = f"the folder {cwd} does not exist" if not Path(cwd).is_dir() else f"{name} is not installed"
        raise ProcessError(missing) from error
    except OSError as error:
        raise ProcessError(f"{name} can't be started: {error.strerror or error}") from error


def _await(
    process: subprocess.Popen[bytes],
    arguments: Sequence[str | Path],
    *,
    input: bytes | None,  # noqa: A002 - the name that subprocess uses
    timeout_s: float,
) -> tuple[bytes, bytes]:
    """What a program writes to its pipes until it ends."""
    try:
        return process.communicate(input, timeout=timeout_s)
    except subprocess.TimeoutExpired as error:
        kill_group(process.pid)
        name = Path(arguments[0]).name
        raise ProcessError(f"{name} did not end within {timeout_s:g} s and was killed") from error
    except BaseException:
        kill_group(process.pid)
        raise


def kill_group(pid: int) -> None:
    """Kill the process group that `pid` leads, if it still exists."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def kill_descendants(pid: int) -> None:
    """Kill all processes that `pid` and its session started, those in other sessions too. `pid` itself stays.

    Orphans count as long as `pid` lives and has called `adopt_orphans`. Without `/proc`, as on macOS, nothing is done:
    only `kill_group` ends children there.
    """
    for _ in range(_MAX_ROUNDS):  # each round finds what was forked during the one before
        found = list(_descendants(pid))
        if not found:
            return
        own = {os.getpgid(0), pid}
        for process in found:
            if process.group in own:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(process.pid, signal.SIGKILL)
        for group in {process.group for process in found} - own:
            kill_group(group)  # in one step: a process that forks all the time can't escape it


def adopt_orphans() -> None:
    """Become the parent of each descendant whose own parent ends, so that `kill_descendants` finds it. Linux only."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def describe_end(returncode: int) -> str:
    """How a process ended, as a clause without a subject. `returncode` is that of `subprocess`."""
    if returncode < 0:
        return f"was ended by the signal {signal.Signals(-returncode).name}"
    return f"ended its process with exit code {returncode}"


def plain_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of `environ` that a program needs to run. Others, which may be secrets, are left out."""
    return {name: value for name, value in environ.items() if name in _NAMES or name.startswith(_PREFIXES)}


@dataclass(frozen=True, kw_only=True)
class _Process:
    pid: int
    parent: int
    group: int
    session: int


def _descendants(pid: int) -> Iterator[_Process]:
    """The living processes below `pid` and in its session, without `pid`. Empty without `/proc`."""
    others = [process for process in _processes() if process.pid != pid]
    known = {pid}
    found = [process for process in others if pid in (process.session, process.parent)]
    while found:
        yield from found
        known.update(process.pid for process in found)
        others = [process for process in others if process.pid not in known]
        found = [process for process in others if process.parent in known]


def _processes() -> Iterator[_Process]:
    """All processes but those that have ended and were not waited for (proc(5), `/proc/PID/stat`)."""
    proc = Path("/proc")
    for folder in proc.iterdir() if proc.is_dir() else ():
        if folder.name.isdecimal():
            with contextlib.suppress(OSError):  # it has ended in the meantime
                state, *numbers = (folder / "stat").read_bytes().rpartition(b")")[2].split()[:4]
                if state not in (b"Z", b"X"):
                    parent, group, session = map(int, numbers)
                    yield _Process(pid=int(folder.name), parent=parent, group=group, session=session)


def count_cores() -> int:
    """The number of cores that this process may use, which can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
