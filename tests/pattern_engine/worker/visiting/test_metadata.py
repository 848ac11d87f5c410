"""Metadata computed in quicker ways against LibCST's own, node by node."""

from __future__ import annotations

import gc
import sysconfig
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import libcst as cst
import pytest
from libcst._metadata_dependent import LazyValue
from libcst.metadata import (
    ExpressionContextProvider,
    MetadataWrapper,
    ParentNodeProvider,
    PositionProvider,
    ProviderT,
    QualifiedNameProvider,
    ScopeProvider,
)

from pytest_orchestrator.pattern_engine.worker.visiting.metadata import Metadata

MADE_UP = """# a comment
from a import (b, c as d)
import e.f
@g(h.i[j].k, *l)
class M(N, metaclass=O):
    p: 'q.r' = s.t().u[v:w, x]
    def y(self, z=a.b, *c, d: List["e"] = 1, **f) -> g:
        nonlocal h
        global i
        for j, k.l in m: n[o].p += q
        with r as (s, t.u[v]): del w, x.y, z[0].a
        return lambda b, c=d: [e for f in g if (h := f.i) for j in f]
i = cast("j.k", l.m(n).o)
*p, q[r.s] = (yield), {t: u for t, u in v}
"""


def sources() -> Iterator[str]:
    yield MADE_UP
    folder = Path(sysconfig.get_path("stdlib"))
    yield (folder / "netrc.py").read_text()


def described(value: Any) -> object:
    """What tells a scope from another of the same tree; other values tell it themselves."""
    value = value() if isinstance(value, LazyValue) else value
    found: list[object] = []
    while hasattr(value, "parent") and hasattr(value, "accesses"):
        accesses = {(id(access.node), len(access.referents), access.is_annotation) for access in value.accesses}
        found.append((type(value), getattr(value, "node", None), accesses, value._assignment_count))
        value = value.parent if value.parent is not value else None
    return found or value


@pytest.mark.parametrize(
    "provider",
    [ExpressionContextProvider, ParentNodeProvider, PositionProvider, QualifiedNameProvider, ScopeProvider],
    ids=lambda provider: provider.__name__,
)
def test_every_node_has_the_metadata_of_libcst(provider: ProviderT) -> None:
    for code in sources():
        module = cst.parse_module(code)
        ours = Metadata(module).resolve(provider)
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        nodes = wrapper.resolve(ParentNodeProvider)  # LibCST tells of what it parsed in annotations, too
        theirs = {node: value for node, value in wrapper.resolve(provider).items() if node in nodes}
        assert theirs
        assert [node for node in theirs if described(ours[node]) != described(theirs[node])] == []
        assert [node for node in nodes if (node in ours) != (node in theirs)] == []


def test_a_tree_is_freed_with_its_last_reference() -> None:
    """The collector is off while files are in hand: it would not find a tree that only a cycle holds."""
    gc.disable()
    try:
        module = cst.parse_module(MADE_UP)
        metadata = Metadata(module)
        for provider in (ParentNodeProvider, PositionProvider, ExpressionContextProvider):
            metadata.resolve(provider)
        gone = weakref.ref(metadata)
        del metadata
        assert gone() is None
    finally:
        gc.enable()
