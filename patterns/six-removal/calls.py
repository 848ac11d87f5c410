"""Calls of six's functions, and what Python 3 has in their stead."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst
from libcst import matchers as m

from pytest_orchestrator.api.codemods import called_builtin
from pytest_orchestrator.api.patterns import Scope, read_scopes

# A method of any other value needs parentheses.
_PRIMARY = (cst.Name, cst.Attribute, cst.Subscript, cst.Call, cst.Dict)
_NOT_IN_BYTES = re.compile(r"\\[NuU]")
_ITERATES_AT_ONCE = frozenset({"dict", "frozenset", "list", "set", "sorted", "tuple"})


def iterated(module: cst.Module) -> Iterator[cst.BaseExpression]:
    """What is iterated right where it is written, so that it makes no difference whether it is an iterator itself."""
    for loop in m.findall(module, m.For() | m.CompFor()):
        if isinstance(loop, cst.For | cst.CompFor):
            yield loop.iter
    for call, scope in read_scopes(module, cst.Call).items():
        if called_builtin(call, scope) in _ITERATES_AT_ONCE:
            yield from (arg.value for arg in call.args[:1] if not arg.star and arg.keyword is None)


def values(call: cst.Call, count: int) -> bool:
    """Whether the call has just so many plain arguments."""
    return len(call.args) == count and not any(arg.star or arg.keyword for arg in call.args)


def as_method_call(call: cst.Call, method: str, *, make_iterator: bool) -> cst.Call:
    """`six.iteritems(d)` -> `d.items()`, or `iter(d.items())`."""
    value = call.args[0].value
    if not value.lpar and (not isinstance(value, _PRIMARY) or "\n" in cst.Module([]).code_for_node(value)):
        value = value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    result = cst.Call(cst.Attribute(value=value, attr=cst.Name(method)))
    if make_iterator:
        result = cst.Call(cst.Name("iter"), [cst.Arg(result)])
    return result.with_changes(lpar=call.lpar, rpar=call.rpar)


def as_literal(call: cst.Call, prefix: str) -> cst.SimpleString | None:
    """`six.b("a")` -> `b"a"`, `six.u("a")` -> `"a"`. None: it is no literal, or has letters that bytes have not."""
    if not values(call, 1) or not isinstance(call.args[0].value, cst.SimpleString):
        return None
    literal = call.args[0].value
    if not set(literal.prefix) <= {"r", "u"} or "f" in literal.prefix or literal.lpar:
        return None
    if prefix and (not literal.raw_value.isascii() or ("r" not in literal.prefix and not _is_bytes(literal))):
        return None
    body = literal.value[len(literal.prefix) :]
    raw = "r" if "r" in literal.prefix else ""
    return cst.SimpleString(f"{prefix}{raw}{body}", lpar=call.lpar, rpar=call.rpar)


def as_raise(statement: cst.Expr) -> cst.Raise:
    """`six.raise_from(error, cause)` -> `raise error from cause`."""
    error, cause = (arg.value for arg in cst.ensure_type(statement.value, cst.Call).args)
    return cst.Raise(exc=error, cause=cst.From(item=cause), semicolon=statement.semicolon)


def is_raise(statement: cst.Expr, scope: Scope, module: cst.Module) -> bool:
    """Whether the statement is a call of `six.raise_from`, all on one line."""
    call = statement.value
    return (
        isinstance(call, cst.Call)
        and not call.lpar
        and values(call, 2)
        and scope.qualified_name(call.func) == "six.raise_from"
        and not any("\n" in module.code_for_node(arg.value) for arg in call.args)
        and not any(m.findall(arg.value, m.Yield() | m.NamedExpr()) for arg in call.args)
    )


def _is_bytes(literal: cst.SimpleString) -> bool:
    return not _NOT_IN_BYTES.search(literal.raw_value) and all(
        ord(letter) < 256 for letter in str(literal.evaluated_value)
    )
