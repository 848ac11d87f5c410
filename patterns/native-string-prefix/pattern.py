"""`u"text"` -> `"text"`."""

from __future__ import annotations

import libcst as cst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand


class NativeStringPrefix(VisitorBasedCodemodCommand):
    """Remove the prefix, which has no effect on Python 3."""

    DESCRIPTION = "Drop the prefix u of strings."

    def __init__(self, context: CodemodContext) -> None:
        super().__init__(context)
        self._glued: set[cst.SimpleString] = set()

    def visit_Annotation(self, node: cst.Annotation) -> bool:  # noqa: ARG002 - LibCST passes it by name
        """Stay out of annotations: `from __future__ import annotations` keeps them as they are written."""
        return False

    def visit_FormattedStringExpression(self, node: cst.FormattedStringExpression) -> bool:
        """Stay out of f"{...=}", which shows its own source."""
        return node.equal is None

    def visit_ConcatenatedString(self, node: cst.ConcatenatedString) -> bool:
        """Note strings that nothing but their prefix parts from the quote before: `""u"a"` would become `\"\"\"a"`."""
        right = node.right.left if isinstance(node.right, cst.ConcatenatedString) else node.right
        if isinstance(right, cst.SimpleString) and node.whitespace_between.empty:
            self._glued.add(right)
        return True

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.SimpleString:
        """Drop the prefix."""
        if original_node.prefix != "u" or original_node in self._glued:
            return updated_node
        return updated_node.with_changes(value=updated_node.value[1:])
