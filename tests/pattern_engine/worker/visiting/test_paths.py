from __future__ import annotations

import sysconfig
from collections.abc import Callable
from pathlib import Path

import libcst as cst
import pytest

from pytest_orchestrator.pattern_engine.worker.visiting.paths import kinds_named, paths_to

SOURCE = (Path(sysconfig.get_path("stdlib")) / "pprint.py").read_text()
MODULE = cst.parse_module(SOURCE)


def ignore(_: cst.CSTNode) -> None:
    pass


class Everything(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.nodes: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        self.nodes.append(node)
        return True


@pytest.fixture(scope="module")
def nodes() -> list[cst.CSTNode]:
    everything = Everything()
    MODULE.visit(everything)
    return everything.nodes


def test_all_kinds_are_met_in_the_order_of_libcst(nodes: list[cst.CSTNode]) -> None:
    kinds = kinds_named(vars(cst))
    met: list[cst.CSTNode] = []
    paths_to(kinds).walk(MODULE, met.append, ignore)
    assert all(one is other for one, other in zip(met, nodes, strict=True))


@pytest.mark.parametrize("name", ["Call", "ClassDef", "Param", "Comment", "SimpleWhitespace", "Name", "IsNot"])
def test_every_node_of_a_kind_is_met(nodes: list[cst.CSTNode], name: str) -> None:
    (kind,) = kinds_named([name])
    met: list[cst.CSTNode] = []
    paths_to(frozenset([kind])).walk(MODULE, met.append, ignore)
    wanted = [node for node in nodes if type(node) is kind]
    assert wanted
    assert all(one is other for one, other in zip(met, wanted, strict=True))


def test_format_specs_are_met_though_the_first_string_has_none() -> None:
    (kind,) = kinds_named(["Call"])
    for source, calls in (("f'{a}'", 0), ("f'{a:{b()}}'", 1)):
        met: list[cst.CSTNode] = []
        paths_to(frozenset([kind])).walk(cst.parse_module(source), met.append, ignore)
        assert len(met) == calls


def test_nodes_are_left_after_what_is_in_them() -> None:
    order: list[str] = []
    kinds = kinds_named(["Call"])
    module = cst.parse_module("f(g())\n")

    def note(sign: str) -> Callable[[cst.CSTNode], None]:
        return lambda node: order.append(sign + module.code_for_node(cst.ensure_type(node, cst.Call).func))

    paths_to(kinds).walk(module, note("+"), note("-"))
    assert order == ["+f", "+g", "-g", "-f"]


def test_names_of_no_kind_are_passed_over() -> None:
    assert kinds_named(["nothing", "CSTNode", "parse_module", "If"]) == {cst.If}
