"""One test for each private name of LibCST and Fixit in use: its message says what to do when the name is gone."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import libcst as cst
import pytest
from fixit import LintRule
from libcst import matchers as m
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand
from libcst.metadata import ExpressionContextProvider, MetadataWrapper, PositionProvider, ScopeProvider

import pytest_orchestrator
from pytest_orchestrator.pattern_engine.worker.visiting import positions
from pytest_orchestrator.pattern_engine.worker.visiting.construction import construct

USES = re.compile(
    r"\blibcst\.[\w.]*_\w*(?:\.\w+)* import \w+|\._(?:codegen|computed|violations)\b|\"_is_no_op\"|\"leave_result\""
)


def found_in(module: str, name: str) -> Any:
    try:
        return getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None


def test_every_use_of_a_private_name_is_listed_here() -> None:
    package = Path(pytest_orchestrator.__file__).parent
    uses = {use for path in package.rglob("*.py") for use in USES.findall(path.read_text())}
    assert uses == {
        "libcst._nodes.internal import CodegenState",
        "libcst.metadata.expression_context_provider import ExpressionContextVisitor",
        "libcst.metadata.scope_provider import ScopeVisitor",
        "._codegen",
        "._computed",
        "._violations",
        '"_is_no_op"',
        '"leave_result"',
    }, "add a test to this module for each new private name, and remove the tests of names that are no longer used"


def test_codegen_state_can_be_made_with_the_indentation_of_a_node() -> None:
    state = found_in("libcst._nodes.internal", "CodegenState")
    assert state is not None, (
        "in worker/fixit_rules.py, let _edit_of use the module's whole code in place of the node's"
    )
    made = state(default_indent="    ", default_newline="\n", indent_tokens=["  "])
    made.add_indent_tokens()
    assert made.tokens == ["  "], "find the indentation tokens of CodegenState, and use them in worker/fixit_rules.py"


def test_nodes_write_their_code_by_codegen() -> None:
    assert hasattr(cst.Name("x"), "_codegen"), (
        "in worker/visiting/positions.py, compute Layout from MetadataWrapper and LibCST's own position providers; "
        "in worker/fixit_rules.py, use Module.code_for_node"
    )


def test_positions_are_counted_by_all_methods_of_codegen_state() -> None:
    state = found_in("libcst._nodes.internal", "CodegenState")
    methods = {name for name, _ in inspect.getmembers(state, inspect.isfunction) if not name.startswith("_")}
    counting = set(dir(vars(positions)["_Counting"]))
    assert methods <= counting, "give _Counting in worker/visiting/positions.py LibCST's new methods"


@pytest.mark.parametrize("provider", [ScopeProvider, ExpressionContextProvider])
def test_providers_collect_their_metadata_in_computed(provider: type[Any]) -> None:
    made = provider()
    made.set_metadata(node := cst.Name("x"), "known")
    assert getattr(made, "_computed", {}).get(node) == "known", (
        "in worker/visiting/metadata.py, leave the provider to MetadataWrapper: remove it from _QUICK"
    )


def test_contexts_are_found_by_expression_context_visitor() -> None:
    visitor = found_in("libcst.metadata.expression_context_provider", "ExpressionContextVisitor")
    assert visitor is not None, "in worker/visiting/metadata.py, remove ExpressionContextProvider from _QUICK"
    names = {"provider", "context"}
    assert names <= inspect.signature(visitor).parameters.keys(), (
        "call ExpressionContextVisitor with its new arguments in worker/visiting/metadata.py"
    )


def test_scopes_are_found_by_scope_visitor() -> None:
    visitor = found_in("libcst.metadata.scope_provider", "ScopeVisitor")
    assert hasattr(visitor, "infer_accesses"), "in worker/visiting/metadata.py, remove ScopeProvider from _QUICK"


def test_empty_methods_are_marked_as_no_op() -> None:
    assert getattr(cst.CSTVisitor.visit_Name, "_is_no_op", False), (
        "in worker/visiting, compare the method with that of LibCST's base class in place of asking for _is_no_op"
    )


def test_the_frame_that_refuses_a_result_holds_visitor_node_and_result() -> None:
    class ReturnsText(cst.CSTTransformer):
        def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> Any:  # noqa: ARG002, N802
            return "text"

    with pytest.raises(cst.CSTValidationError) as raised:
        cst.parse_module("x").visit(ReturnsText())
    values = raised.traceback[-1].frame.f_locals
    assert values.get("leave_result") == "text", (
        "find the new names of the locals of CSTNode.visit, and use them in worker/exception_report.py"
    )
    assert isinstance(values.get("visitor"), ReturnsText)
    assert isinstance(values.get("self"), cst.Name)


def test_metadata_wrapper_copies_a_module_by_deep_clone() -> None:
    class Kept(cst.Module):
        def deep_clone(self) -> Any:
            return self

    module = Kept(body=[])
    assert MetadataWrapper(module).module is module, (
        "in worker/visiting/construction.py, find how LibCST copies a module now, and let _Module override that"
    )


def test_methods_decorated_with_matchers_are_found_by_dir() -> None:
    class Decorated(VisitorBasedCodemodCommand):
        seen: tuple[str, ...] = ()

        @m.visit(m.Name("x"))
        def note(self, node: cst.Name) -> None:
            self.seen = (*self.seen, node.value)

    command = construct(Decorated, CodemodContext(), {})
    command.transform_module(cst.parse_module("x + y"))
    assert vars(command)["seen"] == ("x",), (
        "in worker/visiting/construction.py, remove _quick_class: LibCST no longer finds decorated methods by dir()"
    )
    assert vars(vars(Decorated)["note"]), (
        "in worker/visiting/construction.py, let visited_kinds find decorated methods by LibCST's new mark"
    )


def test_rules_collect_what_they_report_in_violations() -> None:
    class Reports(LintRule):
        def visit_Name(self, node: cst.Name) -> None:  # noqa: N802
            self.report(node, "message", replacement=cst.Name("y"))

    wrapper = MetadataWrapper(cst.parse_module("x"))
    rule = Reports()
    wrapper.visit_batched([rule])
    (violation,) = getattr(rule, "_violations", None) or [None]
    assert violation is not None, "in worker/fixit_rules.py, read where LintRule.report keeps its violations now"
    positions_of = wrapper.resolve(PositionProvider)
    assert violation.message == "message"
    assert violation.range == positions_of[violation.node]
    assert isinstance(violation.replacement, cst.Name)
