from __future__ import annotations

import socket
import subprocess
import sys


def test_a_worker_that_gets_no_requests_but_nonsense_ends_with_a_message() -> None:
    program = "import sys; from pytest_orchestrator.pattern_engine.worker.main import main; main(int(sys.argv[1]))"
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"\xff" * 64)
        ended = subprocess.run(
            [sys.executable, "-c", program, str(theirs.fileno())],
            pass_fds=(theirs.fileno(),),
            stderr=subprocess.PIPE,
            start_new_session=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 1
    assert b"got something that is no request" in ended.stderr
