"""The code of patterns that tests need none more of: names that are old get others, or are reported."""

from __future__ import annotations


def renaming(old: str, new: str) -> str:
    """A codemod."""
    return f"""
import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand

class Entry(VisitorBasedCodemodCommand):
    def leave_Name(self, original_node, updated_node):
        return updated_node.with_changes(value="{new}") if original_node.value == "{old}" else updated_node
"""


CODEMOD = renaming("old", "new")
LINTER = """
from pytest_orchestrator.api.patterns import Linter

class Entry(Linter):
    def visit_Name(self, node):
        if node.value == "old": self.report(node, "don't")
"""
