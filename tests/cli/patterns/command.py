"""`pytest-orchestrator patterns` in the tests' own process."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.cli.command_line import run


def call(project: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command in the project: it must exit with `code`, and without a traceback."""
    result = run(project, "patterns", *arguments)
    assert "Traceback" not in result.stderr
    assert result.returncode == code, result.stdout + result.stderr
    return result
