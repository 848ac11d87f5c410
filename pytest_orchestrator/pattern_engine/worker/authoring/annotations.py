"""The type expressions of a file: annotations, also in strings, and other expressions that are only used as types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from pytest_orchestrator.pattern_engine.worker.authoring.annotation_readers import imports_reader, inspects_types
from pytest_orchestrator.pattern_engine.worker.scope import Scope, dotted_name
from pytest_orchestrator.pattern_engine.worker.scopes import read_scopes

# The arguments of a call that are read as types, by position and by name.
_TYPE_ARGUMENTS: Mapping[str, tuple[slice, str]] = {
    "attr.attrib": (slice(0), "type"),
    "attr.ib": (slice(0), "type"),
    "typing.NewType": (slice(1, 2), "tp"),
    "typing.TypeVar": (slice(1, None), "bound"),
    "typing.cast": (slice(1), "typ"),
}
_FIELDS = frozenset({"typing.NamedTuple", "typing.TypedDict"})
_GENERIC_HOMES = ("typing.", "collections.", "builtins.")


@dataclass(frozen=True, kw_only=True, eq=False)
class TypeExpression:
    """An expression that is used as a type."""

    node: cst.BaseExpression
    """The whole expression; of a string annotation, the string."""
    scope: Scope
    """The scope that the expression's names are read in."""
    evaluated: bool
    """Whether Python evaluates the expression when it runs the file."""
    alias: str | None = None
    """The dotted name that is assigned, when the expression is the value of a type alias."""


class ModuleTypes:
    """The type expressions of a module, and the scope of each of its nodes.

    `expressions` are in the order of the text; `scopes` maps every node of the module to its scope. `filename` is
    `self.context.filename`: a `.pyi` file and one with `from __future__ import annotations` evaluates no annotations.
    """

    def __init__(self, module: cst.Module, filename: str | None) -> None:
        self.scopes = read_scopes(module, cst.CSTNode)  # type: ignore[type-abstract] # nodes of all types
        self._lazy = (filename or "").endswith(".pyi") or _postpones_annotations(module)
        self._stub = (filename or "").endswith(".pyi")
        self.expressions: Sequence[TypeExpression] = tuple(self._read())

    def are_inspected_at_runtime(self) -> bool:
        """Whether the file inspects types when it runs (`get_type_hints`, `__args__`), so that equal types differ."""
        return inspects_types(self.scopes)

    def are_read_by_imports(self) -> bool:
        """Whether the file imports a package that reads annotations when a program runs, such as pydantic."""
        return imports_reader(self.scopes)

    def used_as_objects(
        self, wanted: Callable[[cst.BaseExpression, Scope], bool], *, keywords: bool = True
    ) -> Iterator[cst.BaseExpression]:
        """The `wanted` names and attributes outside of type expressions and base classes.

        The file uses these as objects, so replacing them may change what it does. `wanted` gets a node and its scope.
        `keywords` says whether the values of keyword arguments count: `response_model=List[int]`.
        """
        known = {part for expression in self.expressions for part in _parts(expression.node)}
        known |= {node.attr for node in self.scopes if isinstance(node, cst.Attribute)}
        found = [
            node
            for node, scope in self.scopes.items()
            if isinstance(node, cst.Name | cst.Attribute) and node not in known and wanted(node, scope)
        ]
        excused = {part for node in self._excused(keywords) for part in _parts(node)} if found else set()
        return (node for node in found if node not in excused)

    def _excused(self, keywords: bool) -> Iterator[cst.Arg]:
        for node in self.scopes:
            match node:
                case cst.ClassDef():
                    yield from node.bases
                case cst.Arg(keyword=cst.Name()) if not keywords:
                    yield node

    @cached_property
    def called_or_subclassed(self) -> frozenset[str]:
        """The names that are called or are base classes."""
        used: list[cst.CSTNode] = [node.func for node in self.scopes if isinstance(node, cst.Call)]
        used += [base.value for node in self.scopes if isinstance(node, cst.ClassDef) for base in node.bases]
        return frozenset(part.value for node in used for part in _parts(node) if isinstance(part, cst.Name))

    def _read(self) -> Iterator[TypeExpression]:
        local: set[cst.Annotation] = set()
        for node, scope in self.scopes.items():
            match node:
                case cst.AnnAssign():
                    if isinstance(scope.node, cst.FunctionDef):
                        local.add(node.annotation)  # annotations of local variables are not evaluated
                    if node.value is not None and _is_type_alias(node, node.value, scope):
                        yield self._alias(node.target, node.value, scope)
                case cst.Annotation():
                    evaluated = not self._lazy and node not in local
                    yield TypeExpression(node=node.annotation, scope=scope, evaluated=evaluated)
                case cst.Assign(targets=[cst.AssignTarget(target=cst.Name() as name)]) if _is_generic(
                    node.value, scope
                ):
                    yield self._alias(name, node.value, scope)
                case cst.TypeAlias():
                    yield TypeExpression(node=node.value, scope=scope, evaluated=False, alias=node.name.value)
                case cst.Call():
                    if isinstance(node.func, cst.Subscript) and _is_class_of_ours(node.func.value, scope):
                        yield TypeExpression(node=node.func, scope=scope, evaluated=not self._stub)
                    for argument in _type_arguments(node, scope):
                        yield TypeExpression(node=argument, scope=scope, evaluated=not self._stub)
                case cst.ClassDef() if self._stub:
                    for base in node.bases:
                        yield TypeExpression(node=base.value, scope=scope, evaluated=False)

    def _alias(self, target: cst.BaseExpression, value: cst.BaseExpression, scope: Scope) -> TypeExpression:
        return TypeExpression(node=value, scope=scope, evaluated=not self._stub, alias=dotted_name(target))


def typing_name(expression: cst.BaseExpression, scope: Scope) -> str | None:
    """The qualified name of a name or attribute: `typing.X` also for `typing_extensions.X`; None when uncertain.

    typing_name(expression.node, expression.scope) == "typing.List"
    """
    name = scope.qualified_name(expression)
    return None if name is None else name.replace("typing_extensions.", "typing.", 1)


def read_as_types(node: cst.Subscript, scope: Scope) -> Sequence[cst.SubscriptElement]:
    """The items of a type's subscript that are types themselves: none of `Literal`, the first of `Annotated`."""
    match typing_name(node.value, scope):
        case "typing.Literal":
            return ()
        case "typing.Annotated":
            return node.slice[:1]
        case _:
            return node.slice


def _is_type_alias(assignment: cst.AnnAssign, value: cst.BaseExpression, scope: Scope) -> bool:
    match typing_name(assignment.annotation.annotation, scope):
        case "typing.TypeAlias":
            return True
        case "typing.ClassVar" | "typing.Final":  # these do not say that the value is a type
            return _is_generic(value, scope)
        case _:
            return False


def _is_from(homes: tuple[str, ...], name: cst.BaseExpression, scope: Scope) -> bool:
    return (typing_name(name, scope) or "").startswith(homes)


def _is_generic(value: cst.BaseExpression, scope: Scope) -> bool:
    match value:
        case cst.Subscript():
            return _is_from(_GENERIC_HOMES, value.value, scope)
        case cst.BinaryOperation(operator=cst.BitOr()):
            return _is_generic(value.left, scope) or _is_generic(value.right, scope)
        case _:
            return False


def _field_types(fields: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The types in `NamedTuple("Row", [("names", List[str])])` and `TypedDict("Row", {"names": List[str]})`."""
    match fields:
        case cst.Dict():
            yield from (item.value for item in fields.elements if isinstance(item, cst.DictElement))
        case cst.List() | cst.Tuple():
            for item in fields.elements:
                match item.value:
                    case cst.Tuple(elements=[_, cst.Element() as type_]):
                        yield type_.value


def _type_arguments(call: cst.Call, scope: Scope) -> Iterator[cst.BaseExpression]:
    name = typing_name(call.func, scope) or ""
    if name in _FIELDS and len(call.args) > 1:
        yield from _field_types(call.args[1].value)
    if name not in _TYPE_ARGUMENTS or any(argument.star for argument in call.args):
        return
    positions, keyword = _TYPE_ARGUMENTS[name]
    positional = [argument.value for argument in call.args if argument.keyword is None]
    yield from positional[positions]
    for argument in call.args:
        by_name = argument.keyword is not None and argument.keyword.value == keyword
        is_kept = name.startswith("attr.") and isinstance(
            argument.value, cst.SimpleString
        )  # attrs keeps the string itself
        if by_name and not is_kept:
            yield argument.value


def _is_class_of_ours(name: cst.BaseExpression, scope: Scope) -> bool:
    """Whether the name is that of a generic class outside of `typing`: `Box[List[int]]()` makes an instance."""
    last = (dotted_name(name) or "").rpartition(".")[2].lstrip("_")
    return last[:1].isupper() and not last.isupper() and not _is_from(_GENERIC_HOMES, name, scope)


def _parts(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield node
    for child in node.children:
        yield from _parts(child)


def _postpones_annotations(module: cst.Module) -> bool:
    """Whether the module says `from __future__ import annotations`."""
    for statement in module.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            match small:
                case cst.ImportFrom(module=cst.Name(value="__future__"), names=[*names]):
                    if any(isinstance(name.name, cst.Name) and name.name.value == "annotations" for name in names):
                        return True
    return False
