"""Classes with a metaclass in six's ways, and in that of Python 3."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
from libcst import matchers as m

from pytest_orchestrator.api.patterns import Scope

_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def has_added_metaclass(definition: cst.ClassDef, scope: Scope) -> bool:
    """Whether the innermost decorator is `@six.add_metaclass(M)`, and makes the same class as `metaclass=M` would.

    It makes the class a second time, so that a metaclass of a base class, or one that prepares the body, could notice.
    """
    decorator = definition.decorators[-1] if definition.decorators else None
    match decorator:
        case cst.Decorator(decorator=cst.Call(func=function, args=[cst.Arg(keyword=None, star="", value=metaclass)])):
            plain_bases = all(scope.qualified_name(base.value) == "builtins.object" for base in definition.bases)
            return (
                scope.qualified_name(function) == "six.add_metaclass"
                and plain_bases
                and not definition.keywords
                and _prepares_nothing(metaclass, scope)
                and not m.findall(definition.body, m.Call(func=m.Name("super"), args=[]) | m.Name("__class__"))
            )
    return False


def with_added_metaclass(definition: cst.ClassDef) -> cst.ClassDef:
    """`@six.add_metaclass(M) class A:` -> `class A(metaclass=M):`."""
    *decorators, last = definition.decorators
    lines = definition.leading_lines if decorators else (*definition.leading_lines, *definition.lines_after_decorators)
    metaclass = cst.ensure_type(last.decorator, cst.Call).args[0].value
    return _with_metaclass(
        definition.with_changes(
            decorators=decorators,
            leading_lines=lines,
            lines_after_decorators=definition.lines_after_decorators if decorators else (),
        ),
        definition.bases,
        metaclass,
    )


def has_temporary_base(definition: cst.ClassDef, scope: Scope) -> bool:
    """Whether the only base is `six.with_metaclass(M, ...)`."""
    match definition:
        case cst.ClassDef(bases=[cst.Arg(star="", value=cst.Call(func=function, args=[_, *_] as args))], keywords=[]):
            plain = not any(arg.star or arg.keyword for arg in args)
            return plain and scope.qualified_name(function) == "six.with_metaclass"
    return False


def with_bases_of_call(definition: cst.ClassDef) -> cst.ClassDef:
    """`class A(six.with_metaclass(M, Base)):` -> `class A(Base, metaclass=M):`."""
    first, *bases = cst.ensure_type(definition.bases[0].value, cst.Call).args
    return _with_metaclass(definition, bases, first.value)


def _with_metaclass(definition: cst.ClassDef, bases: Sequence[cst.Arg], metaclass: cst.BaseExpression) -> cst.ClassDef:
    separated = [cst.Arg(base.value, comma=_COMMA) for base in bases]
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    keyword = cst.Arg(metaclass, keyword=cst.Name("metaclass"), equal=equal)
    return definition.with_changes(bases=separated, keywords=[keyword], lpar=cst.LeftParen(), rpar=cst.RightParen())


def _prepares_nothing(metaclass: cst.BaseExpression, scope: Scope) -> bool:
    """Whether the metaclass certainly has no `__prepare__` of its own."""
    if scope.qualified_name(metaclass) in {"abc.ABCMeta", "builtins.type"}:
        return True
    nodes = [binding.node for binding in scope.resolve(metaclass.value)] if isinstance(metaclass, cst.Name) else []
    match nodes:
        case [cst.ClassDef(bases=[cst.Arg(star="", value=base)], keywords=[], decorators=[]) as definition]:
            if m.findall(definition, m.Name("__prepare__")):
                return False
            return scope.qualified_name(base) in {"abc.ABCMeta", "builtins.type"}
    return False
