"""`Optional[X]` -> `X | None`, `Union[X, Y]` -> `X | Y`.

`Union` takes whatever can be called and strings; the operator wants types. So every member must be known to be one.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Sequence

import libcst as cst
from libcst.codemod import CodemodContext

from pytest_orchestrator.api.codemods import (
    TypeCodemod,
    TypeExpression,
    find_nodes,
    parse_forward_reference,
    source_of,
    typing_name,
)
from pytest_orchestrator.api.patterns import Scope, is_none

from .operands import Kind, Operands


class UnionSyntax(TypeCodemod):
    """Write unions of types with the operator."""

    DESCRIPTION = "Use X | Y instead of Union[X, Y] and Optional[X]."
    names = frozenset({"typing.Optional", "typing.Union"})

    def __init__(self, context: CodemodContext, runtime_annotations: str = "unknown") -> None:
        super().__init__(context, runtime_annotations)
        self._operands: Operands | None = None

    def _kind(self, operand: cst.BaseExpression, expression: TypeExpression) -> Kind:
        self._operands = self._operands or Operands(self.types)
        return self._operands.kind(operand, expression.scope)

    def may_rewrite(self, expression: TypeExpression) -> bool:
        """Leave aliases, for what else is done with their values is not known, and what `|` can't join."""
        operations = find_nodes(expression.node, cst.BinaryOperation)
        unions = [operation for operation in operations if isinstance(operation.operator, cst.BitOr)]
        if not expression.evaluated:
            return not (unions and find_nodes(expression.node, cst.SimpleString))
        return expression.alias is None and all(self._kind(union, expression) < Kind.UNKNOWN for union in unions)

    def change(self, part: cst.BaseExpression, expression: TypeExpression) -> cst.BaseExpression:
        """Put the members of a union side by side, all in one string if one of them is in a string."""
        operands = _operands(part, expression.scope)
        quotes = [operand.quote for operand in operands if isinstance(operand, cst.SimpleString)]
        union = None if quotes and expression.evaluated else self._union(operands, expression)
        if union is None or "#" in source_of(part) or not _stands_alone(source_of(union)):
            return part
        if quotes:
            if quotes[0] in source_of(union):
                return part
            union = cst.SimpleString(f"{quotes[0]}{source_of(union)}{quotes[0]}")
        self.note_replaced(cst.ensure_type(part, cst.Subscript).value)
        return union.with_changes(lpar=part.lpar, rpar=part.rpar)

    def _union(self, operands: Sequence[cst.BaseExpression], expression: TypeExpression) -> cst.BaseExpression | None:
        read = [
            parse_forward_reference(operand) if isinstance(operand, cst.SimpleString) else operand
            for operand in operands
        ]
        members: list[cst.BaseExpression] = []
        for operand in read:
            if operand is None:
                return None
            members += [
                one
                for one in _flattened(operand, expression.scope)
                if not (is_none(one) and any(map(is_none, members)))
            ]
        if all(map(is_none, members)):
            return None
        allowed = Kind.ENUM if expression.evaluated else Kind.UNKNOWN
        certain = all(self._kind(member, expression) <= allowed for member in members)
        return functools.reduce(_either, members) if certain else None


def _operands(part: cst.BaseExpression, scope: Scope) -> Sequence[cst.BaseExpression]:
    """The members of a union, those of unions in it among them; nothing when it is none, or can't be read."""
    if not isinstance(part, cst.Subscript):
        return ()
    members = [item.slice.value for item in part.slice if isinstance(item.slice, cst.Index) and not item.slice.star]
    operands = [operand for member in members for operand in _flattened(member, scope)]
    match typing_name(part.value, scope):
        case "typing.Union" if len(members) == len(part.slice):
            return operands
        case "typing.Optional" if len(members) == len(part.slice) == 1:
            return [*operands, cst.Name("None")]
        case _:
            return ()


def _flattened(member: cst.BaseExpression, scope: Scope) -> Iterator[cst.BaseExpression]:
    if isinstance(member, cst.BinaryOperation) and isinstance(member.operator, cst.BitOr) and not member.lpar:
        yield from _flattened(member.left, scope)
        yield from _flattened(member.right, scope)
    else:
        yield from _operands(member, scope) or [member]


def _either(left: cst.BaseExpression, right: cst.BaseExpression) -> cst.BaseExpression:
    return cst.BinaryOperation(left=left, operator=cst.BitOr(), right=right)


def _stands_alone(code: str) -> bool:
    """Whether the code is an expression without brackets around it, which may have held lines together."""
    try:
        ast.parse(code, mode="eval")
    except SyntaxError:
        return False
    return True
