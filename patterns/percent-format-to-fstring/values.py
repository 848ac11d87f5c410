"""What is known of a value on the right of a `%`, and how it is written when it moves into an f-string."""

from __future__ import annotations

import libcst as cst

from pytest_orchestrator.api.codemods import (
    NUMBER_LITERALS,
    SIDE_EFFECT_FREE_FUNCTIONS,
    TEXT_METHODS,
    called_builtin,
    is_integer,
    is_text,
)
from pytest_orchestrator.api.patterns import Scope

_GIVES_NO_TUPLE = frozenset({"bool", "dict", "float", "frozenset", "list", "set", "sorted"})
_DISPLAYS = (*NUMBER_LITERALS, cst.List, cst.Set, cst.Dict, cst.ListComp, cst.SetComp, cst.DictComp)
# These are read the same without parentheses around them.
_PLAIN = (cst.Name, cst.Attribute, cst.Subscript, cst.Call, cst.BinaryOperation, *NUMBER_LITERALS, cst.SimpleString)


def is_one_value(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether `value`, alone on the right of a `%`, is certainly no tuple, whose items would be taken one by one."""
    match value:
        case cst.Name():
            return is_text(value, scope) or scope.is_exception(value.value)
        case cst.Call():
            return _gives_one_value(value, scope)
    return isinstance(value, _DISPLAYS) or is_integer(value, scope) or is_text(value, scope)


def moved(value: cst.BaseExpression, quote: str) -> cst.BaseExpression:
    """The value as it is written between braces in `quote`: without parentheses, and its own texts in other quotes."""
    if isinstance(value, _PLAIN) and value.lpar:
        value = value.with_changes(lpar=(), rpar=())
    changed = value.visit(_Requoted(quote))
    return cst.ensure_type(changed, cst.BaseExpression)


class _Requoted(cst.CSTTransformer):
    """Puts texts into the other quotes where they hold nothing that would have to be escaped."""

    def __init__(self, quote: str) -> None:
        super().__init__()
        self._quote = quote
        self._other = {'"': "'", "'": '"'}.get(quote, quote)

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.SimpleString:
        text = original_node.raw_value
        if original_node.quote != self._quote or self._other in text or "\\" in text:
            return updated_node
        return updated_node.with_changes(value=f"{original_node.prefix}{self._other}{text}{self._other}")


def _gives_one_value(call: cst.Call, scope: Scope) -> bool:
    if isinstance(call.func, cst.Attribute) and call.func.attr.value in {*TEXT_METHODS, "join"}:
        return not any(arg.keyword for arg in call.args)  # text has no names for them: point.replace(x=1)
    builtin = called_builtin(call, scope)
    return (
        is_integer(call, scope)
        or is_text(call, scope)
        or builtin in _GIVES_NO_TUPLE
        or (builtin == "type" and len(call.args) == 1 and not call.args[0].keyword and not call.args[0].star)
        or scope.qualified_name(call.func) in SIDE_EFFECT_FREE_FUNCTIONS
    )
