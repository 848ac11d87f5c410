"""Defaults that one call can change for all later ones: `def add(item, to=[])`."""

from __future__ import annotations

import libcst as cst

from pytest_orchestrator.api.codemods import parse_forward_reference
from pytest_orchestrator.api.patterns import Linter, Scope, is_none, read_scopes

_DISPLAYS = (cst.List, cst.Dict, cst.Set, cst.ListComp, cst.DictComp, cst.SetComp)

_MUTABLE = frozenset(
    {
        "builtins.bytearray",
        "builtins.dict",
        "builtins.list",
        "builtins.set",
        "collections.ChainMap",
        "collections.Counter",
        "collections.OrderedDict",
        "collections.UserDict",
        "collections.UserList",
        "collections.defaultdict",
        "collections.deque",
        "weakref.WeakKeyDictionary",
        "weakref.WeakSet",
        "weakref.WeakValueDictionary",
    }
)

# Annotations through which a type checker lets nobody change the value.
_READ_ONLY = frozenset(
    {
        *(f"builtins.{name}" for name in ("bytes", "frozenset", "object", "str", "tuple")),
        *(f"collections.abc.{name}" for name in ("Collection", "Container", "Iterable", "Mapping")),
        *(f"collections.abc.{name}" for name in ("Reversible", "Sequence", "Set", "Sized")),
        *(f"typing.{name}" for name in ("AbstractSet", "Collection", "Container", "FrozenSet", "Iterable", "Mapping")),
        *(f"typing.{name}" for name in ("Reversible", "Sequence", "Sized", "Tuple")),
    }
)
_WRAPPERS = frozenset({"typing.Annotated", "typing.Final", "typing.Optional", "typing.Union"})


class MutableDefaultArgument(Linter):
    """Report defaults that are mutable and not annotated as something to be read only."""

    def visit_Module(self, node: cst.Module) -> None:
        """Look at each parameter with the names that its default and annotation can see."""
        for parameter, scope in read_scopes(node, cst.Param).items():
            self._check(parameter, scope)

    def _check(self, parameter: cst.Param, scope: Scope) -> None:
        default, annotation = parameter.default, parameter.annotation
        if default is None or not _is_mutable(default, scope):  # no mutate: nothing is not mutable
            return
        if annotation is not None and _is_read_only(annotation.annotation, scope):
            return
        name = parameter.name.value
        self.report(default, f"the default of `{name}` is shared by all calls: use None and make a new one in the body")


def _is_mutable(default: cst.BaseExpression, scope: Scope) -> bool:
    if isinstance(default, _DISPLAYS):
        return True
    if not isinstance(default, cst.Call):
        return False
    made = default.func.value if isinstance(default.func, cst.Subscript) else default.func  # dict[str, int]()
    if isinstance(made, cst.Name) and scope.owner(made.value) is None:  # that a star import brings another is so rare
        return f"builtins.{made.value}" in _MUTABLE
    return scope.qualified_name(made) in _MUTABLE


def _is_read_only(annotation: cst.BaseExpression, scope: Scope) -> bool:
    match annotation:
        case cst.SimpleString():
            quoted = parse_forward_reference(annotation)
            return quoted is not None and _is_read_only(quoted, scope)
        case cst.BinaryOperation(operator=cst.BitOr()):
            return all(_is_read_only(side, scope) or is_none(side) for side in (annotation.left, annotation.right))
        case cst.Subscript():
            name = scope.qualified_name(annotation.value)
            if name not in _WRAPPERS:
                return name in _READ_ONLY
            items = [item.slice.value for item in annotation.slice if isinstance(item.slice, cst.Index)]
            kept = items[:1] if name == "typing.Annotated" else items
            return all(_is_read_only(item, scope) or is_none(item) for item in kept)
        case _:
            return scope.qualified_name(annotation) in _READ_ONLY
