"""Fixit's lint rules as linters, and their autofixes as codemods.

Fixit is loaded when a rule is, by the rule's own module: what has no rule to run must not need it.
"""

from __future__ import annotations

import dataclasses
import platform
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import libcst as cst
from libcst.codemod import CodemodCommand
from libcst.helpers import ModuleNameAndPackage
from libcst.metadata import CodeRange, ProviderT

from pytest_orchestrator.pattern_engine.foreign.rule_case import RuleCase
from pytest_orchestrator.pattern_engine.worker.linter import Finding, Linter
from pytest_orchestrator.pattern_engine.worker.visiting.batched_visit import Stage
from pytest_orchestrator.pattern_engine.worker.visiting.edits import Replacement, edit_of, replaced
from pytest_orchestrator.pattern_engine.worker.visiting.metadata import Metadata, file_facts
from pytest_orchestrator.records import Range


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
            place = getattr(example, "range", None)
            yield RuleCase(
                name=f"{name}-{number}",
                code=getattr(example, "code", example),
                is_valid=name == "VALID",
                range=_range(place) if place is not None else None,
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
        # The engine's own kind of module goes by another class, and methods are called by class.
        module = cst.Module(**{field.name: getattr(tree, field.name) for field in dataclasses.fields(tree)})
        metadata = Metadata(module, self._facts)
        rule = self.rule_class()
        Stage(metadata).show(rule)
        replacements = {item.node: item.replacement for item in rule._violations if item.replacement}
        return replaced(metadata, replacements) if replacements else tree

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """The same: it needs nothing of what LibCST prepares."""
        return self.transform_module(tree)

    def _facts(self) -> Mapping[ProviderT, object]:
        context = self.context
        names = ModuleNameAndPackage(name=context.full_module_name or "", package=context.full_package_name or "")
        return file_facts(Path(context.filename or ""), names)


def _is_meant_for_this_python(rule_class: type[Any]) -> bool:
    from packaging.specifiers import SpecifierSet  # Fixit brings it

    return platform.python_version() in SpecifierSet(rule_class.PYTHON_VERSION, prereleases=True)


def _finding(violation: Any, metadata: Metadata) -> Finding:
    replacement: Replacement | None = violation.replacement
    return Finding(
        range=_range(violation.range),
        message=violation.message,
        edit=edit_of(metadata, violation.node, replacement) if replacement else None,
    )


def _range(place: CodeRange) -> Range:
    return Range(
        start_line=place.start.line,
        start_column=place.start.column + 1,
        end_line=place.end.line,
        end_column=place.end.column + 1,
    )
