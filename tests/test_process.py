from __future__ import annotations

import os
import select
import sys
import tempfile
from pathlib import Path

import pytest

from pytest_orchestrator.errors import ProcessError
from pytest_orchestrator.process import Beside, kill_group, run


def test_a_program_gets_its_input_and_its_output_is_read(tmp_path: Path) -> None:
    code = "import sys; print(sys.stdin.read()); print('oops', file=sys.stderr); sys.exit(3)"
    done = run([sys.executable, "-c", code], cwd=tmp_path, input=b"hello")
    assert (done.returncode, done.stdout, done.stderr) == (3, b"hello\n", b"oops\n")


def test_a_program_that_does_not_end_is_killed_with_its_children(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    # The grandchild holds the FIFO's writing end: when reading it comes to an end, the grandchild is gone.
    code = (
        "import os, subprocess, sys\n"
        f"writer = os.open({str(fifo)!r}, os.O_RDWR)\n"
        "subprocess.Popen([sys.executable, '-c', 'import threading; threading.Event().wait()'], pass_fds=[writer])\n"
        "import threading; threading.Event().wait()\n"
    )
    try:
        with pytest.raises(ProcessError, match=r"did not end within 0\.5 s and was killed"):
            run([sys.executable, "-c", code], cwd=tmp_path, timeout_s=0.5)
        # The kernel takes its time to end a killed process; the end of the writers wakes us.
        select.select([reader], [], [], 10)
        assert os.read(reader, 1) == b""
    finally:
        os.close(reader)


def test_a_missing_program_and_a_missing_folder_are_different_errors(tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="no-such-program is not installed"):
        run(["no-such-program"], cwd=tmp_path)
    with pytest.raises(ProcessError, match="does not exist"):
        run([sys.executable], cwd=tmp_path / "absent")


def test_a_program_that_may_not_be_started_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a program")
    with pytest.raises(ProcessError, match="text can't be started"):
        run([tmp_path / "text"], cwd=tmp_path)


def test_killing_a_group_that_has_ended_does_nothing(tmp_path: Path) -> None:
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", ""], os.environ, setpgroup=0)
    os.waitpid(child, 0)
    kill_group(child)


def test_a_program_beside_this_one_writes_more_than_a_pipe_holds(tmp_path: Path) -> None:
    code = "import sys; print('x' * 1_000_000); print('oops', file=sys.stderr); sys.exit(3)"
    program = Beside([sys.executable, "-c", code], cwd=tmp_path)
    done = program.result()
    program.stop()
    assert (done.returncode, done.stdout, done.stderr) == (3, b"x" * 1_000_000 + b"\n", b"oops\n")


def test_a_program_beside_this_one_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When nobody wants its result, and when it takes too long; a missing one is an error at once."""
    endless = [sys.executable, "-c", "import threading; threading.Event().wait()"]
    Beside(endless, cwd=tmp_path).stop()
    slow = Beside(endless, cwd=tmp_path, timeout_s=0.1)
    with pytest.raises(ProcessError, match=r"did not end within 0\.1 s and was killed"):
        slow.result()
    with pytest.raises(ProcessError, match="no-such-program is not installed"):
        Beside(["no-such-program"], cwd=tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    with pytest.raises(ProcessError, match="no temporary file can be made"):
        Beside(endless, cwd=tmp_path)
