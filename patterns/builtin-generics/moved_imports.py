"""The imports of names that typing only repeats, and the imports of the same names from their own modules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import libcst as cst
from libcst import matchers as m

from pytest_orchestrator.api.codemods import ModuleTypes
from pytest_orchestrator.api.patterns import Scope

_CLASSES = (
    *(
        "AsyncGenerator",
        "AsyncIterable",
        "AsyncIterator",
        "Awaitable",
        "Callable",
        "Collection",
        "Container",
        "Coroutine",
    ),
    *("Generator", "Hashable", "ItemsView", "Iterable", "Iterator", "KeysView", "Mapping", "MappingView"),
    *("MutableMapping", "MutableSequence", "MutableSet", "Reversible", "Sequence", "Sized", "ValuesView"),
)
_HOMES: Mapping[str, str] = {
    **dict.fromkeys(_CLASSES, "collections.abc"),
    **dict.fromkeys(("ChainMap", "Counter", "OrderedDict"), "collections"),
    **dict.fromkeys(("Match", "Pattern"), "re"),
}
_MAX_COLUMNS = 88
_TYPING = m.ImportFrom(module=m.Name("typing"), relative=[], names=[m.AtLeastN(m.ImportAlias(), n=1)])
_TYPE_CHECKING = m.If(test=m.Name("TYPE_CHECKING") | m.Attribute(attr=m.Name("TYPE_CHECKING")))
_CHECKS = frozenset({"builtins.isinstance", "builtins.issubclass"})

Lines = Mapping[cst.SimpleStatementLine, Sequence[cst.SimpleStatementLine]]


def moved_imports(module: cst.Module, types: ModuleTypes, kept: Iterable[cst.CSTNode]) -> Lines:
    """The lines `from typing import ...` with names that can move, and the lines that take their place.

    A name moves if the file uses it, and only in types and to check instances and subclasses: then all its uses move
    together. A name that is not used may be for other files. The names in `kept` stay.
    """
    fixed = {*_used_as_values(types), *(name for node in kept for name in _names(node))}
    fixed |= {name for name, count in Counter(re.findall(r"\w+", module.code)).items() if count == 1}
    fixed |= {node.raw_value for node in types.scopes if isinstance(node, cst.SimpleString)}  # perhaps in __all__
    lines = (line for body in _bodies(module) for line in body if isinstance(line, cst.SimpleStatementLine))
    return {line: split for line in lines if (split := _split(line, types.scopes, fixed))}


def _split(
    line: cst.SimpleStatementLine, scopes: Mapping[cst.CSTNode, Scope], fixed: set[str]
) -> Sequence[cst.SimpleStatementLine]:
    statement = line.body[0]
    if not isinstance(statement, cst.ImportFrom) or not m.matches(statement, _TYPING) or len(line.body) > 1:
        return ()
    if line.trailing_whitespace.comment or "#" in cst.Module([]).code_for_node(statement):
        return ()
    names = [alias for alias in statement.names if isinstance(alias, cst.ImportAlias)]
    homes = {alias: _home(alias, scopes[statement], fixed) for alias in names}
    if set(homes.values()) == {"typing"}:
        return ()
    groups = {home: [alias for alias in names if homes[alias] == home] for home in sorted(set(homes.values()))}
    bodies = [_import(home, aliases, statement) for home, aliases in groups.items()]
    first, *others = (line.with_changes(body=[body]) for body in bodies)
    return first, *(other.with_changes(leading_lines=()) for other in others)


def _import(home: str, aliases: list[cst.ImportAlias], statement: cst.ImportFrom) -> cst.ImportFrom:
    """An import of some of the statement's names: on one line if they are new there, and else in the same layout."""
    names = [alias for alias in statement.names if isinstance(alias, cst.ImportAlias)]
    module = cst.ensure_type(cst.parse_expression(home), cst.Attribute) if "." in home else cst.Name(home)
    plain = cst.ImportFrom(
        module=module, names=[alias.with_changes(comma=cst.MaybeSentinel.DEFAULT) for alias in aliases]
    )
    is_short = len(cst.Module([]).code_for_node(plain)) <= _MAX_COLUMNS
    if home != "typing" and len(aliases) < len(names) and is_short:
        return plain
    # the last name ends as the last of all does
    names = [*aliases[:-1], aliases[-1].with_changes(comma=names[-1].comma)]
    return statement.with_changes(module=module, names=names)


def _home(alias: cst.ImportAlias, scope: Scope, fixed: set[str]) -> str:
    """The module that a name is imported from afterwards."""
    name = alias.evaluated_name
    is_movable = alias.asname is None and name not in fixed and len(scope.resolve(name)) == 1
    return _HOMES.get(name, "typing") if is_movable else "typing"


def _used_as_values(types: ModuleTypes) -> Iterator[str]:
    """The movable names that the file uses as base classes, or as values for which it matters which class they are."""
    checked = {
        node
        for call, scope in types.scopes.items()
        if isinstance(call, cst.Call) and len(call.args) == 2 and scope.qualified_name(call.func) in _CHECKS
        for node in _checked(call.args[1].value)
    }
    for node in types.used_as_objects(_is_movable):
        if node not in checked:
            yield from _names(node)
    for node in types.scopes:
        for base in node.bases if isinstance(node, cst.ClassDef) else ():
            yield from _names(base)


def _checked(classes: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(classes, cst.Tuple):
        yield from (element.value for element in classes.elements)
    else:
        yield classes


def _is_movable(node: cst.BaseExpression, scope: Scope) -> bool:
    return isinstance(node, cst.Name) and node.value in _HOMES and scope.qualified_name(node) == f"typing.{node.value}"


def _names(node: cst.CSTNode) -> Iterator[str]:
    yield from (cst.ensure_type(name, cst.Name).value for name in m.findall(node, m.Name()))


def _bodies(module: cst.Module) -> Iterator[Sequence[cst.BaseStatement]]:
    yield module.body
    for statement in module.body:
        if m.matches(statement, _TYPE_CHECKING) and isinstance(statement.body, cst.IndentedBlock):
            yield statement.body.body
