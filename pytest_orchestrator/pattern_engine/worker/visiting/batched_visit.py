"""Calls visitors for the nodes of a tree: only for those they have methods for, and with metadata computed on demand.

The tree is walked once for all visitors. Each gets the same calls in the same order as from LibCST's `visit_batched`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import count
from operator import itemgetter
from typing import Any

import libcst as cst
from libcst.metadata import ProviderT

from pytest_orchestrator.pattern_engine.worker.visiting.metadata import Metadata
from pytest_orchestrator.pattern_engine.worker.visiting.paths import Kind, kinds_named, paths_to

_METHOD_NAME = re.compile("(?:visit|leave)_")
_METHOD = re.compile(r"(visit|leave)_([A-Za-z]+)\Z")
_ATTRIBUTE_METHOD = re.compile(r"(?:visit|leave)_([A-Za-z]+)_[a-z_]+\Z")


class BatchedVisit:
    """A tree and the visitors that are run on it: those of the `expected` classes, and perhaps others."""

    def __init__(self, metadata: Metadata, expected: Iterable[type[cst.BatchableCSTVisitor]] = ()) -> None:
        self._metadata = metadata
        self._wanted = frozenset[Kind]().union(*(_wanted(expected_class) for expected_class in expected))
        self._walk: _Walk | None = None

    def run(self, visitor: cst.BatchableCSTVisitor) -> None:
        """Call the visitor's `visit_X` and `leave_X` methods for each node, as LibCST's `visit_batched` would."""
        methods = _methods(type(visitor))
        if methods is None or any(map(_METHOD_NAME.match, vars(visitor))):
            self._metadata.wrapper.visit_batched([visitor])
            return
        entered, left = methods
        walk = self._walked(frozenset((*entered, *left)))
        calls = [
            (order, method, node)
            for names, nodes in ((entered, walk.entered), (left, walk.left))
            for kind, name in names.items()
            for method in (getattr(visitor, name),)
            for order, node in nodes.get(kind, ())
        ]
        calls.sort(key=itemgetter(0))
        visitor.metadata = OnDemand(self._metadata, visitor)
        try:
            for _, method, node in calls:
                method(node)
        finally:
            visitor.metadata = {}

    def _walked(self, wanted: frozenset[Kind]) -> _Walk:
        if self._walk is None or not wanted <= self._wanted:
            self._wanted |= wanted
            self._walk = _Walk(self._metadata.module, self._wanted)
        return self._walk


class OnDemand(Mapping[ProviderT, Mapping[cst.CSTNode, object]]):
    """The metadata that a visitor declares, each computed when it is first asked for."""

    def __init__(self, metadata: Metadata, visitor: cst.MetadataDependent) -> None:
        self._metadata = metadata
        self._declared = visitor.get_inherited_dependencies()

    def __getitem__(self, provider: ProviderT) -> Mapping[cst.CSTNode, object]:
        if provider not in self._declared:
            raise KeyError(provider)
        return self._metadata.resolve(provider)

    def __iter__(self) -> Iterator[ProviderT]:
        return iter(self._declared)

    def __len__(self) -> int:
        return len(self._declared)

    def __contains__(self, provider: object) -> bool:
        return provider in self._declared


class _Walk:
    """The nodes of each wanted kind, numbered in the order in which nodes are entered and left."""

    def __init__(self, module: cst.Module, wanted: frozenset[Kind]) -> None:
        order = count().__next__
        self.entered: dict[Kind, list[tuple[int, Any]]] = {kind: [] for kind in wanted}
        self.left: dict[Kind, list[tuple[int, Any]]] = {kind: [] for kind in wanted}

        def note_entry(node: cst.CSTNode) -> None:
            self.entered[type(node)].append((order(), node))

        def note_exit(node: cst.CSTNode) -> None:
            self.left[type(node)].append((order(), node))

        paths_to(wanted).walk(module, note_entry, note_exit)


_Names = Mapping[Kind, str]


def _wanted(visitor_class: type[cst.BatchableCSTVisitor]) -> frozenset[Kind]:
    methods = _methods(visitor_class)
    return frozenset() if methods is None else frozenset((*methods[0], *methods[1]))


@cache
def _methods(visitor_class: type[cst.BatchableCSTVisitor]) -> tuple[_Names, _Names] | None:
    """The class's methods by the kind of node that they are called for, before and after its children.

    None when LibCST's own visit is needed: the class has methods for attributes, or its own `get_visitors`.
    """
    if visitor_class.get_visitors is not cst.BatchableCSTVisitor.get_visitors and not _is_wrapping(visitor_class):
        return None
    found: dict[str, dict[Kind, str]] = {"visit": {}, "leave": {}}
    for name in dir(visitor_class):
        value = inspect.getattr_static(visitor_class, name)
        if not _METHOD_NAME.match(getattr(value, "__name__", "")) or isinstance(value, staticmethod):
            continue
        if getattr(value, "_is_no_op", False):  # LibCST's own empty method
            continue
        if match := _METHOD.match(name):
            for kind in kinds_named([match[2]]):
                found[match[1]][kind] = name
        elif (match := _ATTRIBUTE_METHOD.match(name)) and kinds_named([match[1]]):
            return None
    return found["visit"], found["leave"]


def _is_wrapping(visitor_class: type) -> bool:
    """Whether the class finds its methods as Fixit's rules do: LibCST's, each with a clock around it."""
    getter = getattr(visitor_class, "get_visitors", None)
    return (
        getattr(getter, "__module__", "") == "fixit.rule"
        and getattr(getter, "__qualname__", "") == "LintRule.get_visitors"
    )
