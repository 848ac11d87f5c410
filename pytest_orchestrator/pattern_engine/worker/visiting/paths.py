"""The paths through a syntax tree that can lead to nodes of certain kinds, and a walk that takes only those.

LibCST's own visit makes every node anew, including white space. The types of a node's fields say what a field can hold,
so many fields can be skipped: an expression holds no statement, and white space holds no expression.
"""

from __future__ import annotations

import dataclasses
import inspect
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import libcst as cst

Kind = type[cst.CSTNode]
Handler = Callable[[cst.CSTNode], object]


def kinds_named(names: typing.Iterable[str]) -> frozenset[Kind]:
    """The concrete kinds of nodes with these names; other names are ignored."""
    return frozenset(
        kind for name in names if isinstance(kind := getattr(cst, name, None), type) and kind in all_kinds()
    )


class Paths:
    """The paths through any tree that lead to nodes of the `wanted` kinds."""

    def __init__(self, wanted: frozenset[Kind]) -> None:
        self.wanted = wanted
        self.idle = frozenset(kind for kind in all_kinds() - wanted if not _reachable(kind) & wanted)
        """The kinds that are not wanted and can't hold a wanted node."""
        self._fields: dict[Kind, tuple[str, ...]] = {}

    def fields(self, node: cst.CSTNode) -> tuple[str, ...]:
        """The fields of the node through which a wanted one may be met, in the order in which LibCST visits them."""
        kind = type(node)
        if kind not in self._fields:
            leads = _reachable_by_field(kind)
            order = _order(node)
            self._fields[kind] = tuple(name for name in order if name not in leads or leads[name] & self.wanted)
        return self._fields[kind]

    def children(self, node: cst.CSTNode) -> list[cst.CSTNode]:
        """The node's children through which a wanted one may be met, in the order in which LibCST visits them.

        Whole trees are walked by this, so it is no generator.
        """
        found: list[cst.CSTNode] = []
        for name in self._fields.get(type(node)) or self.fields(node):
            value = getattr(node, name)
            if value.__class__ in _SEQUENCES:
                found += value
            elif value is not None and value.__class__ not in NO_NODES:
                found.append(value)
        return found

    def walk(self, node: cst.CSTNode, enter: Handler, leave: Handler) -> None:
        """Call `enter` and `leave` for each wanted node, before and after its children."""
        is_wanted = type(node) in self.wanted
        if is_wanted:
            enter(node)
        for child in self.children(node):
            self.walk(child, enter, leave)
        if is_wanted:
            leave(node)


def prepare() -> None:
    """Compute now which kinds can hold which: it takes a tenth of a second, once in a process."""
    _reachability()


@cache
def paths_to(wanted: frozenset[Kind]) -> Paths:
    """The paths to nodes of these kinds."""
    return Paths(wanted)


@cache
def paths_to_code() -> Paths:
    """The paths to all nodes but white space."""
    return Paths(frozenset(kind for kind in all_kinds() if not issubclass(kind, _WHITE_SPACE)))


@cache
def all_kinds() -> frozenset[Kind]:
    """Every concrete kind of node that the parser makes."""
    # `issubclass` asks all bases' registries of abstract classes, which takes a third of the time of `prepare`.
    kinds = (value for value in vars(cst).values() if isinstance(value, type) and cst.CSTNode in value.__mro__)
    return frozenset(kind for kind in kinds if not inspect.isabstract(kind) and kind.__module__.startswith("libcst."))


@cache
def _contained_by_field(kind: Kind) -> Mapping[str, frozenset[Kind]]:
    """The kinds that each field can hold directly, by its type; all kinds where the type is open."""
    hints = typing.get_type_hints(kind, vars(cst))
    return {field.name: _kinds_in(hints[field.name]) for field in dataclasses.fields(kind) if field.name in hints}


def _kinds_in(hint: Any) -> frozenset[Kind]:
    if arguments := typing.get_args(hint):
        return frozenset[Kind]().union(*map(_kinds_in, arguments))
    if isinstance(hint, type) and cst.CSTNode in hint.__mro__:
        return _concrete(hint)
    return all_kinds() if hint in (Any, object) or isinstance(hint, typing.TypeVar) else frozenset()


@cache
def _concrete(base: Kind) -> frozenset[Kind]:
    return frozenset(kind for kind in all_kinds() if base in kind.__mro__)


@cache
def _reachability() -> Mapping[Kind, frozenset[Kind]]:
    """For each kind, the kinds that can be anywhere below it: the transitive closure of what fields hold."""
    kinds = sorted(all_kinds(), key=lambda kind: kind.__name__)  # the same work in each process
    below = {kind: frozenset[Kind]().union(*_contained_by_field(kind).values()) for kind in kinds}
    grown = True
    while grown:
        grown = False
        for kind, found in below.items():
            more = found.union(*(below[other] for other in found))
            if len(more) > len(found):
                below[kind], grown = more, True
    return below


def _reachable(kind: Kind) -> frozenset[Kind]:
    return _reachability()[kind]


def _reachable_by_field(kind: Kind) -> Mapping[str, frozenset[Kind]]:
    if kind not in all_kinds():
        return {}
    contained = _contained_by_field(kind)
    return {name: found.union(*map(_reachable, found)) for name, found in contained.items()}


_ORDERS: dict[Kind, tuple[str, ...]] = {}


def _order(node: cst.CSTNode) -> tuple[str, ...]:
    """The fields of a node of this kind in the order in which LibCST visits them, recorded on a visit of this node.

    LibCST skips a format spec that is absent, so the recording may lack it; it comes last.
    """
    kind = type(node)
    if kind not in _ORDERS:
        recorder = _Recorder(node)
        node.visit(recorder)
        held = _contained_by_field(kind) if kind in all_kinds() else {}
        unseen = (name for name, kinds in held.items() if kinds)
        _ORDERS[kind] = tuple(dict.fromkeys([*recorder.attributes, *unseen]))
    return _ORDERS[kind]


class _Recorder(cst.CSTVisitor):
    def __init__(self, node: cst.CSTNode) -> None:
        super().__init__()
        self._node = node
        self.attributes: list[str] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node is self._node

    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:  # noqa: ARG002 - LibCST's signature
        self.attributes.append(attribute)


_SEQUENCES = frozenset({tuple, list})
NO_NODES = frozenset({str, bool, cst.MaybeSentinel})
"""What a field of a node can hold besides nodes, sequences of them, and None."""
_WHITE_SPACE = (cst.BaseParenthesizableWhitespace, cst.EmptyLine, cst.TrailingWhitespace, cst.Newline, cst.Comment)


def is_white_space(node: cst.CSTNode) -> bool:
    """Whether the node is white space, or a comment in it."""
    return isinstance(node, _WHITE_SPACE)
