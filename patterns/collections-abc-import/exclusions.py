"""Code that is left unchanged: in code for certain versions of Python, the old name may be needed."""

from __future__ import annotations

import re

import libcst as cst

from pytest_orchestrator.api.codemods import find_nodes

_VERSION = re.compile(r"(\b|_)py|version|hasattr", re.IGNORECASE)
_ABSENCE = ("ImportError", "ModuleNotFoundError", "AttributeError")
_ANYTHING = ("Exception", "BaseException")


class ExcludedNodes(cst.CSTVisitor):
    """Collects the imports and attributes in branches for certain versions, in fallbacks for them, and in f"{...=}",
    which prints its own source.
    """

    def __init__(self, module: cst.Module) -> None:
        super().__init__()
        self.found: set[cst.CSTNode] = set()
        self._module = module
        self._depth = 0

    def visit_Try(self, node: cst.Try) -> None:
        self._depth += _is_fallback(node)

    def leave_Try(self, original_node: cst.Try) -> None:
        self._depth -= _is_fallback(original_node)

    def visit_If(self, node: cst.If) -> None:
        self._depth += self._asks_for_version(node.test)

    def leave_If(self, original_node: cst.If) -> None:
        self._depth -= self._asks_for_version(original_node.test)

    def visit_IfExp(self, node: cst.IfExp) -> None:
        self._depth += self._asks_for_version(node.test)

    def leave_IfExp(self, original_node: cst.IfExp) -> None:
        self._depth -= self._asks_for_version(original_node.test)

    def visit_FormattedStringExpression(self, node: cst.FormattedStringExpression) -> None:
        self._depth += node.equal is not None

    def leave_FormattedStringExpression(self, original_node: cst.FormattedStringExpression) -> None:
        self._depth -= original_node.equal is not None

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        self._note(node)

    def visit_Attribute(self, node: cst.Attribute) -> None:
        self._note(node)

    def _note(self, node: cst.CSTNode) -> None:
        if self._depth:
            self.found.add(node)

    def _asks_for_version(self, test: cst.BaseExpression) -> bool:
        return _VERSION.search(self._module.code_for_node(test)) is not None


def _is_fallback(node: cst.Try) -> bool:
    """Whether one of the handlers is for a missing name or module."""
    kinds = [handler.type for handler in node.handlers]
    return any(
        kind is None
        or any(name.value in _ABSENCE for name in find_nodes(kind, cst.Name))
        or (isinstance(kind, cst.Name) and kind.value in _ANYTHING)
        for kind in kinds
    )
