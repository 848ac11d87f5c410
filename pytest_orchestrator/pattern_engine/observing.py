"""Shows a file to a linter: only the nodes that it has methods for, and only the metadata that it asks for."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import libcst as cst
from libcst.metadata import ProviderT

from pytest_orchestrator.pattern_engine.paths import Kind, kinds_named, paths_to

_METHOD_NAME = re.compile("(?:visit|leave)_")
_METHOD = re.compile(r"(visit|leave)_([A-Za-z]+)\Z")
_ATTRIBUTE_METHOD = re.compile(r"(?:visit|leave)_([A-Za-z]+)_[a-z_]+\Z")


def observe(wrapper: cst.MetadataWrapper, linter: cst.BatchableCSTVisitor) -> None:
    """Call the linter's `visit_X` and `leave_X` methods for each node, as `wrapper.visit_batched` would."""
    entered, left = _method_names(type(linter))
    if entered is None or left is None or any(map(_METHOD.match, vars(linter))):
        wrapper.visit_batched([linter])
        return
    linter.metadata = OnDemand(wrapper, linter)
    try:
        paths_to(frozenset(entered) | frozenset(left)).walk(
            wrapper.module, _bound(linter, entered), _bound(linter, left)
        )
    finally:
        linter.metadata = {}


class OnDemand(Mapping[ProviderT, Mapping[cst.CSTNode, object]]):
    """The metadata that a visitor declares, each computed when it is first asked for."""

    def __init__(self, wrapper: cst.MetadataWrapper, visitor: cst.MetadataDependent) -> None:
        self._wrapper = wrapper
        self._declared = visitor.get_inherited_dependencies()

    def __getitem__(self, provider: ProviderT) -> Mapping[cst.CSTNode, object]:
        if provider not in self._declared:
            raise KeyError(provider)
        return self._wrapper.resolve(provider)

    def __iter__(self) -> Iterator[ProviderT]:
        return iter(self._declared)

    def __len__(self) -> int:
        return len(self._declared)

    def __contains__(self, provider: object) -> bool:
        return provider in self._declared


_Names = Mapping[Kind, str]


@cache
def _method_names(linter_class: type[cst.BatchableCSTVisitor]) -> tuple[_Names | None, _Names | None]:
    """The class's methods by the kind of node that they are called for; None when it has methods for attributes."""
    found: dict[str, dict[Kind, str]] = {"visit": {}, "leave": {}}
    for name in dir(linter_class):
        value = inspect.getattr_static(linter_class, name)
        if not _METHOD_NAME.match(getattr(value, "__name__", "")) or isinstance(value, staticmethod):
            continue
        if getattr(value, "_is_no_op", False):  # LibCST's own empty method
            continue
        if match := _METHOD.match(name):
            for kind in kinds_named([match[2]]):
                found[match[1]][kind] = name
        elif (match := _ATTRIBUTE_METHOD.match(name)) and kinds_named([match[1]]):
            return None, None
    return found["visit"], found["leave"]


def _bound(linter: cst.BatchableCSTVisitor, names: _Names) -> Mapping[Kind, tuple[Callable[[Any], object], ...]]:
    return {kind: (getattr(linter, name),) for kind, name in names.items()}
