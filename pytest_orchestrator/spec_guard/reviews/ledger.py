"""The ledger of reviews, `tasks/reviews.jsonl`: a line a review, only ever appended to.

A record holds digests of what was reviewed: of the spec's body, and of the code of each entry of `covers`. So it stays
true when commits are squashed or rebased, and tells what changed since, not only when.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pytest_orchestrator.codec.decode import Limit, decode, encode
from pytest_orchestrator.codec.json_text import unique_keys
from pytest_orchestrator.codec.yaml import YamlDocument
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import decode_utf8, inside, read_limited

MAX_BYTES = 256 << 20
_MAX_LINE = 1 << 20
_FIX = "restore the line from git's history, or remove it; only `spec review` appends records"


@dataclass(frozen=True, kw_only=True)
class ReviewRecord:
    """One review of one spec."""

    spec: Annotated[str, Limit(min_length=1)]
    """The spec's id, which a renamed file keeps."""
    path: str
    by: Annotated[str, Limit(min_length=1)]
    on: date
    body: Annotated[str, Limit(pattern=r"^[a-z]+:[0-9a-f]{32}$")]
    """The digest of the spec's body."""
    covers: Mapping[str, str] = field(default_factory=dict)
    """The digest of the code of each entry of `covers`."""
    commit: str | None = None
    """The commit that was checked out."""
    dirty: bool = False
    """Whether covered files had uncommitted changes."""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ReviewLedger:
    """All reviews. `in_use` is whether the project has a ledger."""

    records: tuple[ReviewRecord, ...] = ()
    in_use: bool = False

    @cached_property
    def latest(self) -> Mapping[str, ReviewRecord]:
        """The last review of each spec, by its id: the last line of the newest day, for a merge may mix the lines."""
        newest: dict[str, ReviewRecord] = {}
        for record in self.records:
            known = newest.get(record.spec)
            if known is None or record.on >= known.on:
                newest[record.spec] = record
        return newest


def parse_reviews(text: str, *, path: str) -> ReviewLedger:
    """The ledger that `text` holds. Blank lines don't count.

    Raises:
        InputError: a line is not a review; with its number.
    """
    records = (
        _record(line, path=path, number=number) for number, line in enumerate(text.split("\n"), start=1) if line.strip()
    )
    return ReviewLedger(records=tuple(records), in_use=True)


def latest_records(data: bytes, *, path: str) -> Mapping[str, ReviewRecord]:
    """The last record of each spec in a ledger, by id; none where it can't be read."""
    try:
        return parse_reviews(decode_utf8(data, display_path=path), path=path).latest
    except InputError:
        return {}


def read_lines(root: Path, path: str) -> bytes:
    """The ledger as it is written; empty where there is none, or it can't be read."""
    try:
        return read_limited(inside(root, path), max_bytes=MAX_BYTES)
    except InputError:
        return b""


def render_reviews(records: Iterable[ReviewRecord]) -> str:
    """The lines to append for `records`."""
    return "".join(json.dumps(encode(record), ensure_ascii=False, sort_keys=True) + "\n" for record in records)


def added_records(ledger: ReviewLedger, former: bytes, *, path: str) -> tuple[ReviewRecord, ...]:
    """The records that are not in `former`, the ledger's content at the base. None when that cannot be read."""
    try:
        records = parse_reviews(decode_utf8(former, display_path=path), path=path).records
    except InputError:
        return ()
    known = set(render_reviews(records).splitlines())
    return tuple(record for record in ledger.records if render_reviews([record]).strip() not in known)


def removed_lines(former: bytes, present: bytes) -> int:
    """How many lines of `former` are not in `present`; blank ones don't count."""
    kept = {line.strip() for line in present.split(b"\n")}
    return sum(bool(line.strip()) and line.strip() not in kept for line in former.split(b"\n"))


def _record(line: str, *, path: str, number: int) -> ReviewRecord:
    if len(line) > _MAX_LINE:
        raise InputError(f"has a line of more than {_MAX_LINE:,} characters", path=path, line=number, fix=_FIX)
    try:
        data = json.loads(line, object_pairs_hook=unique_keys, parse_constant=_no_constant)
        return decode(ReviewRecord, YamlDocument(data, {}), path=path)
    except InputError as error:
        raise InputError(error.message, path=path, line=number, fix=error.fix or _FIX) from error
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        conflict = line.startswith(("<<<<<<<", "=======", ">>>>>>>"))
        what = "has a merge conflict" if conflict else f"has a line that is not JSON: {reason}"
        fix = (
            "keep the lines of both sides; `tasks/reviews.jsonl merge=union` in .gitattributes does this automatically"
            if conflict
            else _FIX
        )
        raise InputError(what, path=path, line=number, fix=fix) from error


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
