"""`"{}: {user.name!r}".format(key, user=user)` -> `f"{key}: {user.name!r}"`.

The fields of both mean the same. What differs is when things happen: `format` evaluates each argument once, in the
order of the call, before it makes the first text; an f-string evaluates each field when its turn comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand

from pytest_orchestrator.api.codemods import (
    StringLiteral,
    find_adjacent_to_word,
    find_nodes,
    fits_in_fstring,
    has_fixed_text,
    read_string_literals,
    replace_string_literals,
)
from pytest_orchestrator.api.patterns import Scope, read_scopes

from .arguments import assign, keeps_order, read_arguments
from .fields import Field, split

# An attribute or item of any other value needs parentheses.
_PRIMARY = (cst.Name, cst.Attribute, cst.Subscript, cst.Call)


class StrFormatToFString(VisitorBasedCodemodCommand):
    """Write calls of `format` on a literal as f-strings where both certainly mean the same."""

    DESCRIPTION = "Use f-strings instead of str.format where both mean the same."

    def __init__(self, context: CodemodContext) -> None:
        super().__init__(context)
        self._fstrings: dict[cst.Call, cst.BaseExpression] = {}

    def visit_Module(self, node: cst.Module) -> bool:
        """Find the calls first: whether `len` is Python's own is only known at the end."""
        for call, scope in read_scopes(node, cst.Call).items():
            fstring = _as_fstring(call, scope, node)
            if fstring is not None:
                self._fstrings[call] = fstring
        for call in find_adjacent_to_word(node, self._fstrings):
            del self._fstrings[call]
        return bool(self._fstrings)

    def visit_FormattedString(self, node: cst.FormattedString) -> bool:  # noqa: ARG002 - LibCST passes it by name
        """Stay out of f-strings: one in another is hard to read, and f"{...=}" shows its own source."""
        return False

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """Replace the call by the f-string."""
        return self._fstrings.get(original_node, updated_node)


def _formats_literal(call: cst.Call) -> bool:
    match call.func:
        case cst.Attribute(value=cst.SimpleString() | cst.ConcatenatedString(), attr=cst.Name(value="format")):
            return True
    return False


def _as_fstring(call: cst.Call, scope: Scope, module: cst.Module) -> cst.BaseExpression | None:
    if not _formats_literal(call):
        return None
    function = cst.ensure_type(call.func, cst.Attribute)
    literals = read_string_literals(function.value, split, marks="{}")
    arguments = read_arguments(call)
    if literals is None or arguments is None:
        return None
    fields = [field for literal in literals for outer in literal.fields for field in outer]
    keys = assign(fields, arguments)
    if keys is None or not keeps_order(fields, keys, arguments, scope):
        return None
    if _is_value_alone(literals) and not has_fixed_text(arguments[keys[0]], scope):
        return None
    left_behind = (function.dot, call.whitespace_after_func, call.whitespace_before_args, *call.args)
    if any("#" in module.code_for_node(part) for part in left_behind):
        return None  # an f-string can't hold the comment
    values = iter([arguments[key] for key in keys])
    filled = [_filled(literal, values, module) for literal in literals]
    rendered = [literal for literal in filled if literal is not None]
    if len(rendered) != len(literals):
        return None
    literal = replace_string_literals(function.value, iter(rendered))
    return literal.with_changes(lpar=[*call.lpar, *literal.lpar], rpar=[*literal.rpar, *call.rpar])


def _is_value_alone(literals: Sequence[StringLiteral[Field]]) -> bool:
    """Whether one plain field is all there is: its f-string would hand on the value's own text as it is, and that may
    be of a subclass of `str`, as text that is marked as safe for HTML is.
    """
    match [part for literal in literals for part in literal.parts]:
        case [Field(conversion=None | "s", spec=())]:
            return True
    return False


def _filled(
    literal: StringLiteral[Field], values: Iterator[cst.BaseExpression], module: cst.Module
) -> cst.SimpleString | cst.FormattedString | None:
    """The literal with its values in it; None when it can't hold one of them."""
    quote = literal.node.quote
    expressions = [_expression(field, values, quote) for field in literal.fields]
    for expression in expressions:
        for part in (expression, *(expression.format_spec or ())):
            if isinstance(part, cst.FormattedStringExpression):
                value = part.expression
                if not fits_in_fstring(value, module.code_for_node(value), quote) or any(
                    map(_formats_literal, find_nodes(value, cst.Call))
                ):
                    return None
    return literal.render(iter(expressions))


def _expression(field: Field, values: Iterator[cst.BaseExpression], quote: str) -> cst.FormattedStringExpression:
    value = _looked_up(field, next(values), quote)
    spec = [
        cst.FormattedStringText(part) if isinstance(part, str) else _expression(part, values, quote)
        for part in field.spec
    ]
    return cst.FormattedStringExpression(expression=value, conversion=field.conversion, format_spec=spec or None)


def _looked_up(field: Field, value: cst.BaseExpression, quote: str) -> cst.BaseExpression:
    if field.lookups and not isinstance(value, _PRIMARY) and not value.lpar:
        value = value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    other_quote = '"' if "'" in quote else "'"
    for lookup in field.lookups:
        if lookup.attribute is not None:
            value = cst.Attribute(value=value, attr=cst.Name(lookup.attribute))
            continue
        key = lookup.key
        index = cst.Integer(str(key)) if isinstance(key, int) else cst.SimpleString(f"{other_quote}{key}{other_quote}")
        value = cst.Subscript(value=value, slice=[cst.SubscriptElement(cst.Index(index))])
    return value
