"""When reviews expire, by week, and how to spread them over working days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.display import listed
from pytest_orchestrator.spec_guard.coverage import globs
from pytest_orchestrator.spec_guard.document.mapping import STATUSES
from pytest_orchestrator.spec_guard.document.spec import SpecDocument


@dataclass(frozen=True, kw_only=True)
class Expiry:
    """The end of a spec's review. `due` is the last day on which it counts."""

    path: str
    id: str
    owners: tuple[str, ...]
    last_review: date
    due: date


@dataclass(frozen=True, kw_only=True)
class Week:
    """The reviews that expire in one week. `monday` is None for overdue ones."""

    monday: date | None
    expiries: tuple[Expiry, ...]

    @property
    def name(self) -> str:
        """The week as ISO 8601 writes it, e.g. `2026-W07`."""
        if self.monday is None:
            return "overdue"
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02}"


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """The day on which to review a spec."""

    expiry: Expiry
    day: date

    @property
    def days_late(self) -> int:
        """How many days after the review is due; 0 when it is in time."""
        return max((self.day - self.expiry.due).days, 0)


def max_age_of(spec: SpecDocument, settings: SpecGuardSettings) -> int:
    """How many days a review of `spec` counts."""
    limits = settings.max_age
    if not limits or spec.declaration is None:
        return settings.max_age_days
    found = limits.get(spec.declaration.id)
    if found is None:
        by_path = (days for glob, days in limits.items() if globs.matches(spec.path, (glob,)))
        found = next(by_path, limits.get(spec.declaration.status))
    return settings.max_age_days if found is None else found


def unused_limits(specs: Sequence[SpecDocument], settings: SpecGuardSettings) -> tuple[str, ...]:
    """The names in `max_age` that are neither a status nor the id of a spec, and match no path of one."""
    ids = {spec.id for spec in specs}
    return tuple(
        name
        for name in settings.max_age
        if name not in STATUSES and name not in ids and not any(globs.matches(spec.path, (name,)) for spec in specs)
    )


def expiries(specs: Iterable[SpecDocument], *, settings: SpecGuardSettings) -> tuple[Expiry, ...]:
    """When the review of each spec in force expires, the next one first."""
    found = (
        Expiry(
            path=spec.path,
            id=spec.declaration.id,
            owners=spec.declaration.owners,
            last_review=spec.last_review,
            due=_later(spec.last_review, max_age_of(spec, settings)),
        )
        for spec in specs
        if spec.declaration is not None and spec.in_force and spec.last_review is not None
    )
    return tuple(sorted(found, key=lambda item: (item.due, item.path)))


def by_week(found: Sequence[Expiry], *, today: date, weeks: int) -> tuple[Week, ...]:
    """The overdue reviews, then those of each of the coming `weeks` weeks; empty weeks, too."""
    this_monday = today - timedelta(days=today.weekday())
    overdue = tuple(item for item in found if item.due < today)
    coming = []
    for number in range(weeks):
        monday = this_monday + timedelta(weeks=number)
        inside = tuple(item for item in found if item.due >= today and monday <= item.due < monday + timedelta(weeks=1))
        coming.append(Week(monday=monday, expiries=inside))
    return (Week(monday=None, expiries=overdue), *coming)


def level(found: Sequence[Expiry], *, today: date, per_day: int) -> tuple[Appointment, ...]:
    """A working day of review for each spec, at most `per_day` on a day, in time where that is possible.

    Deterministic. Specs are placed in the order in which they are due. Each takes the latest free working day up to its
    last one, so that no review comes earlier than needed. When there is none, it takes the first free day after.
    """
    load: Counter[date] = Counter()
    latest: dict[date, date] = {}
    chosen: list[Appointment] = []
    first_free = _working(today, forwards=True)
    for item in found:
        day = _free_before(item.due, today, load, latest, per_day)
        if day is None:
            while load[first_free] >= per_day:
                first_free = _working(first_free + timedelta(days=1), forwards=True)
            day = first_free
        load[day] += 1
        chosen.append(Appointment(expiry=item, day=day))
    return tuple(sorted(chosen, key=lambda item: (item.day, item.expiry.due, item.expiry.path)))


def _free_before(due: date, today: date, load: Counter[date], latest: dict[date, date], per_day: int) -> date | None:
    """The latest working day from today to `due` with room. `latest` maps a full day to the next one to try."""
    day = _working(due, forwards=False)
    passed: list[date] = []
    while day >= today and load[day] >= per_day:
        passed.append(day)
        day = latest.get(day) or _working(day - timedelta(days=1), forwards=False)
    for full in passed:
        latest[full] = day
    return day if day >= today else None


def _working(day: date, *, forwards: bool) -> date:
    while day.weekday() >= 5:
        day += timedelta(days=1 if forwards else -1)
    return day


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max


def rows(weeks: Iterable[Week]) -> Iterator[tuple[str, int, str]]:
    """The rows of a table: week, how many reviews, their specs."""
    for week in weeks:
        names = [item.id for item in week.expiries]
        yield week.name, len(names), listed(names, at_most=6)
