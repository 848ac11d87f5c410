"""The coming reviews as an iCalendar (RFC 5545), for programs that show appointments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from shlex import quote

from pytest_orchestrator.display import printable
from pytest_orchestrator.spec_guard.reviews.forecast import Expiry

_MAX_OCTETS = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def render_ics(found: Iterable[Expiry], *, today: date, project: str) -> str:
    """A calendar with an event of a whole day for each review, on the last day on which the former one counts.

    An overdue review is on `today`. An event keeps its UID when its day moves, so that a program that reads the
    calendar again moves the event, too. `project` tells apart the specs of two projects with one id.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//pytest-orchestrator//spec guard//EN", "CALSCALE:GREGORIAN"]
    for item in found:
        lines += _event(item, today, project)
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCALENDAR"))


def _event(item: Expiry, today: date, project: str) -> Iterator[str]:
    late = item.due < today
    name = hashlib.sha256(f"{project}\0{item.id}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
    day = max(item.due, today)
    yield "BEGIN:VEVENT"
    yield f"UID:{name}@spec-guard.pytest-orchestrator"
    yield f"DTSTAMP:{today:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"SUMMARY:{_text(f'Review the spec {item.id}' + (f' (overdue since {item.due})' if late else ''))}"
    command = f"pytest-orchestrator spec review {quote(item.path)} --by {quote(item.owners[0])}"
    parts = (
        f"{project}: {item.path}",
        f"owners: {', '.join(item.owners)}",
        f"last review: {item.last_review}",
        command,
    )
    yield f"DESCRIPTION:{_text(chr(10).join(map(printable, parts)))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(text: str) -> str:
    """A value of the type TEXT (3.3.11)."""
    return printable(text, keep="\n").translate(_ESCAPES)


def _folded(line: str) -> str:
    """A content line in pieces of at most 75 octets (3.1), none of which ends inside of a character."""
    pieces, piece, size = [], "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > _MAX_OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece += char
        size += octets
    return "\r\n".join([*pieces, piece])
