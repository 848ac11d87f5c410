"""What is known of the expressions to be formatted: their type, and whether they may stand inside an f-string.

In `"%s %s" % (a, b())` the call comes before the text of `a` is made; in an f-string it comes after, and it may change
`a`. So from the second value on only what is plainly read may be moved, until all before it are settled.
"""

from __future__ import annotations

import libcst as cst
from libcst import matchers as m

from pytest_orchestrator.pattern_engine.scope import Scope, dotted_name

# Builtins and what they certainly give; `str` and `repr` could give a subclass of str, which prints as what it is.
_GIVES_INTEGER = frozenset({"hash", "id", "int", "len", "ord"})
_GIVES_TEXT = frozenset({"ascii", "bin", "chr", "hex", "oct", "repr", "str"})
_GIVES_NO_TUPLE = frozenset({"bool", "dict", "float", "frozenset", "list", "set", "sorted"})

_DISPLAYS = (cst.List, cst.Set, cst.Dict, cst.ListComp, cst.SetComp, cst.DictComp)
_NUMBERS = (cst.Integer, cst.Float, cst.Imaginary)

# What evaluates elsewhere, binds, or can't be read in an f-string by every Python from 3.6 on.
_UNFIT = m.OneOf(
    m.Await(),
    m.Yield(),
    m.NamedExpr(),
    m.Lambda(),
    m.FormattedString(),
    m.CompFor(asynchronous=m.Asynchronous()),
    m.BinaryOperation(left=m.SimpleString() | m.ConcatenatedString(), operator=m.Modulo()),  # one file, one way
)


def is_integer(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether `value` is certainly an int, and no subclass of it."""
    if isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.Minus | cst.Plus):
        value = value.expression
    return isinstance(value, cst.Integer) or _builtin_call(value, scope) in _GIVES_INTEGER


def is_settled(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether the text of `value` is certain once it is evaluated, whatever runs afterwards."""
    literal = isinstance(value, (*_NUMBERS, cst.SimpleString, cst.ConcatenatedString))
    return literal or is_integer(value, scope) or _builtin_call(value, scope) in _GIVES_TEXT


def is_one_value(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether `value`, alone on the right of a `%`, is certainly no tuple, whose items would be taken one by one."""
    if is_settled(value, scope) or isinstance(value, _DISPLAYS):
        return True
    builtin = _builtin_call(value, scope)
    return builtin in _GIVES_NO_TUPLE or (
        builtin == "type" and m.matches(value, m.Call(args=[m.Arg(keyword=None, star="")]))
    )


def is_plainly_read(value: cst.BaseExpression, scope: Scope) -> bool:
    """Whether evaluating `value` changes nothing: a literal, a name, an attribute, or the length or type of one.

    A property that changes what other values print is not thought of.
    """
    if isinstance(value, cst.Attribute):
        return is_plainly_read(value.value, scope)
    if isinstance(value, cst.Call):
        simple = (
            len(value.args) == 1 and not value.args[0].star and _builtin_call(value, scope) in {"len", "id", "type"}
        )
        return simple and is_plainly_read(value.args[0].value, scope)
    return isinstance(value, (cst.Name, cst.SimpleString, *_NUMBERS)) or (
        isinstance(value, cst.UnaryOperation) and isinstance(value.expression, _NUMBERS)
    )


def fits(value: cst.BaseExpression, source: str, quote: str) -> bool:
    """Whether `value`, whose text is `source`, may stand in an f-string within `quote` before Python 3.12."""
    unreadable = any(character in source for character in ("\\", "#", "\n", "\r", "\f"))
    return not (unreadable or quote in source or source.startswith("{") or m.findall(value, _UNFIT))


def _builtin_call(value: cst.BaseExpression, scope: Scope) -> str | None:
    """The name of the builtin that `value` calls."""
    name = dotted_name(value.func) if isinstance(value, cst.Call) else None
    return name if name is not None and scope.is_builtin(name) else None
