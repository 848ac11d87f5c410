"""`spec check`: the spec guard on a project with its own settings, and with the rules of installed packages."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_orchestrator.codec.decode import parse_date
from pytest_orchestrator.config import Settings, SpecGuardSettings
from pytest_orchestrator.errors import UsageError
from pytest_orchestrator.spec_guard.change.scope import Scope
from pytest_orchestrator.spec_guard.guard import check_rules, guard
from pytest_orchestrator.spec_guard.reports.report import SpecReport
from pytest_orchestrator.spec_guard.rules.rule import Rule
from pytest_orchestrator.spec_guard.rules.shipped import SHIPPED_RULES

if TYPE_CHECKING:
    import pluggy


def check_specs(  # noqa: PLR0913 - what a verdict depends on is said by the caller, not found out here
    root: Path,
    *,
    settings: Settings,
    today: date,
    paths: Sequence[str] = (),
    base: str | None = None,
    scope: Scope | None = None,
    manager: pluggy.PluginManager | None = None,
) -> SpecReport:
    """Check the specs of the project in `root`; see `spec_guard.guard` for what may be raised."""
    rules = installed_rules() if manager is None else spec_rules(manager)
    with _without_collector():
        return guard(root, settings=settings.spec_guard, today=today, base=base, paths=paths, scope=scope, rules=rules)


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Values that hold no cycles need no collector, which takes a seventh of the time of a large project."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def installed_rules() -> tuple[Rule, ...]:
    """Our rules and those of installed packages. Raises `UsageError` when an id is used twice."""
    from pytest_orchestrator.commands.extensions import command_line_manager

    return spec_rules(command_line_manager())


def spec_rules(manager: pluggy.PluginManager) -> tuple[Rule, ...]:
    """Our rules, then those that other packages and a `conftest.py` add.

    Raises:
        UsageError: two have one id.
    """
    from pytest_orchestrator.commands.extensions import joined

    rules: tuple[Rule, ...] = joined(manager.hook.pytest_orchestrator_spec_rules())
    check_rules(rules)
    return tuple(sorted(rules, key=lambda rule: rule not in SHIPPED_RULES))


def with_max_age(settings: SpecGuardSettings, days: int | None, *, option: str) -> SpecGuardSettings:
    """The settings with another limit, when there is one. Raises `UsageError` when it is no limit."""
    if days is None:
        return settings
    if days < 1:
        raise UsageError(f"{option} must be at least 1 day, not {days}", fix=f"{option}=30")
    return replace(settings, max_age_days=days)


_FIRST_YEAR, _LAST_YEAR = 1000, 9000


def judged_day(text: str | None, *, option: str) -> date:
    """The day to judge by: today unless told. Raises `UsageError` when `text` is no date."""
    if text is None:
        return date.today()  # noqa: DTZ011 - a review's date is a day of its author's calendar
    found = parse_date(text)
    if found is None:
        raise UsageError(f"{option} must be a date as YYYY-MM-DD, not {text!r}", fix=f"{option}=2026-01-31")
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:  # beyond them there may be no day a month before or after
        raise UsageError(f"{option} must be of this age, not {text}", fix=f"{option}=2026-01-31")
    return found


def relative_paths(paths: Sequence[Path], *, root: Path, cwd: Path) -> tuple[str, ...]:
    """Paths as a person names them in `cwd`, as the guard knows them: POSIX, relative to `root`.

    Raises:
        UsageError: one lies outside the project.
    """
    found: list[str] = []
    for path in paths:
        # The last part may be a symbolic link that is to be reported: only the folder is resolved.
        where = (cwd / path).parent.resolve() / path.name if path.name not in ("", "..") else (cwd / path).resolve()
        if where != root and root not in where.parents:
            raise UsageError(f"{path} is not in the project {root}", fix="name files of the project")
        found.append(where.relative_to(root).as_posix())
    return tuple(found)
