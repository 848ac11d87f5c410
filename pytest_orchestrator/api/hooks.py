"""For authors of plugins. `pytest_orchestrator.hookspecs` describes each hook."""

from pytest_orchestrator.hookspecs import hookimpl

__all__ = ["hookimpl"]
