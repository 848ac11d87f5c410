from __future__ import annotations

import os
import subprocess
import sys


def test_a_worker_that_gets_no_requests_but_nonsense_ends_with_a_message() -> None:
    (requests, to_worker), (from_worker, replies) = os.pipe(), os.pipe()
    program = (
        "import sys; from pytest_orchestrator.pattern_engine.worker.main import main; main(*map(int, sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, str(requests), str(replies)]
    try:
        os.write(to_worker, b"\xff" * 64)
        ended = subprocess.run(
            command,
            pass_fds=(requests, replies),
            stderr=subprocess.PIPE,
            start_new_session=True,
            timeout=60,
            check=False,
        )
    finally:
        for descriptor in (requests, to_worker, from_worker, replies):
            os.close(descriptor)
    assert ended.returncode == 1
    assert b"got something that is no request" in ended.stderr
