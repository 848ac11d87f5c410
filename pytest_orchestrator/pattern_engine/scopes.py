"""Deprecated: import `read_scopes` from `pytest_orchestrator.api.patterns`."""

import warnings

from pytest_orchestrator.pattern_engine.worker.scopes import read_scopes

__all__ = ["read_scopes"]

warnings.warn(
    "pytest_orchestrator.pattern_engine.scopes is deprecated: import read_scopes from pytest_orchestrator.api.patterns",
    DeprecationWarning,
    stacklevel=2,
)
