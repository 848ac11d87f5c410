"""`find_nodes` finds what LibCST's matchers find, in the same order."""

from __future__ import annotations

import libcst as cst
import pytest
from libcst import matchers as m

from pytest_orchestrator.api.codemods import find_nodes

SOURCE = """
@a(b)
def f(x: g[h] = i(j(), *k), *, y=f"{l(m)!r:{n()}}") -> o():
    with p() as (q, r[s()]):
        return [t(u) for v in w() if x()]
"""


@pytest.mark.parametrize(
    "kinds", [(cst.Call,), (cst.Name,), (cst.Call, cst.Name), (cst.Subscript, cst.CompFor), (cst.Module,), (cst.Await,)]
)
def test_nodes_are_found_in_the_order_of_the_matchers(kinds: tuple[type[cst.CSTNode], ...]) -> None:
    module = cst.parse_module(SOURCE)
    matcher = m.OneOf(*(getattr(m, kind.__name__)() for kind in kinds))
    found = find_nodes(module, *kinds)
    assert [id(node) for node in found] == [id(node) for node in m.findall(module, matcher)]
    assert bool(found) is (kinds != (cst.Await,))
