"""The gates `parses` and `compiles`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from pytest_orchestrator.errors import ProcessError
from pytest_orchestrator.evaluation.outcome import GateResult
from pytest_orchestrator.process import run

Files = Mapping[str, bytes]
"""Python files by path."""

_SCRIPT = Path(__file__).with_name("compile_files.py")


def check_syntax(before: Files, after: Files) -> tuple[GateResult, GateResult]:
    """`parses` and `compiles`: every changed file that was right before is right now. The files are not executed.

    Python's compiler runs in a process of its own, because some texts crash it, and because compiling in a thread would
    hold up the other cases.

    Raises:
        ProcessError: the compiler crashed, or took longer than two minutes.
    """
    problems = _compile(before, after) if after else {}
    return (
        GateResult(gate="parses", problems=tuple(problems.get("parses", ()))),
        GateResult(gate="compiles", problems=tuple(problems.get("compiles", ()))),
    )


def _compile(before: Files, after: Files) -> Mapping[str, list[str]]:
    files = {path: (_text(before.get(path)), _text(data)) for path, data in after.items()}
    # -I: nothing is imported from the current folder.
    completed = run([sys.executable, "-I", _SCRIPT], cwd=_SCRIPT.parent, input=json.dumps(files).encode())
    if completed.returncode != 0:
        raise ProcessError(f"Python crashed while it compiled the changed files (exit code {completed.returncode})")
    problems: Mapping[str, list[str]] = json.loads(completed.stdout)
    return problems


def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode("latin-1")
