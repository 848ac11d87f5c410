"""The rules that are checked: ours, those of installed packages, and those of a `conftest.py`."""

from __future__ import annotations

import pluggy

from pytest_orchestrator.commands.extensions import command_line_manager, joined
from pytest_orchestrator.spec_guard.guard import check_rules
from pytest_orchestrator.spec_guard.rules.rule import Rule
from pytest_orchestrator.spec_guard.rules.shipped import SHIPPED_RULES


def installed_rules() -> tuple[Rule, ...]:
    """Our rules and those of installed packages. Raises `UsageError` when two have one id."""
    return spec_rules(command_line_manager())


def spec_rules(manager: pluggy.PluginManager) -> tuple[Rule, ...]:
    """The rules of every plugin of `manager`, ours first. Raises `UsageError` when two have one id."""
    rules: tuple[Rule, ...] = joined(manager.hook.pytest_orchestrator_spec_rules())
    check_rules(rules)
    return tuple(sorted(rules, key=lambda rule: rule not in SHIPPED_RULES))
