"""For authors of rules: a `Rule` judges a `SpecDocument` in a `RuleContext` and yields `Diagnostic`s."""

from pytest_orchestrator.diagnostics import Diagnostic, Range, Severity
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.rules.rule import Rule, RuleContext

__all__ = ["Diagnostic", "Range", "Rule", "RuleContext", "Severity", "SpecDocument"]
