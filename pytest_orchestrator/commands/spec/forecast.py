"""`spec forecast` and `spec review --level`: when reviews fall due, and on which days to do them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.errors import GitError, UsageError
from pytest_orchestrator.spec_guard.inspection import Inspection
from pytest_orchestrator.spec_guard.reviews.forecast import Appointment, Expiry, expiries, level


def coming_expiries(
    root: Path, *, settings: SpecGuardSettings, today: date
) -> tuple[tuple[Expiry, ...], tuple[str, ...]]:
    """When the review of each spec of the project ends, the next one first; and the specs of which nobody can tell.

    Works without git, too.
    """
    inspection = Inspection(root, settings=settings, today=today)
    try:
        paths = inspection.paths
    except GitError:
        paths = inspection.paths_without_git()
    specs = [inspection.document(path) for path in paths]
    unknown = tuple(spec.path for spec in specs if spec.declaration is None or spec.last_review is None)
    return expiries(specs, max_age_days=settings.max_age_days), unknown


def appointments(found: tuple[Expiry, ...], *, today: date, per_day: int) -> tuple[Appointment, ...]:
    """A day for each review. Raises `UsageError` when a day is to have none."""
    if per_day < 1:
        raise UsageError(f"--level must be at least 1 a day, not {per_day}", fix="--level 5")
    return level(found, today=today, per_day=per_day)
