"""Finds the last review of each spec: the ledger's record, or else the commit that set `last_review`.

Without a record, the reviewed commit is the newest one that has the spec's present `last_review` and was written on
that day or before; when there is none, it is the oldest one that has this date.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from pytest_orchestrator.errors import GitError
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, parse
from pytest_orchestrator.spec_guard.reviews.history import History, Version
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord
from pytest_orchestrator.spec_guard.reviews.state import LastReview

Contents = Mapping[str, bytes]
"""The contents of blobs, by object id."""
FetchBlobs = Callable[[Sequence[str]], Contents]
"""Reads blobs in one call of git."""

_FETCH_HISTORY = (
    "fetch the whole history (`fetch-depth: 0` in actions/checkout, `git fetch --unshallow` elsewhere), "
    "or record reviews: `pytest-orchestrator spec review`"
)


@dataclass(frozen=True, kw_only=True)
class ReviewSources:
    """What review states are computed from."""

    history: History
    snapshot: Snapshot
    records: Mapping[str, ReviewRecord]
    """The last record of each spec, by the spec's id."""
    today: date
    fetch: FetchBlobs
    shallow: bool = False
    moved: Mapping[str, str] = field(default_factory=dict)
    """The former path of each file that the change moved, by its new path."""


def find_last_reviews(specs: Sequence[SpecDocument], sources: ReviewSources) -> dict[str, LastReview]:
    """The last review of each of `specs`, by path. All of them must have an id and a date.

    Raises:
        GitError: the clone is shallow and lacks the commit of a review.
    """
    found: dict[str, LastReview] = {}
    unrecorded: list[SpecDocument] = []
    for spec in specs:
        record = sources.records.get(spec.id or "")
        if record is None:
            unrecorded.append(spec)
        else:
            found[spec.path] = _recorded(record, sources.history)
    found.update(_infer(unrecorded, sources))
    return found


def _recorded(record: ReviewRecord, history: History) -> LastReview:
    position = None if record.commit is None else history.positions.get(record.commit)
    return LastReview(
        on=record.on,
        body=record.body,
        covers=record.covers,
        position=position,
        code_position=position,
        exact=not record.dirty,
        by=record.by,
        commit=record.commit,
    )


def _infer(specs: Sequence[SpecDocument], sources: ReviewSources) -> dict[str, LastReview]:
    """Looks at more versions of each file until its review is found; each round asks git once for all files."""
    found: dict[str, LastReview] = {}
    waiting, depth = specs, 1
    while waiting:
        versions = {spec.path: tuple(islice(sources.history.lineage(spec.path), depth)) for spec in waiting}
        # The newest version of a file without uncommitted changes is the spec itself.
        wanted = [
            version.blob
            for path, found_versions in versions.items()
            for _, version in found_versions[path not in sources.snapshot.dirty :]
            if version.blob is not None
        ]
        contents = sources.fetch(tuple(dict.fromkeys(wanted)))
        for spec in waiting:
            review = _inferred(spec, versions[spec.path], contents, sources, whole=len(versions[spec.path]) < depth)
            if review is not None:
                found[spec.path] = review
        waiting = [spec for spec in waiting if spec.path not in found]
        depth *= 4
    return found


def _inferred(
    spec: SpecDocument,
    versions: Sequence[tuple[str, Version]],
    contents: Contents,
    sources: ReviewSources,
    *,
    whole: bool,
) -> LastReview | None:
    """The review of `spec` among the newest versions of its file; None when older ones decide.

    `whole` is whether `versions` are all that there are.
    """
    assert spec.last_review is not None  # noqa: S101 - the caller leaves out specs without a date
    dirty = spec.path in sources.snapshot.dirty
    found = LastReview(on=spec.last_review, body=spec.body_digest, current=True)
    if dirty and spec.last_review >= sources.today:
        return found
    for path, version in versions:
        checked_out = found.current and not dirty
        document = spec if checked_out else parse(contents[version.blob or ""], path=path)
        if document.last_review != spec.last_review:
            return found
        commit = sources.history.commits[version.position]
        found = LastReview(
            on=spec.last_review,
            body=document.body_digest,
            position=version.position,
            code_position=_end_of_day(version.position, sources.history),
            commit=commit.id,
        )
        if commit.day <= spec.last_review:
            return found
    if not whole:
        return None
    if sources.shallow and not found.current:
        raise GitError(f"this clone is shallow, so it does not contain the review of {spec.path}", fix=_FETCH_HISTORY)
    return found


def _end_of_day(position: int, history: History) -> int:
    """The last of the commits that follow each other, from the one at `position` on, by one author on one day."""
    commits = history.commits
    while position:
        commit, after = commits[position], commits[position - 1]
        if after.parents != (commit.id,) or (after.day, after.email) != (commit.day, commit.email):
            break
        position -= 1
    return position
