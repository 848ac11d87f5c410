"""`IOError`, `socket.error`... -> `OSError`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand

from pytest_orchestrator.api.patterns import Scope, read_scopes

_ALIASES = frozenset(
    [
        *("builtins.EnvironmentError", "builtins.IOError"),
        *("mmap.error", "os.error", "resource.error", "select.error", "socket.error"),
    ]
)


class IoErrorAlias(VisitorBasedCodemodCommand):
    """Call the class by its own name where it is raised, called or caught."""

    DESCRIPTION = "Use OSError instead of its other names."

    def __init__(self, context: CodemodContext) -> None:
        super().__init__(context)
        self._scopes: Mapping[cst.BaseExpression, Scope] = {}

    def visit_Module(self, node: cst.Module) -> bool:
        """Find the names first: one may be bound again further down."""
        self._scopes = read_scopes(node, cst.BaseExpression)  # type: ignore[type-abstract] # of all types
        return any(self._is_alias(name) for name in self._scopes)

    def visit_FormattedStringExpression(self, node: cst.FormattedStringExpression) -> bool:
        """Stay out of f"{...=}", which shows its own source."""
        return node.equal is None

    def leave_Raise(self, original_node: cst.Raise, updated_node: cst.Raise) -> cst.Raise:
        """Raise it by its own name."""
        if original_node.exc is None or not self._is_alias(original_node.exc):
            return updated_node
        return updated_node.with_changes(exc=_os_error(original_node.exc))

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        """Make it by its own name."""
        if not self._is_alias(original_node.func):
            return updated_node
        return updated_node.with_changes(func=_os_error(original_node.func))

    def leave_ExceptHandler(
        self, original_node: cst.ExceptHandler, updated_node: cst.ExceptHandler
    ) -> cst.ExceptHandler:
        """Catch it by its own name."""
        glued = original_node.whitespace_after_except.empty
        return updated_node.with_changes(type=self._caught(original_node.type, glued=glued))

    def leave_ExceptStarHandler(
        self, original_node: cst.ExceptStarHandler, updated_node: cst.ExceptStarHandler
    ) -> cst.ExceptStarHandler:
        """Catch it by its own name."""
        return updated_node.with_changes(type=self._caught(original_node.type, glued=False))

    def _is_alias(self, name: cst.BaseExpression) -> bool:
        scope = self._scopes.get(name)
        return scope is not None and scope.is_builtin("OSError") and scope.qualified_name(name) in _ALIASES

    def _caught(self, type_: cst.BaseExpression | None, *, glued: bool) -> cst.BaseExpression | None:
        if not isinstance(type_, cst.Tuple):
            return type_ if type_ is None or not self._is_alias(type_) else _os_error(type_)
        values = [element.value for element in type_.elements]
        if not any(map(self._is_alias, values)) or "#" in cst.Module(body=()).code_for_node(type_):
            return type_
        elements = [
            element.with_changes(value=_os_error(element.value)) if self._is_alias(element.value) else element
            for element in type_.elements
        ]
        once = _once(elements)
        if len(once) == 1 and len(elements) > 1:
            error = once[0].value
            return error.with_changes(lpar=type_.lpar, rpar=type_.rpar) if glued else error
        return type_.with_changes(elements=once)


def _os_error(name: cst.BaseExpression) -> cst.BaseExpression:
    return cst.Name("OSError", lpar=name.lpar, rpar=name.rpar)


def _once(elements: Sequence[cst.BaseElement]) -> Sequence[cst.BaseElement]:
    """The elements with only the first `OSError` among them."""
    found = [index for index, element in enumerate(elements) if _is_os_error(element.value)]
    kept = [element for index, element in enumerate(elements) if index not in found[1:]]
    if kept[-1] is not elements[-1]:  # the new last one ends as the last one did
        kept[-1] = kept[-1].with_changes(comma=elements[-1].comma)
    return kept


def _is_os_error(expression: cst.BaseExpression) -> bool:
    return isinstance(expression, cst.Name) and expression.value == "OSError"
