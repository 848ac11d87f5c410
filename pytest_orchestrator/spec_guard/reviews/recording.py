"""What a review writes: the new date in the spec, and its record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.spec_guard.coverage.anchors import parse_anchor
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot
from pytest_orchestrator.spec_guard.coverage.syntax import text_digest
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord

_DATE = re.compile(rb"^(last_review[ \t]*:[ \t]*)([^#\r\n]*?)([ \t]*(?:#[^\r\n]*)?\r?)$")
_KEY = re.compile(rb"^last_review[ \t]*:")


def with_date(data: bytes, day: date, *, path: str) -> bytes:
    """A spec's bytes with another `last_review`; nothing else of them moves.

    Raises:
        InputError: the front matter has no place for it.
    """
    lines = data.split(b"\n")
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in (b"---", b"..."):
            break
        if _KEY.match(line):
            found = _DATE.match(line)
            if found is not None:
                lines[number] = found[1] + (b"" if found[1][-1:] in b" \t" else b" ") + str(day).encode() + found[3]
                return b"\n".join(lines)
    else:
        raise InputError("has no front matter", path=path, line=1, fix="start the file with a line ---, then YAML keys")
    ending = b"\r" if lines[0].endswith(b"\r") else b""
    lines.insert(number, f"last_review: {day}".encode() + ending)
    return b"\n".join(lines)


def record_of(  # noqa: PLR0913 - a record says that much
    spec: SpecDocument, *, snapshot: Snapshot, by: str, on: date, commit: str | None, note: str
) -> ReviewRecord:
    """The record of a review of `spec` as everything is now.

    Raises:
        InputError: the front matter is broken, or an entry of `covers` points at nothing: nobody can have read that.
    """
    if spec.declaration is None:
        problem = spec.problems[0]
        raise InputError(problem.message, path=spec.path, line=problem.range.start_line, fix=problem.fix)
    digests: dict[str, str] = {}
    dirty = False
    for place, text in enumerate(spec.declaration.covers):
        anchor = parse_anchor(text)
        digest = snapshot.digest(anchor)
        if digest is None and not snapshot.files.matching(anchor) and spec.declaration.status != "implemented":
            continue  # a spec may come before its code; once there is some, nobody has compared the two
        if digest is None:
            raise InputError(
                f"covers {text}, which points at nothing",
                path=spec.path,
                line=spec.line("covers", place),
                fix="correct the entry, or remove it, before you review",
            )
        digests[text] = digest
        dirty = dirty or any(path in snapshot.dirty for path in snapshot.files.matching(anchor))
    return ReviewRecord(
        spec=spec.declaration.id,
        path=spec.path,
        by=by,
        on=on,
        body=text_digest(spec.body),
        covers=digests,
        commit=commit,
        dirty=dirty,
        note=note,
    )


def owners_of(spec: SpecDocument) -> Mapping[str, str]:
    """The spec's owners by their name in lower case."""
    return {name.casefold(): name for name in (spec.declaration.owners if spec.declaration else ())}
