"""The nodes of certain kinds in a tree. LibCST's matchers find them too, but take 0.2 s to import."""

from __future__ import annotations

from typing import TypeVar

import libcst as cst

from pytest_orchestrator.pattern_engine.worker.visiting.paths import paths_to

_Node = TypeVar("_Node", bound=cst.CSTNode)


def find_nodes(tree: cst.CSTNode, *kinds: type[_Node]) -> list[_Node]:
    """The nodes of these concrete kinds in `tree`, which may be one of them, in the order in which LibCST visits them.

    calls = find_nodes(module, cst.Call)
    """
    found: list[_Node] = []
    paths_to(frozenset(kinds)).walk(tree, found.append, lambda _: None)  # type: ignore[arg-type]  # of these kinds only
    return found
