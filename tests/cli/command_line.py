"""The command line in the tests' own process: most of what a test of it asks needs no process of its own."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from pytest_orchestrator.cli.main import main


def run(
    root: Path,
    *arguments: str,
    input: str = "",  # noqa: A002 - as `subprocess.run` calls it
    env: Mapping[str, str] | None = None,
    code: int | None = None,
) -> subprocess.CompletedProcess[str]:
    """What `pytest-orchestrator ARGUMENTS` prints in the folder `root`, and its exit code.

    `env` is added to ours. The exit code must be `code`, unless that is None.
    """
    stdout, stderr = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        for name, value in (env or {}).items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["pytest-orchestrator", *arguments])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(input.encode()), encoding="utf-8"))
        patch.setattr(sys, "stdout", stdout)
        patch.setattr(sys, "stderr", stderr)
        try:
            main()
        except SystemExit as end:
            exit_code = end.code
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
    assert isinstance(exit_code, int)
    result = subprocess.CompletedProcess(arguments, exit_code, *(_text(stream) for stream in (stdout, stderr)))
    assert code in (None, exit_code), result.stdout + result.stderr
    return result


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
