"""What a project keeps beside its specs, as rules judge by it: reviews, approvals, overrides, index, history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pytest_orchestrator.records import Diagnostic
from pytest_orchestrator.spec_guard.change.uncovered import FindFiles
from pytest_orchestrator.spec_guard.document.links import ReadText
from pytest_orchestrator.spec_guard.ledgers.approvals import Approver, Authorship
from pytest_orchestrator.spec_guard.ledgers.overrides import Override
from pytest_orchestrator.spec_guard.ledgers.task_index import TaskIndex
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewLedger
from pytest_orchestrator.spec_guard.reviews.state import BulkMove, Standings


def _no_file(_: str) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Background:
    """Everything is as if there were nothing where it is not known."""

    standings: Standings = field(default_factory=Standings)
    ledger: ReviewLedger = field(default_factory=ReviewLedger)
    new_reviews: frozenset[str] = frozenset()
    """The ids of the specs whose last review the change itself recorded."""
    lost_reviews: int = 0
    """How many records the base's ledger holds that the present one doesn't."""
    bulk_moves: tuple[BulkMove, ...] = ()
    """The commits of the change that moved the dates of too many specs."""
    overrides: tuple[Override, ...] = ()
    approvers: Mapping[str, Approver] | None = None
    """None: the project has no file of approvers."""
    written: Callable[[str], Authorship] = lambda _: Authorship()
    """Who wrote the words and the approvals of the spec in a file."""
    index: TaskIndex | None = None
    index_text: str = ""
    read: ReadText = _no_file
    """Any Markdown file of the project."""
    find: FindFiles = lambda _: ()
    """The files that an entry of `covers` points at or into."""
    broken: tuple[Diagnostic, ...] = ()
    """The ledgers that can't be read; each counts as absent beside."""
