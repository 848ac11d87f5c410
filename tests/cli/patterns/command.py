"""`pytest-orchestrator patterns`, and a codemod for it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.cli.command_line import run

CODEMOD = """
from libcst.codemod import VisitorBasedCodemodCommand

class Entry(VisitorBasedCodemodCommand):
    def leave_Name(self, original_node, updated_node):
        return updated_node.with_changes(value="new") if original_node.value == "old" else updated_node
"""


def call(project: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command in the project: it must exit with `code`, and without a traceback."""
    result = run(project, "patterns", *arguments)
    assert "Traceback" not in result.stderr
    assert result.returncode == code, result.stdout + result.stderr
    return result
