"""The progress bar of `patterns apply` and `patterns lint`, on a real pseudo-terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pattern_engine.old_names import LINTER

Write = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path, write_pattern: Write) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    write_pattern(tmp_path / "patterns", "old-name", code=LINTER, kind="linter")
    for number in range(30):
        (tmp_path / f"file_{number}.py").write_text(f"x = {number}\n" * 50)
    (tmp_path / "file_7.py").write_text("x = old\n")
    return tmp_path


def on_a_terminal(project: Path, *arguments: str) -> tuple[str, str, int]:
    """What the command writes to a pipe, what it writes to the terminal that its standard error is, its exit code."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pytest_orchestrator", "patterns", *arguments]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "NO_COLOR": "1"}
    with subprocess.Popen(
        command, cwd=project, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, text=True, env=environment
    ) as process:
        os.close(theirs)
        screen = b""
        while data := read(ours):
            screen += data
        assert process.stdout is not None
        message = process.stdout.read()
    os.close(ours)
    return message, screen.decode(), process.returncode


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # how Linux says that nobody holds the other end any more
        return b""


def left_on_screen(screen: str) -> list[str]:
    """The lines that are to be seen at the end: a terminal that knows how to go up, back and erase."""
    lines, row, column = [""], 0, 0
    for part in re.findall(r"\x1b\[[0-9;?]*[A-Za-z]|[^\x1b]", screen):
        if part == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif part == "\r":
            column = 0
        elif part.startswith("\x1b["):
            if part.endswith("A"):
                row = max(0, row - int(part[2:-1] or 1))
            elif part.endswith("K"):
                lines[row] = "" if part[2:-1] == "2" else lines[row][:column]
        else:
            lines[row] = lines[row][:column].ljust(column) + part + lines[row][column + 1 :]
            column += 1
    return [line.rstrip() for line in lines if line.strip()]


@pytest.mark.parametrize(
    "arguments", [("lint", "--select", "old-name"), ("apply", "--diff", "--select", "no-object-base")]
)
def test_the_bar_is_on_standard_error_and_gone_at_the_end(project: Path, arguments: tuple[str, ...]) -> None:
    stdout, screen, code = on_a_terminal(project, *arguments, "--no-cache")
    assert code == int(arguments[0] == "lint")
    assert "files" in screen
    assert "\u2501" in screen  # the bar itself
    assert "\x1b[?25h" in screen  # the cursor is there again
    (summary,) = left_on_screen(screen)
    assert re.fullmatch(r"\d+ files in [\d.]+ s: .*", summary)
    assert "\x1b" not in stdout
    assert stdout == ("file_7.py:1:5: old-name don't\n" if code else "")


def test_there_is_no_bar_in_a_pipe(project: Path) -> None:
    command = [sys.executable, "-m", "pytest_orchestrator", "patterns", "lint", "--select", "old-name", "--no-cache"]
    result = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert re.fullmatch(r"\d+ files in [\d.]+ s: .*\n", result.stderr)
    assert result.stdout == "file_7.py:1:5: old-name don't\n"
