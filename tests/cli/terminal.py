"""The command line on a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal


def run_on_terminal(
    root: Path, *arguments: str, stream: Literal["stdout", "stderr"], env: Mapping[str, str] | None = None
) -> tuple[bytes, str, int]:
    """What the command writes to the terminal that is its `stream`, its stdout if that is a pipe, and its exit code.

    `env` is added to ours.
    """
    ours, theirs = pty.openpty()
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, stream: theirs}
    command = [sys.executable, "-m", "pytest_orchestrator", *arguments]
    environment = {**os.environ, "TERM": "xterm", **(env or {})}
    with subprocess.Popen(
        command, cwd=root, stdin=subprocess.DEVNULL, env=environment, text=True, **streams
    ) as process:
        os.close(theirs)
        screen = b""
        while data := _read(ours):
            screen += data
        stdout = process.stdout.read() if process.stdout is not None else ""
    os.close(ours)
    return screen, stdout, process.returncode


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # how Linux says that nobody holds the other end any more
        return b""
