"""`spec list`: every spec with the age of its review and the day on which the next one is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pytest_orchestrator.commands.spec.forecast import coming_expiries
from pytest_orchestrator.commands.spec.spec_paths import known_paths
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.project import Project
from pytest_orchestrator.spec_guard.reviews.forecast import Expiry

ReviewState = Literal["fresh", "due soon", "overdue", "no date", "retired", "unreadable"]


@dataclass(frozen=True, kw_only=True)
class ListedSpec:
    """A spec in the list. What its front matter does not tell is None."""

    path: str
    id: str | None
    owners: tuple[str, ...]
    status: str | None
    state: ReviewState
    """Whether the review still counts: `due soon` from `warn_days` before its last day, `overdue` after that day."""
    last_review: date | None
    age_days: int | None
    """Days since the last review."""
    due: date | None
    """The last day on which the review counts; None for a spec without a date, and for a retired one."""


def list_specs(project: Project) -> tuple[ListedSpec, ...]:
    """All specs, sorted by path. Works without git, too. Raises as `known_paths` does."""
    found, _ = coming_expiries(project)
    due = {item.path: item for item in found}
    return tuple(_listed(project, project.document(path), due.get(path)) for path in known_paths(project))


def _listed(project: Project, spec: SpecDocument, expiry: Expiry | None) -> ListedSpec:
    declaration, reviewed = spec.declaration, spec.last_review
    return ListedSpec(
        path=spec.path,
        id=spec.id,
        owners=() if declaration is None else declaration.owners,
        status=None if declaration is None else declaration.status,
        state=_state(project, spec, expiry),
        last_review=reviewed,
        age_days=None if reviewed is None else (project.today - reviewed).days,
        due=None if expiry is None else expiry.due,
    )


def _state(project: Project, spec: SpecDocument, expiry: Expiry | None) -> ReviewState:
    if spec.declaration is None:
        return "unreadable"
    if not spec.in_force:
        return "retired"
    if expiry is None:
        return "no date"
    if expiry.due < project.today:
        return "overdue"
    warned = project.settings.warn_days
    return "due soon" if warned and expiry.due - project.today <= timedelta(days=warned) else "fresh"
