"""For authors of plugins. `pytest_orchestrator.hookspecs` describes each hook.

A hook that can't answer raises `InputError` because of a file, `UsageError` because of an option or argument of the
call. The message is shown without a traceback.
"""

from pytest_orchestrator.errors import InputError, OrchestratorError, UsageError
from pytest_orchestrator.hookspecs import hookimpl

__all__ = ["InputError", "OrchestratorError", "UsageError", "hookimpl"]
