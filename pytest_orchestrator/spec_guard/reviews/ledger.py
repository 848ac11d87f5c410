"""The ledger of reviews, `tasks/reviews.jsonl`: a line a review, only ever appended to.

A record says what its reviewer saw: a digest of the spec's words and one of each thing that it covers. So it stays
true whatever happens to the commits, and a later look tells what changed since, not only when.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from pytest_orchestrator.codec.decode import Limit, decode, encode
from pytest_orchestrator.codec.yaml import YamlDocument
from pytest_orchestrator.errors import InputError

MAX_BYTES = 256 << 20
_MAX_LINE = 1 << 20
_FIX = "restore the line from git's history, or remove it: records are only appended, by `spec review`"


@dataclass(frozen=True, kw_only=True)
class ReviewRecord:
    """One review of one spec."""

    spec: Annotated[str, Limit(min_length=1)]
    """The spec's id, which a renamed file keeps."""
    path: str
    by: Annotated[str, Limit(min_length=1)]
    on: date
    body: Annotated[str, Limit(pattern=r"^[a-z]+:[0-9a-f]{32}$")]
    """A digest of the spec's words, without its front matter."""
    covers: Mapping[str, str] = field(default_factory=dict)
    """A digest of what each entry of `covers` pointed at."""
    commit: str | None = None
    """What was checked out when it was reviewed."""
    dirty: bool = False
    """Whether something covered had changes then that were not committed."""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ReviewLedger:
    """All reviews. `in_use` is whether the project keeps a ledger at all."""

    records: tuple[ReviewRecord, ...] = ()
    in_use: bool = False

    def latest(self) -> Mapping[str, ReviewRecord]:
        """The last review of each spec, by its id: of the newest day the last line, for a merge may mix the lines."""
        newest: dict[str, ReviewRecord] = {}
        for record in self.records:
            known = newest.get(record.spec)
            if known is None or record.on >= known.on:
                newest[record.spec] = record
        return newest


def parse_reviews(text: str, *, path: str) -> ReviewLedger:
    """The ledger that `text` holds. Blank lines don't count.

    Raises:
        InputError: a line is no review; with its number.
    """
    records = (
        _record(line, path=path, number=number) for number, line in enumerate(text.split("\n"), start=1) if line.strip()
    )
    return ReviewLedger(records=tuple(records), in_use=True)


def render_reviews(records: Iterable[ReviewRecord]) -> str:
    """The lines to append for `records`."""
    return "".join(json.dumps(encode(record), ensure_ascii=False, sort_keys=True) + "\n" for record in records)


def _record(line: str, *, path: str, number: int) -> ReviewRecord:
    if len(line) > _MAX_LINE:
        raise InputError(f"holds a line of more than {_MAX_LINE:,} characters", path=path, line=number, fix=_FIX)
    try:
        data = json.loads(line, object_pairs_hook=_unique, parse_constant=_no_constant)
        return decode(ReviewRecord, YamlDocument(data, {}), path=path)
    except InputError as error:
        raise InputError(error.message, path=path, line=number, fix=error.fix or _FIX) from error
    except (ValueError, RecursionError) as error:
        said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        conflict = line.startswith(("<<<<<<<", "=======", ">>>>>>>"))
        what = "is in a merge conflict" if conflict else f"holds a line that is not JSON: {said}"
        fix = (
            "keep the lines of both sides; `tasks/reviews.jsonl merge=union` in .gitattributes does it"
            if conflict
            else _FIX
        )
        raise InputError(what, path=path, line=number, fix=fix) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
