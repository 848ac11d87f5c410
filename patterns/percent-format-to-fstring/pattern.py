"""`"%s: %r" % (name, value)` -> `f"{name!s}: {value!r}"`.

A percent format takes a tuple apart, prints a number its own way, and makes its texts when all values are there. An
f-string does none of that, so most formats with a bare name on the right have to stay: it may be a tuple.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand

from pytest_orchestrator.api.codemods import (
    contains_subscript_of,
    find_adjacent_to_word,
    fits_in_fstring,
    has_fixed_text,
    is_integer,
    is_side_effect_free,
    is_text,
    read_string_literals,
    replace_string_literals,
)
from pytest_orchestrator.api.patterns import Scope, read_scopes

from .conversions import Conversion, split
from .values import is_one_value, moved

_COMPILES_FORMATS = (3, 11)


class PercentFormatToFString(VisitorBasedCodemodCommand):
    """Write percent formats as f-strings where both certainly mean the same."""

    DESCRIPTION = "Use f-strings instead of percent formatting where both mean the same."

    def __init__(self, context: CodemodContext, oldest_python: str) -> None:
        super().__init__(context)
        self._is_compiled = tuple(map(int, oldest_python.split("."))) >= _COMPILES_FORMATS
        self._fstrings: dict[cst.BinaryOperation, cst.BaseExpression] = {}

    def visit_Module(self, node: cst.Module) -> bool:
        """Find the formats first: whether `len` is Python's own is only known at the end."""
        for operation, scope in read_scopes(node, cst.BinaryOperation).items():
            fstring = _as_fstring(operation, scope, node, is_compiled=self._is_compiled)
            if fstring is not None:
                self._fstrings[operation] = fstring
        for operation in find_adjacent_to_word(node, self._fstrings):
            del self._fstrings[operation]
        return bool(self._fstrings)  # no mutate: it saves a walk

    def visit_FormattedString(self, node: cst.FormattedString) -> bool:  # noqa: ARG002 - LibCST passes it by name
        """Stay out of f-strings: one in another is hard to read, and f"{...=}" shows its own source."""
        return False

    def leave_BinaryOperation(
        self, original_node: cst.BinaryOperation, updated_node: cst.BinaryOperation
    ) -> cst.BaseExpression:
        """Replace the operation by the f-string."""
        return self._fstrings.get(original_node, updated_node)


def _as_fstring(
    operation: cst.BinaryOperation, scope: Scope, module: cst.Module, *, is_compiled: bool
) -> cst.BaseExpression | None:
    if not isinstance(operation.operator, cst.Modulo):
        return None
    literals = read_string_literals(operation.left, split, marks="%")
    if literals is None:
        return None
    conversions = [conversion for literal in literals for conversion in literal.fields]
    values = _values(operation.right, conversions, scope)
    if values is None:
        return None
    is_fstring = (
        is_compiled and isinstance(operation.right, cst.Tuple) and all(item.is_compiled for item in conversions)
    )
    if not is_fstring and not _same_order(values, scope):
        return None
    if "#" in module.code_for_node(operation.operator) + module.code_for_node(operation.right):
        return None  # an f-string can't hold the comment
    quotes = [literal.node.quote for literal in literals for _ in literal.fields]
    expressions: list[cst.FormattedStringExpression] = []
    for conversion, value, quote in zip(conversions, values, quotes, strict=True):
        placeholder = conversion.placeholder(is_integer=is_integer(value, scope), is_text=is_text(value, scope))
        inner = moved(value, quote)
        if placeholder is None or not fits_in_fstring(inner, module.code_for_node(inner), quote):
            return None
        expressions.append(_expression(inner, *placeholder))
    supply = iter(expressions)
    literal = replace_string_literals(operation.left, iter([literal.render(supply) for literal in literals]))
    return literal.with_changes(
        lpar=[*operation.lpar, *operation.left.lpar], rpar=[*operation.left.rpar, *operation.rpar]
    )


def _values(
    right: cst.BaseExpression, conversions: Sequence[Conversion], scope: Scope
) -> Sequence[cst.BaseExpression] | None:
    """The value of each conversion, in order. None: that is only known when the program runs, or is an error."""
    keys = [conversion.key for conversion in conversions]
    if not keys:
        return None
    if None not in keys:
        return _values_by_key(right, keys)
    if any(key is not None for key in keys):
        return None
    if isinstance(right, cst.Tuple):
        values = [element.value for element in right.elements if isinstance(element, cst.Element)]
        return values if len(right.elements) == len(values) == len(keys) else None
    return [right] if len(keys) == 1 and is_one_value(right, scope) else None


def _values_by_key(right: cst.BaseExpression, keys: Sequence[str | None]) -> Sequence[cst.BaseExpression] | None:
    """The values of a dict display that has just these keys in this order, so that nothing is evaluated anew."""
    if not isinstance(right, cst.Dict) or len(set(keys)) != len(keys):
        return None
    items = [item for item in right.elements if isinstance(item, cst.DictElement)]
    names = [item.key.evaluated_value if isinstance(item.key, cst.SimpleString) else None for item in items]
    return [item.value for item in items] if len(items) == len(right.elements) and names == list(keys) else None


def _same_order(values: Sequence[cst.BaseExpression], scope: Scope) -> bool:
    """Whether making the text of each value before the next one is evaluated changes nothing."""
    for index, value in enumerate(values):
        before = values[:index]
        is_free = is_side_effect_free(value, scope)
        touched = [item for item in before if not is_free or contains_subscript_of(value, item)]
        if not all(has_fixed_text(item, scope) for item in touched):
            return False
    return True


def _expression(value: cst.BaseExpression, conversion: str | None, spec: str) -> cst.FormattedStringExpression:
    return cst.FormattedStringExpression(
        expression=value,
        conversion=conversion,
        format_spec=[cst.FormattedStringText(spec)] if spec else None,
    )
