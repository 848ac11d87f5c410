"""The rules and reporters that we ship, and the extensions of other packages, joined through the same hooks."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from pytest_orchestrator import hookspecs
from pytest_orchestrator.hookspecs import hookimpl

if TYPE_CHECKING:
    from pytest_orchestrator.evaluation.record.report import Reporter
    from pytest_orchestrator.spec_guard.rules.rule import Rule

GROUP = "pytest_orchestrator"
"""The group of entry points under which a package declares a module that implements our hooks."""

_SHIPPED = "orchestrator-shipped"
_METADATA = (".dist-info", ".egg-info", "egg-info")


class Shipped:
    """Our own answers to the hooks; each imports its room only when it is asked."""

    @hookimpl
    def pytest_orchestrator_spec_rules(self) -> Sequence[Rule]:
        """SG001 and its siblings."""
        from pytest_orchestrator.spec_guard.rules.shipped import SHIPPED_RULES

        return SHIPPED_RULES

    @hookimpl(trylast=True)  # `joined` turns the order around: ours come before those of a conftest.py
    def pytest_orchestrator_reporters(self) -> Sequence[Reporter]:
        """`report.json` and `report.md`."""
        from pytest_orchestrator.evaluation.record.report import SHIPPED_REPORTERS

        return SHIPPED_REPORTERS


def extend(manager: pluggy.PluginManager) -> None:
    """Register what we ship and the installed packages' modules with a manager that knows `hookspecs`, once."""
    if manager.has_plugin(_SHIPPED):
        return
    manager.register(Shipped(), _SHIPPED)
    if _may_be_extended(sys.path):
        manager.load_setuptools_entrypoints(GROUP)


def command_line_manager() -> pluggy.PluginManager:
    """The hooks as the command line sees them: no `conftest.py`, for there is no pytest run."""
    manager = pluggy.PluginManager("pytest")
    manager.add_hookspecs(hookspecs)
    extend(manager)
    return manager


def _may_be_extended(folders: Iterable[str]) -> bool:
    """Whether an installed package may declare an extension.

    Pluggy's search imports `importlib.metadata` and parses what every package declares, which takes a seventh of a
    short command's time. Where packages are not in plain folders, only that search can tell.
    """
    if any(finder is not PathFinder and hasattr(finder, "find_distributions") for finder in sys.meta_path):
        return True
    header = f"[{GROUP}]".encode()
    for folder in folders:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - plain strings: a folder holds hundreds of packages
        except FileNotFoundError:
            continue
        except OSError:  # an archive
            return True
        declared = (_declared(f"{folder or '.'}/{name}") for name in names if name.lower().endswith(_METADATA))
        if any(header in text for text in declared):
            return True
    return False


def _declared(metadata: str) -> bytes:
    """The entry points that a package declares; empty for none."""
    try:
        with open(f"{metadata}/entry_points.txt", "rb") as stream:  # noqa: PTH123 - plain strings, as above
            return stream.read()
    except (FileNotFoundError, NotADirectoryError):
        return b""


def joined(answers: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    """The items of every answer to a hook, first registered first (pluggy calls the last one first)."""
    return tuple(item for answer in reversed(answers) for item in answer)


def pattern_folders(manager: pluggy.PluginManager) -> tuple[Path, ...]:
    """Folders of patterns that other packages add."""
    return joined(manager.hook.pytest_orchestrator_pattern_folders())


def fixture_locks(manager: pluggy.PluginManager) -> tuple[Path, ...]:
    """Lock files that other packages add."""
    return joined(manager.hook.pytest_orchestrator_fixture_locks())
