"""LibCST's metadata of a tree, each kind computed when it is first asked for, and the costly ones in quicker ways.

LibCST visits a tree by making each of its nodes anew, white space included. Parents, scopes and names are found here by
LibCST's own visitors on a visit that makes nothing and passes over white space; positions by `positions`.
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
    WhitespaceInclusivePositionProvider,
)
from libcst.metadata.expression_context_provider import ExpressionContextVisitor
from libcst.metadata.scope_provider import ScopeVisitor

from pytest_orchestrator.pattern_engine.worker.visiting.paths import all_kinds, is_white_space, solid_children
from pytest_orchestrator.pattern_engine.worker.visiting.positions import Layout, Places

Known = Mapping[cst.CSTNode, object]


class Metadata:
    """What is known of the nodes of `module`, which must come fresh from the parser: no node is in it twice.

    `facts` tells what providers need to know that do not look at the module alone, by provider.
    """

    def __init__(self, module: cst.Module, facts: Callable[[], Mapping[ProviderT, object]] = dict) -> None:
        self.module = module
        self._tree = _Tree(module, facts)
        self._known: dict[ProviderT, Known] = {}

    @property
    def wrapper(self) -> cst.MetadataWrapper:
        """LibCST's own way to all metadata."""
        return self._tree.wrapper

    @cached_property
    def layout(self) -> Layout:
        """The module's text and where its nodes stand in it."""
        return Layout(self.module)

    @property
    def code(self) -> str:
        """The module's text, as LibCST gives it back."""
        return self.layout.code if "layout" in vars(self) else self.module.code

    def resolve(self, provider: ProviderT) -> Known:
        """The metadata that the provider computes for the module."""
        if provider not in self._known:
            quick = _QUICK.get(provider, Metadata._plain)
            self._known[provider] = quick(self, provider)
        return self._known[provider]

    def _plain(self, provider: ProviderT) -> Known:
        return self.wrapper.resolve(provider)

    def _positions(self, _: ProviderT) -> Known:
        return Places(self.layout)

    def _white_space_positions(self, _: ProviderT) -> Known:
        return Places(self.layout, white_space=True)

    def _parents(self, provider: ProviderT) -> Known:
        return _Solid(self._tree.parents, self._tree, provider)

    def _contexts(self, provider: ProviderT) -> Known:
        contexts = ExpressionContextProvider()
        self.module.visit(_QuickContextVisitor(contexts, ExpressionContext.LOAD))
        return _Solid(contexts._computed, self._tree, provider)

    def _scopes(self, provider: ProviderT) -> Known:
        scopes = ScopeProvider()
        scopes.metadata = {ExpressionContextProvider: self.resolve(ExpressionContextProvider)}
        visitor = _QuickScopeVisitor(scopes)
        self.module.visit(visitor)
        visitor.infer_accesses()
        return _Solid(scopes._computed, self._tree, provider)

    def _names(self, provider: ProviderT) -> Known:
        return _Names(self.resolve(ScopeProvider), self._tree, provider)


_QUICK: Mapping[ProviderT, Callable[[Metadata, ProviderT], Known]] = {
    PositionProvider: Metadata._positions,
    WhitespaceInclusivePositionProvider: Metadata._white_space_positions,
    ParentNodeProvider: Metadata._parents,
    ExpressionContextProvider: Metadata._contexts,
    ScopeProvider: Metadata._scopes,
    QualifiedNameProvider: Metadata._names,
}


def file_facts(file: Path, names: ModuleNameAndPackage) -> Mapping[ProviderT, object]:
    """What providers that look beyond the module need to know of its file."""
    return {FullyQualifiedNameProvider: names, FilePathProvider: file.resolve()}


class _Tree:
    """A module, and what only a walk over all of it tells.

    Metadata refers to this and not to what refers to it: a cycle would keep the tree until the collector comes.
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
            children = solid_children(node)
            parents.update(dict.fromkeys(children, node))
            nodes += children
        return parents


class _Backed(Known):
    """Metadata that is known in a quicker way where it is asked for one by one; LibCST's own where for all of it."""

    def __init__(self, known: Known, tree: _Tree, provider: ProviderT) -> None:
        self._known, self._tree, self._provider = known, tree, provider

    def _all(self) -> Known:
        return self._tree.wrapper.resolve(self._provider)

    def __iter__(self) -> Iterator[cst.CSTNode]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


class _Solid(_Backed):
    """Metadata of all nodes but white space."""

    def __getitem__(self, node: cst.CSTNode) -> object:
        try:
            return self._known[node]
        except KeyError:
            if is_white_space(node):
                return self._all()[node]
            raise


class _Names(_Backed):
    """The qualified names of nodes, found when a node's are asked for; what is known are the scopes."""

    def __getitem__(self, node: cst.CSTNode) -> object:
        scope: Any = self._known.get(node)
        if scope:
            return scope.get_qualified_names_for(node)
        if node is self._tree.module or node in self._tree.parents:
            return set()
        return self._all()[node]


class _QuickVisitor(cst.CSTVisitor):
    """Visits children by itself, so that LibCST does not make the node anew around them; white space not at all.

    For visitors without methods for attributes that visit children by default.
    """

    def on_visit(self, node: cst.CSTNode) -> bool:
        visit = self._visit_methods().get(type(node))
        if visit is None or visit(self, node) is not False:
            for child in solid_children(node):
                self.on_visit(child)
                self.on_leave(child)
        return False

    @classmethod
    @cache
    def _visit_methods(cls) -> Mapping[type[cst.CSTNode], Callable[[Any, Any], bool | None]]:
        """The visitor's own methods, by the kind of node; LibCST's are there for all kinds, and do nothing."""
        found = {kind: getattr(cls, f"visit_{kind.__name__}", None) for kind in all_kinds()}
        return {kind: method for kind, method in found.items() if method and not hasattr(method, "_is_no_op")}


class _QuickContextVisitor(_QuickVisitor, ExpressionContextVisitor):
    """What is before a dot or a bracket has another context, and so LibCST visits it by another visitor, a slow one."""

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
