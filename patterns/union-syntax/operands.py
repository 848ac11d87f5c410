"""What may stand beside `|` when Python evaluates it.

`Union` takes functions, modules, numbers and strings as well as types; the operator does not. A name says nothing: only
what the file defines, and what the standard library was seen to have (`classes.txt`), is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from functools import cache, cached_property
from pathlib import Path

import libcst as cst

from pytest_orchestrator.api.codemods import ModuleTypes, typing_name
from pytest_orchestrator.api.patterns import Binding, Scope, dotted_name, is_none


class Kind(IntEnum):
    """What an expression means, from what is most useful beside `|` to what can't be there."""

    GENERIC = 0
    """A type that takes type arguments."""
    TYPE = 1
    ENUM = 2
    """A class whose metaclass defines what its items are, and may turn nested classes into members."""
    UNKNOWN = 3
    NO_TYPE = 4


_MARKS = {"[]": Kind.GENERIC, "": Kind.TYPE, "!": Kind.ENUM}
# Special forms that are no types themselves; with arguments they take `|`.
_FORMS = frozenset({"typing.Annotated", "typing.Literal", "typing.Optional"})
_BASES = frozenset({"typing.Generic", "typing.NamedTuple", "typing.Protocol", "typing.TypedDict"})
_METACLASSES = frozenset({"abc.ABCMeta", "builtins.type", "enum.EnumMeta", "enum.EnumType"})
# What makes a type when it is called.
_MAKERS = frozenset(
    [
        *("collections.namedtuple", "dataclasses.make_dataclass"),
        *("typing.NamedTuple", "typing.NewType", "typing.ParamSpec", "typing.TypeVar", "typing.TypedDict"),
    ]
)
_ENUM_MAKERS = frozenset({f"enum.{name}" for name in ("Enum", "Flag", "IntEnum", "IntFlag", "StrEnum")})
# Decorators that return the class, or another that takes its place.
_DECORATORS = frozenset(
    [
        *("attr.attrs", "attr.attributes", "attr.dataclass", "attr.define", "attr.frozen", "attr.mutable", "attr.s"),
        *("attrs.define", "attrs.frozen", "attrs.mutable", "dataclasses.dataclass", "enum.unique", "enum.verify"),
        *("functools.total_ordering", "typing.dataclass_transform", "typing.deprecated", "typing.final"),
        *("typing.no_type_check", "typing.runtime_checkable", "typing.type_check_only", "unittest.skip"),
        *("unittest.skipIf", "unittest.skipUnless", "warnings.deprecated"),
    ]
)


class Operands:
    """What the expressions of a file mean, as far as it tells."""

    def __init__(self, types: ModuleTypes) -> None:
        self._types = types
        self._kinds: dict[cst.CSTNode, Kind] = {}

    def kind(self, operand: cst.BaseExpression, scope: Scope) -> Kind:
        """What a member of a union means in the scope."""
        match operand:
            case cst.Name() if is_none(operand):
                return Kind.TYPE
            case cst.Name() | cst.Attribute():
                return self._named(operand, scope)
            case cst.Subscript():
                return self._subscript(operand, scope)
            case cst.BinaryOperation(operator=cst.BitOr()):
                return max(self.kind(operand.left, scope), self.kind(operand.right, scope))
            case _:
                return Kind.NO_TYPE

    def _subscript(self, operand: cst.Subscript, scope: Scope) -> Kind:
        match typing_name(operand.value, scope):
            case "typing.Union":  # Union["Box"] is no union, as Union["Box", "Row"] is: it is what stands in the string
                items = [item.slice.value for item in operand.slice if isinstance(item.slice, cst.Index)]
                if len({item.raw_value for item in items if isinstance(item, cst.SimpleString)}) > 1:
                    return Kind.GENERIC
                return min((self._member(item, scope) for item in items), default=Kind.UNKNOWN)
            case name if name in _FORMS:
                return Kind.GENERIC
        kind = self._named(operand.value, scope) if dotted_name(operand.value) else Kind.UNKNOWN
        return kind if kind in (Kind.GENERIC, Kind.NO_TYPE) else Kind.UNKNOWN

    def _member(self, item: cst.BaseExpression, scope: Scope) -> Kind:
        kind = self.kind(item, scope)
        return Kind.GENERIC if kind < Kind.UNKNOWN else Kind.UNKNOWN

    def _named(self, name: cst.BaseExpression, scope: Scope) -> Kind:
        """What a dotted name means."""
        full_names = scope.qualified_names(name)
        if full_names:
            return max(map(_listed, full_names))
        head, _, rest = (dotted_name(name) or "").partition(".")
        return self._bound(scope.resolve(head), rest.split(".") if rest else [])

    def _bound(self, bindings: Iterable[Binding], inner: list[str]) -> Kind:
        """What a name with these bindings means, or what is `inner` in it."""
        return max((self._binding(binding, inner) for binding in bindings), default=Kind.UNKNOWN)

    def _binding(self, binding: Binding, inner: list[str]) -> Kind:
        if binding.imported is not None:
            return _listed(".".join([binding.imported, *inner]))
        node = binding.node
        if not inner:
            return self._defined(node)
        if not isinstance(node, cst.ClassDef) or self._defined(node) > Kind.TYPE or node not in self._bodies:
            return Kind.UNKNOWN
        return self._bound(self._bodies[node].bindings(inner[0]), inner[1:])

    def _defined(self, node: cst.CSTNode) -> Kind:
        """What a definition or an assignment binds."""
        if node not in self._kinds:
            self._kinds[node] = Kind.UNKNOWN  # while it is looked for: a definition may refer to itself
            self._kinds[node] = self._find(node)
        return self._kinds[node]

    def _find(self, node: cst.CSTNode) -> Kind:
        match node:
            case cst.ClassDef():
                return self._class(node)
            case cst.FunctionDef():
                return Kind.NO_TYPE
            case cst.TypeVar():
                return Kind.TYPE
            case cst.TypeAlias():
                return Kind.GENERIC
            case cst.AssignTarget(target=cst.Name()):
                return self._value(self._values[node], self._types.scopes[node])
            case cst.AnnAssign(target=cst.Name(), value=cst.BaseExpression() as value):
                return self._value(value, self._types.scopes[node])
            case _:
                return Kind.UNKNOWN

    def _value(self, value: cst.BaseExpression, scope: Scope) -> Kind:
        match value:
            case cst.Call():
                return self._call(value, scope)
            case cst.Name(value="None"):  # None | None is an error
                return Kind.NO_TYPE
            case _:
                return self.kind(value, scope)

    def _call(self, call: cst.Call, scope: Scope) -> Kind:
        arguments = [argument.value for argument in call.args if not argument.star and argument.keyword is None]
        match typing_name(call.func, scope):
            case name if name in _MAKERS:
                return Kind.TYPE
            case name if name in _ENUM_MAKERS and len(call.args) > 1:
                return Kind.ENUM
            case "builtins.type" if len(call.args) == len(arguments) == 1 and is_none(arguments[0]):
                return Kind.TYPE
            case "builtins.type" if len(call.args) == len(arguments) == 3 and isinstance(arguments[1], cst.Tuple):
                bases = [element.value for element in arguments[1].elements if isinstance(element, cst.Element)]
                return max([Kind.TYPE, *(self.kind(base, scope) for base in bases)])
            case _:
                return Kind.UNKNOWN

    def _class(self, node: cst.ClassDef) -> Kind:
        """The kind of a class: unknown if a decorator, base or metaclass is, for it may define the operator."""
        scope = self._types.scopes[node]
        decorators = [decorator.decorator for decorator in node.decorators]
        names = [typing_name(each.func if isinstance(each, cst.Call) else each, scope) for each in decorators]
        if not _DECORATORS.issuperset(names):
            return Kind.UNKNOWN
        for argument in node.keywords:
            if argument.keyword is None or (
                argument.keyword.value == "metaclass" and typing_name(argument.value, scope) not in _METACLASSES
            ):
                return Kind.UNKNOWN
        own = self._bodies[node].bindings if node in self._bodies else lambda _: ()
        bases = [Kind.UNKNOWN if base.star else self._base(base.value, scope) for base in node.bases]
        worst = max(bases, default=Kind.TYPE)
        if worst >= Kind.ENUM:
            return Kind.ENUM if worst is Kind.ENUM else Kind.UNKNOWN
        if any("enum" in (typing_name(argument.value, scope) or "") for argument in node.keywords):
            return Kind.ENUM
        is_generic = Kind.GENERIC in bases or node.type_parameters is not None
        return Kind.GENERIC if is_generic and not own("__class_getitem__") else Kind.TYPE

    def _base(self, base: cst.BaseExpression, scope: Scope) -> Kind:
        match base:
            case cst.Call():
                return self._call(base, scope)
            case cst.Subscript():
                return Kind.GENERIC if typing_name(base.value, scope) in _BASES else self.kind(base, scope)
            case _:
                return Kind.TYPE if typing_name(base, scope) in _BASES else self.kind(base, scope)

    @cached_property
    def _values(self) -> Mapping[cst.CSTNode, cst.BaseExpression]:
        return {
            target: node.value for node in self._types.scopes if isinstance(node, cst.Assign) for target in node.targets
        }

    @cached_property
    def _bodies(self) -> Mapping[cst.CSTNode, Scope]:
        return {scope.node: scope for scope in self._types.scopes.values() if isinstance(scope.node, cst.ClassDef)}


def _listed(full_name: str) -> Kind:
    """What the standard library has under this name."""
    table = _table()
    module, _, name = full_name.replace("typing_extensions.", "typing.", 1).rpartition(".")
    if module not in table or name.startswith("_"):
        return Kind.NO_TYPE if full_name in table else Kind.UNKNOWN
    return table[module].get(name, Kind.NO_TYPE)


@cache
def _table() -> Mapping[str, Mapping[str, Kind]]:
    lines = Path(__file__).with_name("classes.txt").read_text(encoding="utf-8").splitlines()
    return dict(map(_read, lines))


def _read(line: str) -> tuple[str, Mapping[str, Kind]]:
    module, _, names = line.partition(": ")
    return module, dict(_marked(names))


def _marked(names: str) -> Iterator[tuple[str, Kind]]:
    for word in names.split(" "):
        name = word.rstrip("[]!")
        yield name, _MARKS[word[len(name) :]]
