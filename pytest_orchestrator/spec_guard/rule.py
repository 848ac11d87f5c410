"""Deprecated: import `Rule` from `pytest_orchestrator.api.rules`."""

import warnings

from pytest_orchestrator.spec_guard.rules.rule import Rule

__all__ = ["Rule"]

warnings.warn(
    "pytest_orchestrator.spec_guard.rule is deprecated: import Rule from pytest_orchestrator.api.rules",
    DeprecationWarning,
    stacklevel=2,
)
