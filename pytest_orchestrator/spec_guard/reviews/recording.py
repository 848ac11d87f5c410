"""Writes a review: the new date in the spec, and the record for the ledger. Pure."""

from __future__ import annotations

import re
from datetime import date

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.spec_guard.coverage.anchors import parse_anchor
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord

_DATE = re.compile(rb"\d{4}([-/.])\d{2}\1\d{2}(?!\d)")
_ENDS = (b"---", b"...", b"+++", b"-->")


def with_date(data: bytes, day: date, *, path: str, key: str = "last_review") -> bytes:
    """A spec's bytes with another date in the line of `key`. A missing line is added.

    All other bytes stay, also the quotes of the value, the marks between its numbers, and a time that follows.

    Raises:
        InputError: there is no front matter.
    """
    lines = data.split(b"\n")
    name = re.compile(rb"^([\"']?" + re.escape(key.encode()) + rb"[\"']?[ \t]*[:=][ \t]*+)([\"']?)")
    for number, line in enumerate(lines):
        if number and line.rstrip() in _ENDS:
            break
        if found := name.match(line):
            blank = b"" if found[1][-1:] in b" \t" else b" "
            if former := _DATE.match(line, found.end()):
                dated = str(day).encode().replace(b"-", former[1])
                lines[number] = b"".join((found[0], dated, line[former.end() :]))
                return b"\n".join(lines)
            value = line[found.end(1) :].partition(b"#")[0].rstrip()
            rest = line[found.end(1) + len(value) :]
            lines[number] = b"".join((found[1], blank, found[2], str(day).encode(), found[2], rest))
            return b"\n".join(lines)
    else:
        raise InputError("has no front matter", path=path, line=1, fix="start the file with a line ---, then YAML keys")
    ending = b"\r" if lines[0].endswith(b"\r") else b""
    lines.insert(number, f"{key}: {day}".encode() + ending)
    return b"\n".join(lines)


def record_of(  # noqa: PLR0913 - the fields of a record
    spec: SpecDocument, *, snapshot: Snapshot, by: str, on: date, commit: str | None, note: str
) -> ReviewRecord:
    """The record of a review of `spec` and of the code that it covers, as they are in `snapshot`.

    Raises:
        InputError: the front matter is broken, or an entry of `covers` matches nothing.
    """
    if spec.declaration is None:
        problem = spec.problems[0]
        raise InputError(problem.message, path=spec.path, line=problem.range.start_line, fix=problem.fix)
    digests: dict[str, str] = {}
    dirty = False
    for entry, text in enumerate(spec.declaration.covers):
        anchor = parse_anchor(text)
        digest = snapshot.digest(anchor)
        if digest is None and not snapshot.files.matching(anchor) and spec.declaration.status != "implemented":
            continue  # the code is still to be written; without a digest, SG011 will demand a review of it
        if digest is None:
            raise InputError(
                f"covers {text}, which matches nothing",
                path=spec.path,
                line=spec.line("covers", entry),
                fix="correct or remove the entry before the review",
            )
        digests[text] = digest
        dirty = dirty or any(path in snapshot.dirty for path in snapshot.files.matching(anchor))
    return ReviewRecord(
        spec=spec.declaration.id,
        path=spec.path,
        by=by,
        on=on,
        body=spec.body_digest,
        covers=digests,
        commit=commit,
        dirty=dirty,
        note=note,
    )
