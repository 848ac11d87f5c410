"""When reviews fall due, and how they are spread."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.spec_guard.reports.calendar_svg import render_calendar
from pytest_orchestrator.spec_guard.reviews.forecast import Expiry, by_week, level, rows

TODAY = date(2020, 11, 20)  # a Friday


def _expiry(number: int, in_days: int) -> Expiry:
    due = TODAY + timedelta(days=in_days)
    return Expiry(path=f"{number}.md", id=f"s{number}", owners=("ann",), last_review=due - timedelta(days=30), due=due)


def test_weeks_are_counted_as_iso_counts_them() -> None:
    found = [_expiry(0, -3), _expiry(1, 0), _expiry(2, 3), _expiry(3, 300)]
    output = list(rows(by_week(found, today=TODAY, weeks=3)))
    assert output == [("overdue", 1, "s0"), ("2020-W47", 1, "s1"), ("2020-W48", 1, "s2"), ("2020-W49", 0, "")]


def test_overdue_reviews_come_first_and_weekends_are_free() -> None:
    plan = level([_expiry(number, -1) for number in range(3)], today=TODAY, per_day=2)
    assert [str(item.day) for item in plan] == ["2020-11-20", "2020-11-20", "2020-11-23"]


def test_a_review_is_not_asked_for_earlier_than_needed() -> None:
    (only,) = level([_expiry(0, 12)], today=TODAY, per_day=1)
    assert str(only.day) == "2020-12-02"
    saturday = level([_expiry(0, 1)], today=TODAY, per_day=1)
    assert str(saturday[0].day) == "2020-11-20"


_EXPIRIES = st.lists(st.integers(-40, 90), max_size=120).map(
    lambda days: tuple(sorted((_expiry(n, d) for n, d in enumerate(days)), key=lambda item: (item.due, item.path)))
)


@given(_EXPIRIES, st.integers(1, 6))
def test_no_day_has_more_than_it_may_and_nothing_is_lost(found: tuple[Expiry, ...], per_day: int) -> None:
    plan = level(found, today=TODAY, per_day=per_day)
    assert plan == level(found, today=TODAY, per_day=per_day)
    days = Counter(item.day for item in plan)
    assert all(count <= per_day for count in days.values())
    assert all(day >= TODAY and day.weekday() < 5 for day in days)
    assert {item.expiry.path for item in plan} == {item.path for item in found}
    # Late only when every working day until then is full.
    for item in plan:
        if item.day > item.expiry.due >= TODAY:
            span = [TODAY + timedelta(days=number) for number in range((item.expiry.due - TODAY).days + 1)]
            assert all(days[day] == per_day for day in span if day.weekday() < 5)


@given(_EXPIRIES, st.integers(1, 60))
def test_calendar_is_well_formed(found: tuple[Expiry, ...], weeks: int) -> None:
    root = ET.fromstring(render_calendar(found, today=TODAY, weeks=weeks))  # noqa: S314 - our own text
    assert root.tag.endswith("svg")
    assert f"{len(found)} specs" in "".join(root.itertext())


def test_dates_at_the_end_of_the_calendar_do_not_crash() -> None:
    from pytest_orchestrator.spec_guard.document.spec import parse
    from pytest_orchestrator.spec_guard.reviews.forecast import expiries

    spec = parse(b"---\nid: a\ntitle: T\nstatus: draft\nowners: [a]\nlast_review: 9999-12-31\n---\n", path="a.md")
    assert expiries([spec], settings=SpecGuardSettings(max_age_days=30))[0].due == date.max
