"""LibCST's metadata of a tree, each kind computed when it is first asked for, and the slow kinds in faster ways.

LibCST makes each node anew when it visits a tree, including white space. Here LibCST's own visitors find parents,
scopes and names on a visit that makes nothing and skips white space. `positions` finds positions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.helpers import ModuleNameAndPackage
from libcst.metadata import (
    ExpressionContext,
    ExpressionContextProvider,
    FilePathProvider,
    FullyQualifiedNameProvider,
    ParentNodeProvider,
    PositionProvider,
    ProviderT,
    QualifiedNameProvider,
    ScopeProvider,
)
from libcst.metadata.expression_context_provider import ExpressionContextVisitor
from libcst.metadata.scope_provider import ScopeVisitor

from pytest_orchestrator.pattern_engine.worker.visiting.paths import all_kinds, is_white_space, paths_to_code
from pytest_orchestrator.pattern_engine.worker.visiting.positions import Layout, Positions

NodeMetadata = Mapping[cst.CSTNode, object]


class Metadata:
    """The metadata of the nodes of `module`, which must come fresh from the parser, so that no node is in it twice.

    `facts` gives the data of providers that need more than the module, by provider.
    """

    def __init__(self, module: cst.Module, facts: Callable[[], Mapping[ProviderT, object]] = dict) -> None:
        self.module = module
        self._tree = _Tree(module, facts)
        self._known: dict[ProviderT, NodeMetadata] = {}

    @property
    def wrapper(self) -> cst.MetadataWrapper:
        """LibCST's own wrapper, which computes all metadata."""
        return self._tree.wrapper

    @cached_property
    def layout(self) -> Layout:
        """The module's text and the positions of its nodes."""
        return Layout(self.module)

    @property
    def code(self) -> str:
        """The module's text, as LibCST gives it back."""
        return self.layout.code if "layout" in vars(self) else self.module.code

    def resolve(self, provider: ProviderT) -> NodeMetadata:
        """The metadata of this provider for the module."""
        if provider not in self._known:
            quick = _QUICK.get(provider, Metadata._plain)
            self._known[provider] = quick(self, provider)
        return self._known[provider]

    def _plain(self, provider: ProviderT) -> NodeMetadata:
        return self.wrapper.resolve(provider)

    def _positions(self, _: ProviderT) -> NodeMetadata:
        return Positions(self.layout)

    def _parents(self, provider: ProviderT) -> NodeMetadata:
        return _OfCode(self._tree.parents, self._tree, provider)

    def _contexts(self, provider: ProviderT) -> NodeMetadata:
        contexts = ExpressionContextProvider()
        self.module.visit(_QuickContextVisitor(contexts, ExpressionContext.LOAD))
        return _OfCode(contexts._computed, self._tree, provider)

    def _scopes(self, provider: ProviderT) -> NodeMetadata:
        scopes = ScopeProvider()
        scopes.metadata = {ExpressionContextProvider: self.resolve(ExpressionContextProvider)}
        visitor = _QuickScopeVisitor(scopes)
        self.module.visit(visitor)
        visitor.infer_accesses()
        return _OfCode(scopes._computed, self._tree, provider)

    def _names(self, provider: ProviderT) -> NodeMetadata:
        return _Names(self.resolve(ScopeProvider), self._tree, provider)


_QUICK: Mapping[ProviderT, Callable[[Metadata, ProviderT], NodeMetadata]] = {
    PositionProvider: Metadata._positions,
    ParentNodeProvider: Metadata._parents,
    ExpressionContextProvider: Metadata._contexts,
    ScopeProvider: Metadata._scopes,
    QualifiedNameProvider: Metadata._names,
}


def file_facts(file: Path, names: ModuleNameAndPackage) -> Mapping[ProviderT, object]:
    """The data of providers that need the module's name or file."""
    return {FullyQualifiedNameProvider: names, FilePathProvider: file.resolve()}


class _Tree:
    """A module, and data that takes a walk over all of it.

    Metadata refers to this and not to `Metadata`: a cycle would keep the tree until the garbage collector runs.
    """

    def __init__(self, module: cst.Module, facts: Callable[[], Mapping[ProviderT, object]]) -> None:
        self.module = module
        self._facts = facts

    @cached_property
    def wrapper(self) -> cst.MetadataWrapper:
        return cst.MetadataWrapper(self.module, unsafe_skip_copy=True, cache=self._facts())

    @cached_property
    def parents(self) -> Mapping[cst.CSTNode, cst.CSTNode]:
        """The parents of all nodes but white space."""
        parents: dict[cst.CSTNode, cst.CSTNode] = {}
        nodes: list[cst.CSTNode] = [self.module]
        for node in nodes:
            children = paths_to_code().children(node)
            parents.update(dict.fromkeys(children, node))
            nodes += children
        return parents


class _Partial(NodeMetadata):
    """Metadata that is found quickly for one node; iterating over all of it computes LibCST's own."""

    def __init__(self, known: NodeMetadata, tree: _Tree, provider: ProviderT) -> None:
        self._known, self._tree, self._provider = known, tree, provider

    def _all(self) -> NodeMetadata:
        return self._tree.wrapper.resolve(self._provider)

    def __iter__(self) -> Iterator[cst.CSTNode]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


class _OfCode(_Partial):
    """Metadata of all nodes but white space."""

    def __getitem__(self, node: cst.CSTNode) -> object:
        try:
            return self._known[node]
        except KeyError:
            if is_white_space(node):
                return self._all()[node]
            raise


class _Names(_Partial):
    """The qualified names of nodes, found from their scopes when a node's are asked for."""

    def __getitem__(self, node: cst.CSTNode) -> object:
        scope: Any = self._known.get(node)
        if scope:
            return scope.get_qualified_names_for(node)
        if node is self._tree.module or node in self._tree.parents:
            return set()
        return self._all()[node]


class _QuickVisitor(cst.CSTVisitor):
    """Visits children by itself, so that LibCST does not make the node anew, and skips white space.

    For visitors without methods for attributes that visit children by default.
    """

    def on_visit(self, node: cst.CSTNode) -> bool:
        visit = self._visit_methods().get(type(node))
        if visit is None or visit(self, node) is not False:
            for child in paths_to_code().children(node):
                self.on_visit(child)
                self.on_leave(child)
        return False

    @classmethod
    @cache
    def _visit_methods(cls) -> Mapping[type[cst.CSTNode], Callable[[Any, Any], bool | None]]:
        """The visitor's own methods by the kind of node, without LibCST's empty ones."""
        found = {kind: getattr(cls, f"visit_{kind.__name__}", None) for kind in all_kinds()}
        return {kind: method for kind, method in found.items() if method and not hasattr(method, "_is_no_op")}


class _QuickContextVisitor(_QuickVisitor, ExpressionContextVisitor):
    """Visits what is before a dot or a bracket by itself; LibCST makes another, slow visitor for its other context."""

    def on_leave(self, original_node: cst.CSTNode) -> None:
        pass

    def visit_Attribute(self, node: cst.Attribute) -> bool:  # noqa: N802 - LibCST's name
        self.provider.set_metadata(node, self.context)
        node.value.visit(self._loading)
        return False

    def visit_Subscript(self, node: cst.Subscript) -> bool:  # noqa: N802 - LibCST's name
        self.provider.set_metadata(node, self.context)
        for part in (node.value, *node.slice):
            part.visit(self._loading)
        return False

    @property
    def _loading(self) -> _QuickContextVisitor:
        loads = self.context is ExpressionContext.LOAD
        return self if loads else _QuickContextVisitor(self.provider, ExpressionContext.LOAD)


class _QuickScopeVisitor(_QuickVisitor, ScopeVisitor):
    pass
