"""The scopes of a file, read in one walk: what each name means, with certainty.

    scopes = read_scopes(module, (cst.Call,))
    for call, scope in scopes.items():
        if scope.qualified_name(call.func) == "datetime.datetime.now": ...

LibCST's `ScopeProvider` is slower by far, and it does not see what a `match` statement captures, where a walrus in a
comprehension binds, a `del`, or a star import.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, TypeVar

import libcst as cst

from pytest_orchestrator.pattern_engine.worker.scope import STAR, Binding, Scope, dotted_name
from pytest_orchestrator.pattern_engine.worker.slicing.slices import SliceContext, slice_context
from pytest_orchestrator.pattern_engine.worker.visiting.paths import NO_NODES

_Node = TypeVar("_Node", bound=cst.CSTNode)
_Comprehension = cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp


def read_scopes(module: cst.Module, wanted: type[_Node]) -> Mapping[_Node, Scope]:
    """The scope in which each node of the `wanted` type is evaluated, in the order of the text.

    `module` is the one that the pattern is called with, unchanged; `wanted` is a class of statements, expressions or
    parameters. The scope of a definition is the one that binds its name; that of a parameter is the one that evaluates
    its default.

    With `within` in the trigger a pattern gets slices of a file, and the scopes are nevertheless those of the whole
    file. Every part of a definition around a slice but its body can be read. Reading what only the whole file has, such
    as the node of a binding elsewhere, makes the engine run the pattern again on the whole file.
    """
    found = _walk(module, slice_context(module)).found
    kinds = {kind for kind in set(map(type, found)) if issubclass(kind, wanted)}
    return {node: scope for node, scope in found.items() if type(node) in kinds}


@lru_cache(maxsize=1)  # linters that look at the same file share one walk
def _walk(module: cst.Module, context: SliceContext | None) -> _Walk:
    return _Walk(module, context)


class _Walk:
    """One walk over a module or its slices that fills the scopes and notes the scope of each node."""

    def __init__(self, module: cst.Module, context: SliceContext | None) -> None:
        self.found: dict[Any, Scope] = {}
        self._loops = 0
        self._nonlocals: dict[Scope, set[str]] = {}
        self._later: list[tuple[Scope, str, Binding]] = []
        self._scope = Scope(module, None, kind=cst.Module)
        if context is None:
            self._fields(module)
            self._bind_later()
        else:
            for nodes, self._scope, self._loops in context.statements():
                self._nodes(nodes)
                self._bind_later()

    def _bind_later(self) -> None:
        for scope, name, binding in self._later:  # which function around owns a nonlocal name is known only now
            owner = scope.nonlocal_owner(name)
            if owner is not None:
                owner.add(name, binding)
        self._later.clear()

    def node(self, node: cst.CSTNode) -> None:
        self.found[node] = self._scope
        handler = _HANDLERS.get(type(node))
        if handler is None:
            self._fields(node)
        else:
            handler(self, node)

    def _fields(self, node: cst.CSTNode) -> None:
        for name in _fields_with_code(type(node)):
            value = getattr(node, name)
            if isinstance(value, (tuple, list)):
                self._nodes(value)
            elif value is not None and value.__class__ not in NO_NODES:  # asking for a node's class takes longer
                self.node(value)

    def _nodes(self, nodes: Sequence[cst.CSTNode | None]) -> None:
        for node in nodes:
            if node is not None:
                self.node(node)

    def _within(self, node: cst.CSTNode, walk: Callable[[], None]) -> None:
        before = self._scope, self._loops
        self._scope, self._loops = Scope(node, self._scope, kind=type(node), in_loop=self._loops > 0), 0
        walk()
        self._scope, self._loops = before

    def _bind(
        self, target: cst.CSTNode, node: cst.CSTNode, imported: str | None = None, *, is_caught: bool = False
    ) -> None:
        binding = Binding(node, imported=imported, is_caught=is_caught)
        for name in _names(target):
            if name in self._nonlocals.get(self._scope, ()):
                self._later.append((self._scope, name, binding))
            else:
                self._scope.add(name, binding)

    # Definitions open scopes.

    def function(self, node: cst.FunctionDef) -> None:
        self._bind(node.name, node)
        self._nodes(node.decorators)
        self._defaults(node.params)

        def inside() -> None:
            self._nodes([*(parameter.annotation for parameter in _parameters(node.params)), node.returns])
            self._callable(node)

        self._generic(node.type_parameters, inside)

    def anonymous_function(self, node: cst.Lambda) -> None:
        self._defaults(node.params)
        self._callable(node)

    def _defaults(self, parameters: cst.Parameters) -> None:
        for parameter in _parameters(parameters):
            self.found[parameter] = self._scope
            self._nodes([parameter.default])

    def _callable(self, node: cst.FunctionDef | cst.Lambda) -> None:
        def inside() -> None:
            for parameter in _parameters(node.params):
                self._bind(parameter.name, parameter)
            self.node(node.body)

        self._within(node, inside)

    def class_(self, node: cst.ClassDef) -> None:
        self._bind(node.name, node)
        self._nodes(node.decorators)

        def inside() -> None:
            self._nodes([*node.bases, *node.keywords])
            self._within(node, lambda: self.node(node.body))

        self._generic(node.type_parameters, inside)

    def type_alias(self, node: cst.TypeAlias) -> None:
        self._bind(node.name, node)
        self._generic(node.type_parameters, lambda: self.node(node.value))

    def _generic(self, parameters: cst.TypeParameters | None, inside: Callable[[], None]) -> None:
        if parameters is None:
            inside()
            return

        def with_parameters() -> None:
            self._fields(parameters)
            inside()

        self._within(parameters, with_parameters)

    def comprehension(self, node: cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp) -> None:
        first = node.for_in
        results = [node.key, node.value] if isinstance(node, cst.DictComp) else [node.elt]
        self.node(first.iter)

        def inside() -> None:
            self._bind(first.target, first)
            self._nodes([first.target, *first.ifs, first.inner_for_in, *results])

        self._within(node, inside)

    # Everything else that binds.

    def target(self, node: cst.AssignTarget | cst.AnnAssign | cst.AugAssign | cst.CompFor | cst.Del) -> None:
        self._bind(node.target, node)
        self._fields(node)

    def named(self, node: cst.AsName | cst.TypeVar | cst.TypeVarTuple | cst.ParamSpec) -> None:
        self._bind(node.name, node)
        self._fields(node)

    def handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
        self._nodes([node.type])
        if node.name is not None:
            self.found[node.name] = self._scope
            self._bind(node.name.name, node.name, is_caught=True)
            self._fields(node.name)
        self.node(node.body)

    def for_loop(self, node: cst.For) -> None:
        self._bind(node.target, node)
        self.loop(node)

    def loop(self, node: cst.For | cst.While) -> None:
        self._loops += 1
        self._fields(node)
        self._loops -= 1

    def walrus(self, node: cst.NamedExpr) -> None:
        inner = self._scope
        while isinstance(self._scope.node, _Comprehension) and self._scope.parent is not None:
            self._scope = self._scope.parent
        self._bind(node.target, node)
        self._scope = inner
        self._fields(node)

    def capture(self, node: cst.MatchAs | cst.MatchStar | cst.MatchMapping) -> None:
        name = node.rest if isinstance(node, cst.MatchMapping) else node.name
        if name is not None:
            self._bind(name, node)
        self._fields(node)

    def import_(self, node: cst.Import) -> None:
        for alias in node.names:
            full = dotted_name(alias.name) or ""
            package = full.partition(".")[0]
            if alias.asname is None:
                self._bind(cst.Name(package), alias, package)
            else:
                self._bind(alias.asname.name, alias, full)

    def import_from(self, node: cst.ImportFrom) -> None:
        module = "." * len(node.relative) + ((dotted_name(node.module) or "") if node.module else "")
        if isinstance(node.names, cst.ImportStar):
            self._scope.add(STAR, Binding(node, imported=module))
            return
        prefix = module if module.endswith(".") else f"{module}."
        for alias in node.names:
            name = alias.asname.name if alias.asname else alias.name
            self._bind(name, alias, prefix + (dotted_name(alias.name) or ""))

    def global_(self, node: cst.Global) -> None:
        for item in node.names:
            self._scope.declare_global(item.name.value)

    def nonlocal_(self, node: cst.Nonlocal) -> None:
        self._nonlocals.setdefault(self._scope, set()).update(item.name.value for item in node.names)


_HANDLERS: Mapping[type[cst.CSTNode], Callable[[_Walk, Any], None]] = {
    cst.FunctionDef: _Walk.function,
    cst.Lambda: _Walk.anonymous_function,
    cst.ClassDef: _Walk.class_,
    cst.TypeAlias: _Walk.type_alias,
    **dict.fromkeys((cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp), _Walk.comprehension),
    **dict.fromkeys((cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.CompFor, cst.Del), _Walk.target),
    **dict.fromkeys((cst.ExceptHandler, cst.ExceptStarHandler), _Walk.handler),
    **dict.fromkeys((cst.AsName, cst.TypeVar, cst.TypeVarTuple, cst.ParamSpec), _Walk.named),
    cst.For: _Walk.for_loop,
    cst.While: _Walk.loop,
    cst.NamedExpr: _Walk.walrus,
    **dict.fromkeys((cst.MatchAs, cst.MatchStar, cst.MatchMapping), _Walk.capture),
    cst.Import: _Walk.import_,
    cst.ImportFrom: _Walk.import_from,
    cst.Global: _Walk.global_,
    cst.Nonlocal: _Walk.nonlocal_,
}

_NO_CODE = frozenset(
    [
        *("lpar", "rpar", "lbracket", "rbracket", "lbrace", "rbrace", "indent", "header", "footer", "leading_lines"),
        *("comma", "semicolon", "colon", "equal", "dot", "star", "operator", "trailing_comma", "trailing_whitespace"),
        *("lines_after_decorators", "asynchronous", "posonly_ind"),
    ]
)


@cache
def _fields_with_code(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """The fields of a node type that can hold code. The walk is fast because it skips white space."""
    return tuple(
        field.name
        for field in dataclasses.fields(kind)
        if field.type not in (str, "str") and field.name not in _NO_CODE and not field.name.startswith("whitespace")
    )


def _parameters(parameters: cst.Parameters) -> Iterator[cst.Param]:
    yield from parameters.posonly_params
    yield from parameters.params
    if isinstance(parameters.star_arg, cst.Param):
        yield parameters.star_arg
    yield from parameters.kwonly_params
    if parameters.star_kwarg is not None:
        yield parameters.star_kwarg


def _names(target: cst.CSTNode) -> Iterator[str]:
    match target:
        case cst.Name():
            yield target.value
        case cst.Tuple() | cst.List():
            for element in target.elements:
                yield from _names(element.value)
        case cst.StarredElement():
            yield from _names(target.value)
        case _:  # an attribute or an item: no name is bound
            return
