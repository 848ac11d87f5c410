"""For authors of linters and codemods: the base class of linters, and what the names of a file mean.

A codemod derives from `libcst.codemod.VisitorBasedCodemodCommand`; it needs no base class of ours.
"""

from pytest_orchestrator.diagnostics import Edit, Range
from pytest_orchestrator.pattern_engine.worker.linter import Finding, Linter
from pytest_orchestrator.pattern_engine.worker.scope import STAR, Binding, Scope, dotted_name, is_none
from pytest_orchestrator.pattern_engine.worker.scopes import read_scopes

__all__ = ["STAR", "Binding", "Edit", "Finding", "Linter", "Range", "Scope", "dotted_name", "is_none", "read_scopes"]
