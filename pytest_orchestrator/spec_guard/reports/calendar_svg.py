"""A calendar of the coming expiries as SVG: a column for each week, a row for each weekday, darker for more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from html import escape

from pytest_orchestrator.display import listed
from pytest_orchestrator.spec_guard.reviews.forecast import Expiry

_CELL, _GAP, _LEFT, _TOP = 18, 4, 44, 44
_SHADES = ("#ebedf0", "#c6e48b", "#f6d860", "#f2a33c", "#d9480f")
_OVERDUE = "#7a1f1f"
_FONT = 'font-family="sans-serif" font-size="10"'
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def render_calendar(found: Sequence[Expiry], *, today: date, weeks: int) -> str:
    """An SVG of the next `weeks` weeks. Overdue reviews count on today, in another colour."""
    monday = today - timedelta(days=today.weekday())
    due: dict[date, list[Expiry]] = {}
    for item in found:
        due.setdefault(max(item.due, today), []).append(item)
    overdue = sum(item.due < today for item in found)
    step = _CELL + _GAP
    width, height = max(_LEFT + weeks * step + 12, 330), _TOP + 7 * step + 34
    counts = Counter({day: len(items) for day, items in due.items()})
    most = max((count for day, count in counts.items() if day != today or not overdue), default=1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" {_FONT} role="img">',
        f"<title>Reviews due in the {weeks} weeks from {today}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="16" font-size="12">Reviews due from {today}</text>',
    ]
    for row, name in enumerate(_DAYS):
        parts.append(f'<text x="8" y="{_TOP + row * step + 13}" fill="#555">{name}</text>')
    for column in range(weeks):
        start = monday + timedelta(weeks=column)
        x = _LEFT + column * step
        if column == 0 or start.day <= 7:
            parts.append(f'<text x="{x}" y="{_TOP - 8}" fill="#555">{start:%b}</text>')
        for row in range(7):
            day = start + timedelta(days=row)
            if day >= today:
                parts.append(
                    _cell((x, _TOP + row * step), day, due.get(day, []), most, late=day == today and overdue > 0)
                )
    bottom = _TOP + 7 * step + 14
    parts.append(f'<text x="8" y="{bottom}" fill="#555">{len(found)} specs, {overdue} overdue</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _cell(corner: tuple[int, int], day: date, items: Sequence[Expiry], most: int, *, late: bool) -> str:
    shade = 0 if not items else 1 + (len(items) * (len(_SHADES) - 2)) // max(most, 1)
    fill = _OVERDUE if late else _SHADES[min(shade, len(_SHADES) - 1)]
    names = listed([item.id for item in items], at_most=20)
    title = f"{day}: {len(items)}" + (f" ({names})" if names else "")
    box = f'x="{corner[0]}" y="{corner[1]}" width="{_CELL}" height="{_CELL}" rx="3"'
    return f'<rect {box} fill="{fill}"><title>{escape(title)}</title></rect>'
