"""Running other programs with a time limit, after which the program and its children are killed.

Also the number of processes that it makes sense to run at a time.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.errors import ProcessError


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
    name = Path(arguments[0]).name
    try:
        process = subprocess.Popen(  # noqa: S603 - never a shell; the arguments are ours
            [os.fspath(argument) for argument in arguments],
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        missing = f"the folder {cwd} does not exist" if not Path(cwd).is_dir() else f"{name} is not installed"
        raise ProcessError(missing) from error
    except OSError as error:
        raise ProcessError(f"{name} can't be started: {error.strerror or error}") from error
    with process:
        try:
            stdout, stderr = process.communicate(input, timeout=timeout_s)
        except subprocess.TimeoutExpired as error:
            kill_group(process.pid)
            raise ProcessError(f"{name} did not end within {timeout_s:g} s and was killed") from error
        except BaseException:
            kill_group(process.pid)
            raise
    return Completed(returncode=process.returncode, stdout=stdout, stderr=stderr)


def kill_group(pid: int) -> None:
    """Kill the process group that `pid` leads, if it still exists."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def count_cores() -> int:
    """The number of cores that this process may use, which can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
