"""Fixit's lint rules as linters, and their autofixes as codemods.

Only a rule's own module imports Fixit, so nothing here needs it as long as no rule runs.
"""

from __future__ import annotations

import dataclasses
import platform
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import libcst as cst
from libcst._nodes.internal import CodegenState
from libcst.codemod import CodemodCommand
from libcst.helpers import ModuleNameAndPackage
from libcst.metadata import CodeRange, ParentNodeProvider, ProviderT

from pytest_orchestrator.diagnostics import Edit
from pytest_orchestrator.pattern_engine.channel import RuleCase
from pytest_orchestrator.pattern_engine.worker.linter import Finding, Linter
from pytest_orchestrator.pattern_engine.worker.visiting.batched_visit import BatchedVisit
from pytest_orchestrator.pattern_engine.worker.visiting.metadata import Metadata, file_facts
from pytest_orchestrator.pattern_engine.worker.visiting.positions import Layout, Span, common_length, range_of

Replacement = cst.CSTNode | cst.FlattenSentinel[cst.CSTNode] | cst.RemovalSentinel


def is_rule(found: object) -> bool:
    """Whether this is the class of a Fixit rule."""
    fixit = sys.modules.get("fixit.rule")
    return fixit is not None and isinstance(found, type) and issubclass(found, fixit.LintRule)


def linter_class(rule_class: type[Any]) -> type[Linter]:
    """The rule as a linter."""
    return type(rule_class.__name__, (RuleLinter,), {"rule_class": rule_class})


def fix_class(rule_class: type[Any]) -> type[CodemodCommand]:
    """The rule's autofix as a codemod."""
    return type(rule_class.__name__, (RuleFix,), {"rule_class": rule_class})


def examples(rule_class: type[Any]) -> Iterator[RuleCase]:
    """The rule's `VALID` and `INVALID` lists."""
    for name in ("VALID", "INVALID"):
        for number, example in enumerate(getattr(rule_class, name, ())):
            expected = getattr(example, "range", None)
            yield RuleCase(
                name=f"{name}-{number}",
                code=getattr(example, "code", example),
                is_valid=name == "VALID",
                range=range_of(expected) if expected is not None else None,
                message=getattr(example, "expected_message", None),
                replacement=getattr(example, "expected_replacement", None) or None,
            )


class RuleLinter(Linter):
    """Reports what the rule reports."""

    rule_class: ClassVar[type[Any]]

    def __init__(self) -> None:
        super().__init__()
        self._rule = self.rule_class()

    @classmethod
    def watcher_class(cls) -> type[cst.BatchableCSTVisitor]:
        """The rule's class."""
        return cls.rule_class

    def watchers(self) -> Collection[cst.BatchableCSTVisitor]:
        """The rule, if it is for the Python that runs."""
        return (self._rule,) if _is_meant_for_this_python(self.rule_class) else ()

    def reported(self, metadata: Metadata) -> list[Finding]:
        """What the rule reported, each with its fix."""
        return sorted(_finding(violation, metadata) for violation in self._rule._violations)


class RuleFix(CodemodCommand):
    """Makes the replacements that the rule offers, as `fixit fix --automatic` does."""

    rule_class: ClassVar[type[Any]]

    def transform_module(self, tree: cst.Module) -> cst.Module:
        """The module with the replacements; `tree` itself if there are none."""
        if not _is_meant_for_this_python(self.rule_class):
            return tree
        # The engine's own subclass of Module has another class, and visitors look methods up by class.
        module = cst.Module(**{field.name: getattr(tree, field.name) for field in dataclasses.fields(tree)})
        metadata = Metadata(module, self._facts)
        rule = self.rule_class()
        BatchedVisit(metadata).run(rule)
        replacements = {item.node: item.replacement for item in rule._violations if item.replacement}
        return _replaced(metadata, replacements) if replacements else tree

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """The same: a rule needs none of LibCST's preparations."""
        return self.transform_module(tree)

    def _facts(self) -> Mapping[ProviderT, object]:
        context = self.context
        names = ModuleNameAndPackage(name=context.full_module_name or "", package=context.full_package_name or "")
        return file_facts(Path(context.filename or ""), names)


def _is_meant_for_this_python(rule_class: type[Any]) -> bool:
    from packaging.specifiers import SpecifierSet

    return platform.python_version() in SpecifierSet(rule_class.PYTHON_VERSION, prereleases=True)


def _finding(violation: Any, metadata: Metadata) -> Finding:
    replacement: Replacement | None = violation.replacement
    return Finding(
        range=range_of(violation.range),
        message=violation.message,
        edit=_edit_of(metadata, violation.node, replacement) if replacement else None,
    )


def _replaced(metadata: Metadata, replacements: Mapping[cst.CSTNode, Replacement]) -> cst.Module:
    """The module with the nodes replaced. A node inside of another replaced one is not looked at."""
    parents = metadata.resolve(ParentNodeProvider)
    above: set[object] = set()
    for node in replacements:
        parent: object = parents.get(node)
        while parent is not None and parent not in above:
            above.add(parent)
            parent = parents.get(parent) if isinstance(parent, cst.CSTNode) else None
    module = metadata.module.visit(_Replacer(replacements, above))
    assert isinstance(module, cst.Module)  # noqa: S101 - no rule replaces the module
    return module


def _edit_of(metadata: Metadata, node: cst.CSTNode, replacement: Replacement) -> Edit:
    """The edit of the text that replaces this one node."""
    layout = metadata.layout
    found = _edit_of_node(metadata, node, replacement)
    if found is None:  # its parent writes the node, or it holds the file's last newline
        after = _replaced(metadata, {node: replacement}).code
        found = (Span(start=0, end=len(layout.code), indent=()), after)
    return _smallest(layout, *found)


class _Replacer(cst.CSTTransformer):
    def __init__(self, replacements: Mapping[cst.CSTNode, Replacement], above: set[object]) -> None:
        super().__init__()
        self._replacements, self._above = replacements, above

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node in self._above and node not in self._replacements

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> Replacement:  # type: ignore[override]
        return self._replacements.get(original_node, updated_node)


def _edit_of_node(metadata: Metadata, node: cst.CSTNode, replacement: Replacement) -> tuple[Span, str] | None:
    """The span and new text of the node alone; None where the text does not hold the node's own code."""
    layout = metadata.layout
    kinds = (cst.BaseExpression, cst.BaseStatement)
    if not any(isinstance(node, kind) and isinstance(replacement, kind) for kind in kinds):
        return None
    assert isinstance(replacement, cst.CSTNode)  # noqa: S101 - sentinels are neither
    span = layout.span(node)
    before, after = (_code(metadata.module, each, span) for each in (node, replacement))
    if after is None or before != layout.code[span.start : span.end]:
        return None
    return span, after


def _code(module: cst.Module, node: cst.CSTNode, span: Span) -> str | None:
    state = CodegenState(
        default_indent=module.default_indent,
        default_newline=module.default_newline,
        indent_tokens=list(span.indent),
    )
    try:
        node._codegen(state)
    except TypeError:  # its parent must pass further arguments
        return None
    return "".join(state.tokens)


def _smallest(layout: Layout, span: Span, text: str) -> Edit:
    """The edit without the text that stays the same at its ends."""
    before = layout.code[span.start : span.end]
    head = common_length(before, text)
    head -= before[:head].endswith("\r")  # `\r\n` is one line end
    left = min(len(before), len(text)) - head
    tail = min(left, common_length(before[::-1], text[::-1]))
    tail -= "\r" in layout.code and before[len(before) - tail :].startswith("\n")
    edited = CodeRange(layout.position(span.start + head), layout.position(span.end - tail))
    return Edit(range=range_of(edited), text=text[head : len(text) - tail])
