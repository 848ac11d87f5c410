"""Computes review states from the ledger of reviews, git's history and the files as they are now.

Digests decide where the ledger has them. Commits only spare the work of comparing, and explain what changed: code that
was changed and changed back, reformatted, or squashed into another commit, has not drifted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pytest_orchestrator.spec_guard.coverage.anchors import Anchor, parse_anchor
from pytest_orchestrator.spec_guard.coverage.parts import digest_of
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.reviews.changed_lines import changed_lines
from pytest_orchestrator.spec_guard.reviews.history import History, Version
from pytest_orchestrator.spec_guard.reviews.last_review import Contents, ReviewSources, find_last_reviews
from pytest_orchestrator.spec_guard.reviews.state import Drift, LastReview, LostAnchor, ReviewState

_SPECS_AT_ONCE = 2_000
_MAX_PATHS = 5


@dataclass(frozen=True, kw_only=True)
class _Suspect:
    """An entry of `covers` whose code may have changed since the review."""

    anchor: Anchor
    entry: int
    former: Mapping[str, str | None] = field(default_factory=dict)
    """The blob of each touched file in the reviewed commit; None: there was no such file."""
    known: Drift | None = None
    """The drift that the record tells, for when the history explains nothing."""


def review_states(specs: Sequence[SpecDocument], sources: ReviewSources) -> dict[str, ReviewState]:
    """The review state of each of `specs` that is in force and has a date, by path.

    Two passes over 2,000 specs at a time: the first collects the former contents that are needed, git reads them in
    one call, the second compares.

    Raises:
        GitError: the clone is shallow and lacks the commit of a review.
    """
    found: dict[str, ReviewState] = {}
    assessed = [spec for spec in specs if spec.in_force and spec.last_review is not None]
    for start in range(0, len(assessed), _SPECS_AT_ONCE):
        batch = assessed[start : start + _SPECS_AT_ONCE]
        reviews = find_last_reviews(batch, sources)
        sources.history.prepare(review.position for review in reviews.values() if review.position is not None)
        lost = {spec.path: tuple(_lost_anchors(spec, sources)) for spec in batch}
        suspects = {spec.path: tuple(_suspects(spec, reviews[spec.path], lost[spec.path], sources)) for spec in batch}
        blobs = (blob for each in suspects.values() for suspect in each for blob in suspect.former.values())
        contents = sources.fetch(tuple(dict.fromkeys(blob for blob in blobs if blob is not None)))
        for spec in batch:
            review = reviews[spec.path]
            drifts = (_drift(suspect, review, contents, sources) for suspect in suspects[spec.path])
            found[spec.path] = ReviewState(
                last=review,
                body_changed=spec.body_digest != review.body,
                body_commits=_body_commits(spec, review, sources.history),
                drifts=tuple(drift for drift in drifts if drift is not None),
                lost=lost[spec.path],
            )
    return found


def _body_commits(spec: SpecDocument, review: LastReview, history: History) -> tuple[str, ...]:
    """The commits that changed the file since the review, if the body changed."""
    if spec.body_digest == review.body or review.position is None:
        return ()
    return _commit_ids(history, history.since(spec.path, review.position))


def _lost_anchors(spec: SpecDocument, sources: ReviewSources) -> Iterator[LostAnchor]:
    for entry, text in enumerate(spec.covers):
        anchor = parse_anchor(text)
        hint = _hint(anchor, sources.history, sources.snapshot)
        if hint is not None:
            may_precede = spec.declaration is not None and spec.declaration.status != "implemented"
            known = sources.snapshot.files.matching(anchor) or sources.history.paths.matching(anchor)
            yield LostAnchor(anchor=text, entry=entry, hint=hint, planned=may_precede and not known)


def _hint(anchor: Anchor, history: History, snapshot: Snapshot) -> str | None:
    """Why an anchor matches nothing; None when it matches."""
    if not snapshot.files.matching(anchor):
        renamed = history.renamed_to(anchor.glob) if anchor.literal else None
        if renamed:
            return f"it was renamed: write {renamed}"
        near = snapshot.files.near(anchor)
        return f"no such file: did you mean {near}?" if near else "no such file"
    if anchor.symbol and not snapshot.defines(anchor.glob, anchor.symbol):
        return f"{anchor.glob} defines no {anchor.symbol}: {snapshot.hint(anchor)}"
    return None


def _suspects(
    spec: SpecDocument, review: LastReview, lost: Sequence[LostAnchor], sources: ReviewSources
) -> Iterator[_Suspect]:
    if review.current:
        return
    missing = {each.entry for each in lost}
    for entry, text in enumerate(spec.covers):
        if entry in missing:
            continue
        anchor, position = parse_anchor(text), review.position
        touched = () if position is None else _touched(anchor, position, sources)
        known: Drift | None = None
        if review.covers is not None:
            seen = review.covers.get(text) or _digest_under_former_name(anchor, review.covers, sources.history)
            if seen is None:
                yield _Suspect(
                    anchor=anchor,
                    entry=entry,
                    known=Drift(anchor=text, entry=entry, since=review.on, unreviewed=True),
                )
                continue
            untouched = review.exact and position is not None and not touched and text in review.covers
            if untouched or sources.snapshot.digest(anchor) == seen:
                continue
            known = Drift(anchor=text, entry=entry, since=review.on)
        if touched or known is not None:
            former = {path: sources.history.at(path, position or 0) for path in touched}
            yield _Suspect(anchor=anchor, entry=entry, former=former, known=known)


def _touched(anchor: Anchor, position: int, sources: ReviewSources) -> tuple[str, ...]:
    """The files of an anchor, deleted ones too, that commits after the review or the working tree changed."""
    history, snapshot = sources.history, sources.snapshot
    known = history.paths.matching(anchor)
    found = [path for path in known if path in snapshot.dirty or history.touched(path, position)]
    if snapshot.dirty:
        found += [path for path in snapshot.files.matching(anchor) if path in snapshot.dirty]
    return tuple(dict.fromkeys(found))


def _digest_under_former_name(anchor: Anchor, covers: Mapping[str, str], history: History) -> str | None:
    """The recorded digest of a file that was renamed after the review, where git tells so."""
    if not anchor.literal:
        return None
    for path, _ in history.lineage(anchor.glob):
        text = f"{path}::{anchor.symbol}" if anchor.symbol else path
        if text in covers:
            return covers[text]
    return None


def _drift(suspect: _Suspect, review: LastReview, contents: Contents, sources: ReviewSources) -> Drift | None:
    """The files of an anchor that differ from the reviewed commit."""
    anchor, history, snapshot = suspect.anchor, sources.history, sources.snapshot
    changed: list[str] = []
    for path, blob in suspect.former.items():
        before = (
            None if blob is None else digest_of(contents[blob], path, anchor.symbol, docstrings=snapshot.docstrings)
        )
        if before != snapshot.part_digest(path, anchor.symbol):
            changed.append(path)
    if not changed or review.position is None:
        return suspect.known
    versions = {version for path in changed for version in history.since(path, review.position)}
    ordered = sorted(versions, key=lambda version: version.position)
    paths = [
        _with_lines(path, contents.get(suspect.former[path] or ""), snapshot.read(path))
        for path in changed[:_MAX_PATHS]
    ]
    more = len(changed) - len(paths)
    return Drift(
        anchor=anchor.text,
        entry=suspect.entry,
        paths=(*paths, *((f"{more} more {'file' if more == 1 else 'files'}",) if more else ())),
        commits=_commit_ids(history, ordered),
        since=min((history.commits[version.position].day for version in ordered), default=sources.today),
    )


def _with_lines(path: str, before: bytes | None, after: bytes | None) -> str:
    """A changed file, with the lines that changed."""
    if after is None:
        return f"{path} (deleted)"
    if before is None:
        return f"{path} (new)"
    lines = changed_lines(before, after)
    return f"{path}:{lines}" if lines else path


def _commit_ids(history: History, versions: Sequence[Version]) -> tuple[str, ...]:
    return tuple(history.commits[index].id for index in dict.fromkeys(version.position for version in versions))
