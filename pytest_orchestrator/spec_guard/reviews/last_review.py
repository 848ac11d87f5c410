"""Finds the last review of each spec: the ledger's record, or else the commit that set `last_review`.

Without a record, the order of commits decides. The review is the commit that gave the spec its present `last_review`.
Later commits belong to it until the end of that day, if nothing contradicts their dates: neither the date of a commit
that they descend from, nor that of the version of the spec before them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from pytest_orchestrator.errors import GitError
from pytest_orchestrator.spec_guard.coverage.anchors import PathIndex, file_globs, parse_anchor
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot
from pytest_orchestrator.spec_guard.document.mapping import NATIVE, Reading
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
    reading: Reading = NATIVE
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
        # One more than is read: its date is needed, not its content.
        versions = {spec.path: tuple(islice(sources.history.lineage(spec.path), depth + 1)) for spec in waiting}
        # The newest version of a file without uncommitted changes is the spec itself.
        wanted = [
            version.blob
            for path, found_versions in versions.items()
            for _, version in found_versions[path not in sources.snapshot.dirty : depth]
            if version.blob is not None
        ]
        contents = sources.fetch(tuple(dict.fromkeys(wanted)))
        for spec in waiting:
            review = _inferred(spec, versions[spec.path], contents, sources, depth=depth)
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
    depth: int,
) -> LastReview | None:
    """The review of `spec` among the `depth` newest versions of its file; None when older ones decide."""
    assert spec.last_review is not None  # noqa: S101 - the caller leaves out specs without a date
    dirty, history = spec.path in sources.snapshot.dirty, sources.history
    if dirty and spec.last_review >= sources.today:
        return LastReview(on=spec.last_review, body=spec.body_digest, current=True)
    dated: list[tuple[SpecDocument, Version]] = []
    for index, (path, version) in enumerate(versions[:depth]):
        document = (
            spec
            if index == 0 and not dirty
            else parse(contents[version.blob or ""], path=path, reading=sources.reading)
        )
        if document.last_review != spec.last_review or (path != spec.path and not _continues(spec, document, sources)):
            break
        dated.append((document, version))
        if history.latest_days[version.position] <= spec.last_review and not _predates(versions[index:], history):
            return _of_commit(document, version, history)
    else:
        if len(versions) > depth:
            return None
        if sources.shallow and dated:
            raise GitError(
                f"this clone is shallow, so it does not contain the review of {spec.path}", fix=_FETCH_HISTORY
            )
    if not dated:
        return LastReview(on=spec.last_review, body=spec.body_digest, current=True)
    return _of_commit(*_last_of_review(dated, spec.last_review, history), history)


def _continues(spec: SpecDocument, earlier: SpecDocument, sources: ReviewSources) -> bool:
    """Whether a spec is the one that an earlier file of the same name was, and not another one in its place."""
    if spec.id == earlier.id or spec.says_the_same(earlier) or not earlier.covers:
        return True
    anchors = map(parse_anchor, file_globs(spec.covers))
    code = {path for anchor in anchors for path in sources.snapshot.files.matching(anchor)}
    index = PathIndex((*code, *(sources.moved[path] for path in code if path in sources.moved)))
    return any(index.matching(parse_anchor(glob)) for glob in file_globs(earlier.covers))


def _predates(versions: Sequence[tuple[str, Version]], history: History) -> bool:
    """Whether the newest of some versions of a file is dated before the one that it follows."""
    newest, *older = (history.commits[version.position].day for _, version in versions[:2])
    return bool(older) and newest < older[0]


def _last_of_review(
    dated: Sequence[tuple[SpecDocument, Version]], on: date, history: History
) -> tuple[SpecDocument, Version]:
    """The newest version that belongs to the review. `dated` are those with its date, newest first."""
    *later, found = dated
    until = max(on, history.latest_days[found[1].position])
    for candidate in reversed(later):
        position = candidate[1].position
        day = history.commits[position].day
        if not history.commits[found[1].position].day <= day <= on or history.latest_days[position] > until:
            break
        found = candidate
    return found


def _of_commit(document: SpecDocument, version: Version, history: History) -> LastReview:
    assert document.last_review is not None  # noqa: S101 - the same as that of the spec
    return LastReview(
        on=document.last_review,
        body=document.body_digest,
        position=version.position,
        code_position=history.end_of_day(version.position),
        commit=history.commits[version.position].id,
    )
