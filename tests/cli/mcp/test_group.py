from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import run


def test_server_without_input_ends_cleanly(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "pytest_orchestrator", "mcp", "serve"]
    done = subprocess.run(command, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--workspace", "absent"), "error: the workspace absent is not a folder"),
        (("--library", "absent"), "the pattern folder absent does not exist"),
        ((), "mine/pattern.yaml:2: unknown key 'kidn'"),
    ],
)
def test_what_cannot_be_served_is_bad_input(tmp_path: Path, options: tuple[str, ...], message: str) -> None:
    own = tmp_path / "patterns" / "mine"
    own.mkdir(parents=True)
    own.joinpath("pattern.yaml").write_text("schema: pytest-orchestrator/pattern/1\nkidn: codemod\n")

    done = run(tmp_path, "mcp", "serve", *options, code=2)

    assert message in done.stderr
    assert done.stdout == ""
