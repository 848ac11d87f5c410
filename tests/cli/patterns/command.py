"""`pytest-orchestrator patterns` in the tests' own process."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.cli.command_line import run

CODEMOD = """
from libcst.codemod import VisitorBasedCodemodCommand

class Entry(VisitorBasedCodemodCommand):
    def __init__(self, context, name="new"):
        super().__init__(context)
        self.name = name

    def leave_Name(self, original_node, updated_node):
        return updated_node.with_changes(value=self.name) if original_node.value == "old" else updated_node
"""
LINTER = """
from pytest_orchestrator.api.patterns import Linter

class Entry(Linter):
    def visit_Name(self, node):
        if node.value == "old": self.report(node, "100% old, and bad")
"""


def call(project: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command in the project: it must exit with `code`, and without a traceback."""
    result = run(project, "patterns", *arguments)
    assert "Traceback" not in result.stderr
    assert result.returncode == code, result.stdout + result.stderr
    return result


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)
