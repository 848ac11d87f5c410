"""The progress bar of `patterns apply` and `patterns lint`, on a real pseudo-terminal."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.terminal import run_on_terminal
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


@pytest.mark.parametrize(
    "arguments", [("lint", "--select", "old-name"), ("apply", "--diff", "--select", "no-object-base")]
)
def test_the_bar_is_on_standard_error_and_gone_at_the_end(project: Path, arguments: tuple[str, ...]) -> None:
    environment = {"COLUMNS": "80", "NO_COLOR": "1"}
    output, stdout, code = run_on_terminal(
        project, "patterns", *arguments, "--no-cache", stream="stderr", env=environment
    )
    screen = output.decode()
    assert code == int(arguments[0] == "lint")
    assert "files" in screen
    assert "\u2501" in screen  # the bar itself
    assert "\x1b[?25h" in screen  # the cursor is there again
    left = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.rpartition("\x1b[2K")[2])  # behind the last erased line
    assert re.fullmatch(r"\d+ files in [\d.]+ s: .*", left.strip())
    assert "\x1b" not in stdout
    assert stdout == ("file_7.py:1:5: old-name don't\n" if code else "")


def test_there_is_no_bar_in_a_pipe(project: Path) -> None:
    command = [sys.executable, "-m", "pytest_orchestrator", "patterns", "lint", "--select", "old-name", "--no-cache"]
    result = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert re.fullmatch(r"\d+ files in [\d.]+ s: .*\n", result.stderr)
    assert result.stdout == "file_7.py:1:5: old-name don't\n"
