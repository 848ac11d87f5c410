"""Reads the arguments that several commands about specs share: a day, a limit, paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from pytest_orchestrator.codec.decode import parse_date
from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.errors import UsageError

_FIRST_YEAR, _LAST_YEAR = 1000, 9000


def with_max_age(settings: SpecGuardSettings, days: int | None, *, option: str) -> SpecGuardSettings:
    """The settings with `days` as the only limit of age, unless it is None. Raises `UsageError` for less than 1."""
    if days is None:
        return settings
    if days < 1:
        raise UsageError(f"{option} must be at least 1 day, not {days}", fix=f"{option}=30")
    return replace(settings, max_age_days=days, max_age={})


def judged_day(text: str | None, *, option: str) -> date:
    """The day that specs are judged on: `text` as YYYY-MM-DD, or today. Raises `UsageError` for any other text."""
    if text is None:
        return date.today()  # noqa: DTZ011 - a review's date is a day of its author's calendar
    found = parse_date(text)
    if found is None:
        raise UsageError(f"{option} must be a date as YYYY-MM-DD, not {text!r}", fix=f"{option}=2026-01-31")
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:  # beyond them there may be no day a month before or after
        raise UsageError(
            f"{option} must be in the years {_FIRST_YEAR} to {_LAST_YEAR}, not {text}", fix=f"{option}=2026-01-31"
        )
    return found


def relative_paths(paths: Sequence[Path], *, root: Path, cwd: Path) -> tuple[str, ...]:
    """Paths that were given in `cwd`, as the guard takes them: POSIX, relative to `root`.

    Raises:
        UsageError: one is outside of the project.
    """
    found: list[str] = []
    for path in paths:
        # The last part may be a symbolic link that is to be reported: only the folder is resolved.
        where = (cwd / path).parent.resolve() / path.name if path.name not in ("", "..") else (cwd / path).resolve()
        if where != root and root not in where.parents:
            raise UsageError(f"{path} is not in the project {root}", fix="name files of the project")
        found.append(where.relative_to(root).as_posix())
    return tuple(found)
