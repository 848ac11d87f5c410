"""The rules that this package ships."""

from __future__ import annotations

from pytest_orchestrator.spec_guard.rules.approvals import APPROVAL_RULES
from pytest_orchestrator.spec_guard.rules.changes import CHANGE_RULES
from pytest_orchestrator.spec_guard.rules.front_matter import FRONT_MATTER_RULES
from pytest_orchestrator.spec_guard.rules.loosenings import LOOSENING_RULES
from pytest_orchestrator.spec_guard.rules.repository import PROJECT_RULES
from pytest_orchestrator.spec_guard.rules.reviews import REVIEW_RULES
from pytest_orchestrator.spec_guard.rules.rule import Rule

SHIPPED_RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*FRONT_MATTER_RULES, *CHANGE_RULES, *PROJECT_RULES, *REVIEW_RULES, *APPROVAL_RULES, *LOOSENING_RULES),
        key=lambda rule: rule.id,
    )
)
