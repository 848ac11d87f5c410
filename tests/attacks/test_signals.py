"""Signals that end `patterns apply` at any moment: files stay whole, and nothing else is left behind."""

from __future__ import annotations

import random
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import write_pattern_folder
from tests.waiting import wait_until, wait_until_gone

FILES = 30
OLD = "old = 1\n" * 50
CODE = """
import os, time
from pathlib import Path
from libcst.codemod import CodemodCommand
import libcst as cst

with open(NOTE, "a") as stream:
    stream.write(f"{os.getpid()} {os.getppid()}\\n")

class Entry(CodemodCommand):
    def transform_module_impl(self, tree):
        time.sleep(0.005)
        return cst.parse_module(tree.code.replace("old", "new"))
"""


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("number", "again"),
    [
        (signal.SIGINT, False),
        (signal.SIGINT, True),
        (signal.SIGTERM, False),
        (signal.SIGTERM, True),
        (signal.SIGKILL, False),
    ],
)
def test_a_signal_leaves_whole_files_and_nothing_else(tmp_path: Path, number: int, again: bool, seed: int) -> None:
    root, note = tmp_path / "project", tmp_path / "pids"
    code = CODE.replace("NOTE", repr(str(note)))
    write_pattern_folder(root / "patterns", "rename", code=code, trigger="{text: [old]}")
    files = [root / f"{name:02}.py" for name in range(FILES)]
    for file in files:
        file.write_text(OLD)
    before = {path.relative_to(root) for path in root.rglob("*")}
    last = files[random.Random(f"{number} {again} {seed}").randrange(FILES - 5)]  # noqa: S311 - no secret
    command = [sys.executable, "-m", "pytest_orchestrator", "patterns", "apply", "--select", "rename", "--no-cache"]
    command += ["--allow-dirty", "--jobs", str(seed + 1), "*.py"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        wait_until(lambda: last.read_text() != OLD or process.poll() is not None)
        process.send_signal(number)
        while again and process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.02)
            process.send_signal(number)
        output, _ = process.communicate(timeout=60)
    texts = [file.read_text() for file in files]
    changed = texts.count(OLD.replace("old", "new"))
    assert changed + texts.count(OLD) == FILES
    assert {path.relative_to(root) for path in root.rglob("*")} == before
    assert "Traceback" not in output
    for pid in note.read_text().split():
        wait_until_gone(int(pid))
    if number == signal.SIGINT or (number == signal.SIGTERM and not again):
        assert process.returncode == 128 + number
        said = re.search(r"stopped; files changed: at most (\d+); `git diff` shows them", output)
        assert said is not None, output
        assert changed <= int(said[1]) <= changed + 2
    else:
        assert process.returncode in (-number, 128 + number)
