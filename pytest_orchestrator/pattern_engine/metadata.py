"""LibCST's metadata of a tree, each kind computed when it is first asked for, and the costly ones in quicker ways.

LibCST visits a tree by making each of its nodes anew, white space included. Parents, scopes and names are found here by
LibCST's own visitors on a visit that makes nothing and passes over white space; positions by `positions`.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
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

from pytest_orchestrator.pattern_engine.paths import is_white_space, solid_children, solid_fields
from pytest_orchestrator.pattern_engine.positions import Layout, Places

Known = Mapping[cst.CSTNode, object]


class Metadata:
    """What is known of the nodes of `module`, which must come fresh from the parser: no node is in it twice.

    `facts` tells what providers need to know that do not look at the module alone, by provider.
    """

    def __init__(self, module: cst.Module, facts: Callable[[], Mapping[ProviderT, object]] = dict) -> None:
        self.module = module
        self._facts = facts
        self._known: dict[ProviderT, Known] = {}

    @cached_property
    def wrapper(self) -> cst.MetadataWrapper:
        """LibCST's own way to all metadata."""
        return cst.MetadataWrapper(self.module, unsafe_skip_copy=True, cache=self._facts())

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
        parents: dict[cst.CSTNode, cst.CSTNode] = {}
        todo: list[cst.CSTNode] = [self.module]
        for node in todo:
            for child in solid_children(node):
                parents[child] = node
                todo.append(child)
        return _Solid(parents, self, provider)

    def _contexts(self, provider: ProviderT) -> Known:
        contexts = ExpressionContextProvider()
        self.module.visit(_QuickContextVisitor(contexts, ExpressionContext.LOAD))
        return _Solid(contexts._computed, self, provider)

    def _scopes(self, provider: ProviderT) -> Known:
        scopes = ScopeProvider()
        scopes.metadata = {ExpressionContextProvider: self.resolve(ExpressionContextProvider)}
        visitor = _QuickScopeVisitor(scopes)
        self.module.visit(visitor)
        visitor.infer_accesses()
        return _Solid(scopes._computed, self, provider)

    def _names(self, provider: ProviderT) -> Known:
        return _Names(self, provider)


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


class _Backed(Known):
    """Metadata that is known in a quicker way where it is asked for one by one; LibCST's own where for all of it."""

    def __init__(self, metadata: Metadata, provider: ProviderT) -> None:
        # What knows it holds it too: a cycle would keep the tree until the collector comes.
        self._metadata: Metadata = weakref.proxy(metadata)
        self._provider = provider

    def _all(self) -> Known:
        return self._metadata.wrapper.resolve(self._provider)

    def __getitem__(self, node: cst.CSTNode) -> object:
        return self._all()[node]

    def __iter__(self) -> Iterator[cst.CSTNode]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


class _Solid(_Backed):
    """Metadata of all nodes but white space."""

    def __init__(self, known: Known, metadata: Metadata, provider: ProviderT) -> None:
        super().__init__(metadata, provider)
        self._known = known

    def __getitem__(self, node: cst.CSTNode) -> object:
        try:
            return self._known[node]
        except KeyError:
            if is_white_space(node):
                return super().__getitem__(node)
            raise


class _Names(_Backed):
    """The qualified names of nodes, found when a node's are asked for."""

    def __getitem__(self, node: cst.CSTNode) -> object:
        scope: Any = self._metadata.resolve(ScopeProvider).get(node)
        if scope:
            return scope.get_qualified_names_for(node)
        if node is self._metadata.module or node in self._metadata.resolve(ParentNodeProvider):
            return set()
        raise KeyError(node)


class _QuickVisitor(cst.CSTVisitor):
    """Visits children by itself, so that LibCST does not make the node anew around them; white space not at all."""

    def on_visit(self, node: cst.CSTNode) -> bool:
        if super().on_visit(node):
            for name in solid_fields(node):
                value = getattr(node, name)
                self.on_visit_attribute(node, name)
                if isinstance(value, cst.CSTNode):
                    value.visit(self)
                elif isinstance(value, (tuple, list)):
                    for child in value:
                        child.visit(self)
                self.on_leave_attribute(node, name)
        return False


class _QuickContextVisitor(_QuickVisitor, ExpressionContextVisitor):
    pass


class _QuickScopeVisitor(_QuickVisitor, ScopeVisitor):
    pass
