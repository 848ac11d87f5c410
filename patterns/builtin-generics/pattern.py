"""`List[int]` -> `list[int]`.

Both mean the same type, but they are different objects. So a file changes only where it uses them as types, and not at
all when it does anything else with them: `typing.List[int] is field.type` would not be true any more.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence

import libcst as cst

from pytest_orchestrator.api.codemods import TypeCodemod, TypeExpression, find_nodes, typing_name
from pytest_orchestrator.api.patterns import Scope

from .moved_imports import moved_imports

_BUILTIN = {f"typing.{name}": name.lower() for name in ("List", "Dict", "Set", "FrozenSet", "Tuple", "Type")}
_COLLECTION = {"typing.Deque": "deque", "typing.DefaultDict": "defaultdict"}
_TYPES = ("builtins.", "typing.", "collections.abc.")


class BuiltinGenerics(TypeCodemod):
    """Use the builtin classes where typing's aliases of them are read as types."""

    DESCRIPTION = "Use list[int] instead of typing.List[int]."
    names = frozenset({*_BUILTIN, *_COLLECTION})

    def may_rewrite(self, expression: TypeExpression) -> bool:
        """Leave aliases that are called or inherited from: what can be done with the two is not the same."""
        if expression.alias is not None and expression.alias in self.types.called_or_subclassed:
            return False
        operations = find_nodes(expression.node, cst.BinaryOperation) if expression.evaluated else ()
        unions = (operation for operation in operations if isinstance(operation.operator, cst.BitOr))
        return all(_joins_types(union, expression.scope) for union in unions)

    def change(self, part: cst.BaseExpression, expression: TypeExpression) -> cst.BaseExpression:
        """Replace the alias by the class."""
        name = typing_name(part, expression.scope) or ""
        new = self._builtin(name, expression.scope) or self._collection(name, expression)
        if new is None:
            return part
        self.note_replaced(part)
        return new.with_changes(lpar=part.lpar, rpar=part.rpar)

    def change_lines(self, module: cst.Module) -> Mapping[cst.SimpleStatementLine, Sequence[cst.SimpleStatementLine]]:
        """Import the names that typing only repeats from where they are."""
        kept = [expression.node for expression in self.types.expressions if not self.may_rewrite(expression)]
        return moved_imports(module, self.types, kept)

    def _builtin(self, name: str, scope: Scope) -> cst.Name | None:
        builtin = _BUILTIN.get(name, "")
        return cst.Name(builtin) if scope.is_builtin(builtin) else None

    def _collection(self, name: str, expression: TypeExpression) -> cst.Name | cst.Attribute | None:
        """A name that the file has for the class, if it has one that is bound by then."""
        wanted = _COLLECTION.get(name, "")
        for new in (cst.Name(wanted), cst.Attribute(cst.Name("collections"), cst.Name(wanted))) if wanted else ():
            head = new if isinstance(new, cst.Name) else new.value
            if expression.scope.qualified_name(new) == f"collections.{wanted}" and self._is_imported(head, expression):
                return new
        return None

    def _is_imported(self, name: cst.BaseExpression, expression: TypeExpression) -> bool:
        """Whether an import on the top level binds the name, before the expression if that is evaluated."""
        bindings = expression.scope.resolve(cst.ensure_type(name, cst.Name).value)
        lines = cst.ensure_type(expression.scope.module.node, cst.Module).body
        top = {small for line in lines if isinstance(line, cst.SimpleStatementLine) for small in line.body}
        for node in self.types.scopes:
            if node is expression.node and expression.evaluated:
                return False
            if node in top and bindings[0].node in node.children:
                return len(bindings) == 1
        return False


def _joins_types(part: cst.CSTNode, scope: Scope) -> bool:
    """Whether each member of a union is known to be a type.

    typing's aliases can be joined with anything, also with a string or a function; the classes can't.
    """
    match part:
        case cst.BinaryOperation():
            return _joins_types(part.left, scope) and _joins_types(part.right, scope)
        case cst.Subscript():
            return _joins_types(part.value, scope)
        case cst.Name(value="None"):
            return True
        case cst.Name() | cst.Attribute():
            name = typing_name(part, scope) or ""
            builtin = getattr(builtins, name.removeprefix("builtins."), type)
            return name.startswith(_TYPES) and isinstance(builtin, type)
        case _:
            return False
