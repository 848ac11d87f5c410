"""Deprecated: import `Linter` from `pytest_orchestrator.api.patterns`."""

import warnings

from pytest_orchestrator.pattern_engine.worker.linter import Linter

__all__ = ["Linter"]

warnings.warn(
    "pytest_orchestrator.pattern_engine.linter is deprecated: import Linter from pytest_orchestrator.api.patterns",
    DeprecationWarning,
    stacklevel=2,
)
