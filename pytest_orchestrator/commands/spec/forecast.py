"""`spec forecast` and `spec review --level`: when reviews fall due, and on which days to do them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pytest_orchestrator.commands.spec.spec_paths import known_paths
from pytest_orchestrator.config import read_project_file
from pytest_orchestrator.errors import UsageError
from pytest_orchestrator.spec_guard.project import Project
from pytest_orchestrator.spec_guard.reviews.forecast import Appointment, Expiry, expiries, level


def coming_expiries(project: Project) -> tuple[tuple[Expiry, ...], tuple[str, ...]]:
    """When the review of each spec expires, the next one first; and the paths of the specs without a readable date.

    Works without git, too. Raises as `known_paths` does.
    """
    specs = [project.document(path) for path in known_paths(project)]
    undated = tuple(spec.path for spec in specs if spec.declaration is None or spec.last_review is None)
    return expiries(specs, settings=project.settings), undated


def appointments(found: tuple[Expiry, ...], *, today: date, per_day: int) -> tuple[Appointment, ...]:
    """A day for each review, at most `per_day` on each. Raises `UsageError` when `per_day` is less than 1."""
    if per_day < 1:
        raise UsageError(f"--level must be at least 1 a day, not {per_day}", fix="--level 5")
    return level(found, today=today, per_day=per_day)


def project_name(root: Path) -> str:
    """The name of the project in `root`: that of its `pyproject.toml`, else that of the folder."""
    name = read_project_file(root).under("project", "name")
    return name if isinstance(name, str) and name else root.name
