"""For authors of rules: a `Rule` judges a `SpecDocument` in a `RuleContext` and yields `Diagnostic`s.

The other classes are what a `RuleContext` holds, and the constants are the groups of the shipped rules.
"""

from pytest_orchestrator.config import (
    ApprovalSettings,
    DriftSettings,
    FrontMatterSettings,
    SpecGuardSettings,
    StampSettings,
)
from pytest_orchestrator.diagnostics import Diagnostic, Edit, Range, Severity
from pytest_orchestrator.spec_guard.change.base import Base
from pytest_orchestrator.spec_guard.change.changes import Changes
from pytest_orchestrator.spec_guard.change.policy import Loosening
from pytest_orchestrator.spec_guard.change.unchanged import Unchanged
from pytest_orchestrator.spec_guard.document.spec import Declaration, SpecDocument
from pytest_orchestrator.spec_guard.ledgers.approvals import Approver, Authorship
from pytest_orchestrator.spec_guard.ledgers.baseline import Baseline, BaselineEntry, BaselineFile
from pytest_orchestrator.spec_guard.ledgers.loading import Ledgers
from pytest_orchestrator.spec_guard.ledgers.overrides import Override
from pytest_orchestrator.spec_guard.ledgers.task_index import IndexEntry, TaskIndex
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewLedger, ReviewRecord
from pytest_orchestrator.spec_guard.reviews.state import (
    BulkDateChange,
    Drift,
    LastReview,
    LostAnchor,
    Reviews,
    ReviewState,
)
from pytest_orchestrator.spec_guard.rules.rule import (
    CHANGE,
    CONTENT,
    FRESHNESS,
    FRONT_MATTER,
    REVIEW,
    Rule,
    RuleContext,
)

__all__ = [
    "CHANGE",
    "CONTENT",
    "FRESHNESS",
    "FRONT_MATTER",
    "REVIEW",
    "ApprovalSettings",
    "Approver",
    "Authorship",
    "Base",
    "Baseline",
    "BaselineEntry",
    "BaselineFile",
    "BulkDateChange",
    "Changes",
    "Declaration",
    "Diagnostic",
    "Drift",
    "DriftSettings",
    "Edit",
    "FrontMatterSettings",
    "IndexEntry",
    "LastReview",
    "Ledgers",
    "Loosening",
    "LostAnchor",
    "Override",
    "Range",
    "ReviewLedger",
    "ReviewRecord",
    "ReviewState",
    "Reviews",
    "Rule",
    "RuleContext",
    "Severity",
    "SpecDocument",
    "SpecGuardSettings",
    "StampSettings",
    "TaskIndex",
    "Unchanged",
]
