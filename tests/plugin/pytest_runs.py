"""pytest runs: in the tests' own process, and in a process of their own for what only that can show."""

from __future__ import annotations

import pkgutil
from contextlib import suppress
from importlib import import_module

import pytest

import pytest_orchestrator
from tests.lean import LEAN


def _import_all() -> None:
    """Import ours, and what they import late.

    `pytester` forgets the modules that a run imported. A second copy of a module would cost its time again, and would
    not recognise the classes of the first.
    """
    for name in ("git", "httpcore2", "jsonschema", "rich.console", "tabulate", "yaml"):
        import_module(name)
    for module in pkgutil.walk_packages(pytest_orchestrator.__path__, "pytest_orchestrator."):
        if ".pattern_engine." not in module.name and not module.name.endswith("__main__"):
            with suppress(DeprecationWarning):  # an old name, which says so: nothing of ours imports it
                import_module(module.name)
    for module in pkgutil.iter_modules(import_module("pytest_orchestrator.pattern_engine.host").__path__):
        import_module(f"pytest_orchestrator.pattern_engine.host.{module.name}")


_import_all()

# Their warnings and wrappers are no part of what is tested here.
_WITHOUT = ("-p", "no:asyncio", "-p", "no:pytest-lsp")


def run_pytest(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest in this process, which is ten times faster."""
    return pytester.runpytest_inprocess(*_WITHOUT, *arguments)


def run_process(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest in a process of its own, as a person does."""
    return pytester.runpytest_subprocess(*LEAN, *arguments)
