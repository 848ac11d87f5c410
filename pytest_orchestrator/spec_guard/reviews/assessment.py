"""Computes review states from the ledger of reviews, git's history and the files as they are now.

Digests decide where the ledger has them. Commits only spare the work of comparing, and explain what changed: code that
was changed and changed back, reformatted, or squashed into another commit, has not drifted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pytest_orchestrator.spec_guard.coverage.anchors import Anchor, PathIndex, file_globs, parse_anchor
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
        positions = (each for review in reviews.values() for each in (review.position, review.code_position))
        sources.history.prepare(each for each in positions if each is not None)
        lost = {spec.path: tuple(_lost_anchors(spec, sources)) for spec in batch}
        suspects = {spec.path: tuple(_suspects(spec, reviews[spec.path], lost[spec.path], sources)) for spec in batch}
        blobs = (blob for each in suspects.values() for suspect in each for blob in suspect.former.values())
        contents = sources.fetch(tuple(dict.fromkeys(blob for blob in blobs if blob is not None)))
        for spec in batch:
            review = reviews[spec.path]
            drifts = (_drift(suspect, spec.path, review, contents, sources) for suspect in suspects[spec.path])
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
        return f"{anchor.glob} has no {anchor.symbol}: {snapshot.hint(anchor)}"
    return None


def _suspects(
    spec: SpecDocument, review: LastReview, lost: Sequence[LostAnchor], sources: ReviewSources
) -> Iterator[_Suspect]:
    position = review.code_position
    if review.current or (review.covers is None and position == 0 and review.on >= sources.today):
        return
    missing = {each.entry for each in lost}
    for entry, text in enumerate(spec.covers):
        if entry in missing:
            continue
        anchor = parse_anchor(text)
        touched = () if position is None else _touched(anchor, position, sources)
        known: Drift | None = None
        if review.covers is not None:
            seen = review.covers.get(text) or _digest_under_former_name(anchor, review.covers, sources)
            known = Drift(anchor=text, entry=entry, since=review.on, unreviewed=seen is None)
            if seen is None:
                files = sources.snapshot.files.matching(anchor)
                if not review.exact or position is None or not _was_covered(files, position, review.covers, sources):
                    yield _Suspect(anchor=anchor, entry=entry, known=known)
                    continue
                touched = files  # under other names, as when a folder is renamed
            elif sources.snapshot.digest(anchor) == seen or (
                review.exact and position is not None and not touched and text in review.covers
            ):
                continue
        if touched or known is not None:
            former = {path: _former(path, position or 0, sources)[1] for path in touched}
            yield _Suspect(anchor=anchor, entry=entry, former=former, known=known)


def _touched(anchor: Anchor, position: int, sources: ReviewSources) -> tuple[str, ...]:
    """The files of an anchor, deleted ones too, that commits after the review or the working tree changed."""
    history, snapshot = sources.history, sources.snapshot
    known = history.paths.matching(anchor)
    found = [path for path in known if path in snapshot.dirty or history.touched(path, position)]
    if snapshot.linked:
        behind = (snapshot.linked[path] for path in snapshot.files.matching(anchor) if path in snapshot.linked)
        found += [path for path in behind if path in snapshot.dirty or history.touched(path, position)]
    if snapshot.dirty:
        found += [path for path in snapshot.files.matching(anchor) if path in snapshot.dirty]
    return tuple(dict.fromkeys(found))


def _former(path: str, position: int, sources: ReviewSources) -> tuple[str, str | None]:
    """The name and the blob of a file in the commit at `position`; its present name and None when it did not exist."""
    for name, version in sources.history.lineage(sources.moved.get(path, path)):
        if sources.history.includes(position, version.position):
            return name, version.blob
    return path, None


def _was_covered(files: Sequence[str], position: int, covers: Collection[str], sources: ReviewSources) -> bool:
    """Whether all of `files` were covered at the review, under the names that they had."""
    names = [_former(path, position, sources)[0] for path in files]
    return (
        bool(names)
        and all(name != path for name, path in zip(names, files, strict=True))
        and all(any(PathIndex([name]).matching(parse_anchor(text)) for text in file_globs(covers)) for name in names)
    )


def _digest_under_former_name(anchor: Anchor, covers: Mapping[str, str], sources: ReviewSources) -> str | None:
    """The recorded digest of a file that was renamed after the review, where git tells so."""
    if not anchor.literal:
        return None
    former = sources.moved.get(anchor.glob, anchor.glob)
    for path in (former, *(name for name, _ in sources.history.lineage(former))):
        text = f"{path}::{anchor.symbol}" if anchor.symbol else path
        if text in covers:
            return covers[text]
    return None


def _drift(
    suspect: _Suspect, spec: str, review: LastReview, contents: Contents, sources: ReviewSources
) -> Drift | None:
    """The files of an anchor that differ from the commit in which the file `spec` was reviewed."""
    anchor, history, snapshot = suspect.anchor, sources.history, sources.snapshot
    changed: list[str] = []
    for path, blob in suspect.former.items():
        before = None if blob is None else _digest(contents[blob], path, anchor, snapshot)
        after = snapshot.part_digest(path, anchor.symbol)
        if before != after and (after is not None or not _is_moved(path, blob, anchor, contents, sources)):
            changed.append(path)
    if review.code_position is None:
        return suspect.known
    if not changed:
        # The code of the reviewed commit means the same, whatever its digest was made of.
        return None if review.exact and suspect.former else suspect.known
    versions = {version for path in changed for version in history.since(path, review.code_position)}
    ordered = sorted(versions, key=lambda version: version.position)
    with_review = _commits_of_review(spec, review, history)
    paths = [
        _with_lines(path, contents.get(suspect.former[path] or ""), snapshot.read(path))
        for path in changed[:_MAX_PATHS]
    ]
    more = len(changed) - len(paths)
    return Drift(
        anchor=anchor.text,
        entry=suspect.entry,
        files=tuple(changed),
        paths=(*paths, *((f"{more} more {'file' if more == 1 else 'files'}",) if more else ())),
        commits=_commit_ids(history, ordered),
        since=min((history.commits[version.position].day for version in ordered), default=sources.today),
        with_review=bool(ordered)
        and snapshot.dirty.isdisjoint(changed)
        and all(version.position in with_review for version in ordered),
    )


def _commits_of_review(path: str, review: LastReview, history: History) -> range:
    """The positions of the commit of a spec on the day of its recorded review, and of those that follow it on that day,
    by one author."""
    position = review.position or 0
    day = (
        version.position
        for version in history.versions(path)
        if (version.position == position or not history.includes(position, version.position))
        and history.latest_days[version.position] == review.on
    )
    start = max(day, default=None)
    return range(0) if start is None else range(history.end_of_day(start), start + 1)


def _digest(data: bytes, path: str, anchor: Anchor, snapshot: Snapshot) -> str | None:
    return digest_of(data, path, anchor.symbol, docstrings=snapshot.docstrings)


def _is_moved(path: str, blob: str | None, anchor: Anchor, contents: Contents, sources: ReviewSources) -> bool:
    """Whether a deleted file is another file of the same anchor now, with the same meaning."""
    here = {old: new for new, old in sources.moved.items()}
    target = here.get(path) or sources.history.renamed_to(path)
    if target is None or blob is None or target not in sources.snapshot.files.matching(anchor):
        return False
    return _digest(contents[blob], target, anchor, sources.snapshot) == sources.snapshot.part_digest(
        target, anchor.symbol
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
