"""Finds out where specs stand: joins the ledger of reviews, git's history and the files as they are now.

One pass over the history for all specs together; the few former contents that are needed come from git in rounds.
What a reviewer saw is told by digests where the ledger has them. Commits only spare the work of comparing, and explain:
code that was changed and changed back, reformatted, or squashed into another commit, has not drifted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from pytest_orchestrator.errors import GitError
from pytest_orchestrator.spec_guard.coverage.anchors import Anchor, parse_anchor
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot, digest_of
from pytest_orchestrator.spec_guard.coverage.syntax import text_digest
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, parse
from pytest_orchestrator.spec_guard.reviews.history import History, Version
from pytest_orchestrator.spec_guard.reviews.inquiry import Contents, Fetch, Inquiry, answer
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewLedger, ReviewRecord
from pytest_orchestrator.spec_guard.reviews.state import Drift, LostAnchor, Reviewed, Standing

_AT_ONCE = 2_000
_MOST_PATHS = 5
_DEEPER = (
    "fetch the whole history (`fetch-depth: 0` in actions/checkout, `git fetch --unshallow` elsewhere), "
    "or record reviews: `pytest-orchestrator spec review`"
)


class Survey:
    """One project at one moment."""

    def __init__(  # noqa: PLR0913 - everything that a standing depends on
        self,
        *,
        history: History,
        snapshot: Snapshot,
        ledger: ReviewLedger,
        today: date,
        fetch: Fetch,
        shallow: bool = False,
    ) -> None:
        self._history = history
        self._snapshot = snapshot
        self._latest = ledger.latest()
        self._today = today
        self._fetch = fetch
        self._shallow = shallow
        self._digests: dict[str, str] = {}

    def standings(self, specs: Sequence[SpecDocument]) -> dict[str, Standing]:
        """The standing of each of `specs` that is in force and can be understood, by path.

        Raises:
            GitError: the clone is shallow and hides a review.
        """
        found: dict[str, Standing] = {}
        waiting = iter([spec for spec in specs if _counts(spec)])
        while batch := tuple(islice(waiting, _AT_ONCE)):
            reviews = answer({spec.path: self._reviewed(spec) for spec in batch}, self._fetch)
            self._history.prepare(item.place for item in reviews.values() if item.place is not None)
            standing = {spec.path: self._standing(spec, reviews[spec.path]) for spec in batch}
            found.update(answer(standing, self._fetch))
        return found

    def _reviewed(self, spec: SpecDocument) -> Inquiry[Reviewed]:
        record = self._latest.get(spec.declaration.id) if spec.declaration else None
        if record is None:
            return self._inferred(spec)
        return _known(self._recorded(record))

    def _recorded(self, record: ReviewRecord) -> Reviewed:
        return Reviewed(
            on=record.on,
            body=record.body,
            covers=record.covers,
            place=None if record.commit is None else self._history.places.get(record.commit),
            exact=not record.dirty,
            by=record.by,
            commit=record.commit,
        )

    def _inferred(self, spec: SpecDocument) -> Inquiry[Reviewed]:
        """Without a record, the review is the commit that last changed the date, or a later one of the same day."""
        assert spec.last_review is not None  # noqa: S101 - only dated specs are surveyed
        dirty = spec.path in self._snapshot.dirty
        words = self._words(spec)
        found = Reviewed(on=spec.last_review, body=words, now=True)
        if dirty and spec.last_review >= self._today:
            return found
        versions = self._history.lineage(spec.path)
        size = 1
        last: Version | None = None
        while batch := tuple(islice(versions, size)):
            # What is checked out needs no fetching.
            wanted = [version.blob or "" for _, version in batch if last is not None or dirty]
            contents: Contents = (yield wanted) if wanted else {}
            for path, version in batch:
                here = last is None and not dirty
                document = spec if here else parse(contents[version.blob or ""], path=path)
                if document.last_review != spec.last_review:
                    return found
                commit = self._history.commits[version.place]
                last = version
                body = words if here else text_digest(document.body)
                found = Reviewed(on=spec.last_review, body=body, place=version.place, commit=commit.id)
                if commit.day <= spec.last_review:
                    return found
            size *= 2
        if self._shallow and last is not None:
            raise GitError(f"this clone is shallow and hides when {spec.path} was reviewed", fix=_DEEPER)
        return found

    def _standing(self, spec: SpecDocument, reviewed: Reviewed) -> Inquiry[Standing]:
        changed = self._words(spec) != reviewed.body
        commits: tuple[str, ...] = ()
        if changed and reviewed.place is not None:
            commits = tuple(self._ids(self._history.since(spec.path, reviewed.place)))
        drifts: list[Drift] = []
        lost: list[LostAnchor] = []
        for entry, text in enumerate(spec.declaration.covers if spec.declaration else ()):
            anchor = parse_anchor(text)
            missing = self._missing(anchor)
            if missing is not None:
                to_come = _comes_first(spec) and self._never_was(anchor)
                lost.append(LostAnchor(anchor=text, entry=entry, hint=missing, to_come=to_come))
                continue
            drift = yield from self._drift(anchor, entry, reviewed)
            if drift is not None:
                drifts.append(drift)
        return Standing(
            reviewed=reviewed, body_changed=changed, body_commits=commits, drifts=tuple(drifts), lost=tuple(lost)
        )

    def _missing(self, anchor: Anchor) -> str | None:
        """Why an anchor points at nothing; None when it doesn't."""
        if not self._snapshot.files.matching(anchor):
            moved = self._history.renamed_to(anchor.glob) if anchor.literal else None
            if moved:
                return f"it was renamed: write {moved}"
            near = self._snapshot.files.near(anchor)
            return f"no such file: did you mean {near}?" if near else "no such file"
        if anchor.symbol and not self._snapshot.defines(anchor.glob, anchor.symbol):
            return f"{anchor.glob} defines no {anchor.symbol}: {self._snapshot.hint(anchor)}"
        return None

    def _never_was(self, anchor: Anchor) -> bool:
        return not self._snapshot.files.matching(anchor) and not self._history.paths.matching(anchor)

    def _drift(self, anchor: Anchor, entry: int, reviewed: Reviewed) -> Inquiry[Drift | None]:
        if reviewed.now:
            return None
        if reviewed.covers is None:
            return (yield from self._changed(anchor, entry, reviewed))
        seen = reviewed.covers.get(anchor.text) or self._seen_under_former_name(anchor, reviewed.covers)
        if seen is None:
            return Drift(anchor=anchor.text, entry=entry, since=reviewed.on, unseen=True)
        untouched = reviewed.exact and reviewed.place is not None and not self._touched(anchor, reviewed.place)
        if untouched and anchor.text in reviewed.covers:
            return None
        if self._snapshot.digest(anchor) == seen:
            return None
        found: Drift | None = yield from self._changed(anchor, entry, reviewed)
        return found or Drift(anchor=anchor.text, entry=entry, since=reviewed.on)

    def _changed(self, anchor: Anchor, entry: int, reviewed: Reviewed) -> Inquiry[Drift | None]:
        """What of an anchor is otherwise than in the commit that was reviewed."""
        if reviewed.place is None:
            return None
        touched = self._touched(anchor, reviewed.place)
        former = {path: self._history.at(path, reviewed.place) for path in touched}
        wanted = [blob for blob in former.values() if blob is not None]
        contents: Contents = (yield wanted) if wanted else {}
        changed: list[str] = []
        for path in touched:
            blob = former[path]
            before = None if blob is None else digest_of(contents[blob], path, anchor.symbol)
            if before != self._snapshot.part_digest(path, anchor.symbol):
                changed.append(path)
        if not changed:
            return None
        versions = {version for path in changed for version in self._history.since(path, reviewed.place)}
        ordered = sorted(versions, key=lambda version: version.place)
        days = [self._history.commits[version.place].day for version in ordered]
        shown = [
            _where(path, contents.get(former[path] or ""), self._snapshot.read(path)) for path in changed[:_MOST_PATHS]
        ]
        more = len(changed) - len(shown)
        return Drift(
            anchor=anchor.text,
            entry=entry,
            paths=(*shown, *((f"{more} more files",) if more else ())),
            commits=tuple(self._ids(ordered)),
            since=min(days, default=self._today),
        )

    def _touched(self, anchor: Anchor, place: int) -> tuple[str, ...]:
        """The files of an anchor, deleted ones too, that commits after the review or the working tree changed."""
        known = self._history.paths.matching(anchor)
        found = [path for path in known if path in self._snapshot.dirty or self._history.touched(path, place)]
        if self._snapshot.dirty:
            found += [path for path in self._snapshot.files.matching(anchor) if path in self._snapshot.dirty]
        return tuple(dict.fromkeys(found))

    def _seen_under_former_name(self, anchor: Anchor, covers: Mapping[str, str]) -> str | None:
        """The record's digest of a file that was renamed since, where git tells so."""
        if not anchor.literal:
            return None
        for path, _ in self._history.lineage(anchor.glob):
            text = f"{path}::{anchor.symbol}" if anchor.symbol else path
            if text in covers:
                return covers[text]
        return None

    def _words(self, spec: SpecDocument) -> str:
        if spec.path not in self._digests:
            self._digests[spec.path] = text_digest(spec.body)
        return self._digests[spec.path]

    def _ids(self, versions: Sequence[Version]) -> Iterator[str]:
        for place in dict.fromkeys(version.place for version in versions):
            yield self._history.commits[place].id


def _known(reviewed: Reviewed) -> Inquiry[Reviewed]:
    return reviewed
    yield ()  # an inquiry that asks nothing


def _counts(spec: SpecDocument) -> bool:
    return spec.declaration is not None and spec.last_review is not None and spec.declaration.status != "retired"


def _comes_first(spec: SpecDocument) -> bool:
    """Whether the spec may have been written before its code."""
    return spec.declaration is not None and spec.declaration.status != "implemented"


def _where(path: str, before: bytes | None, after: bytes | None) -> str:
    """A changed file, with the lines that differ from what they were."""
    if after is None:
        return f"{path} (deleted)"
    if before is None:
        return f"{path} (new)"
    lines = changed_lines(before, after)
    return f"{path}:{lines}" if lines else path


def changed_lines(before: bytes, after: bytes, *, most: int = 4) -> str:
    """The ranges of lines of `after` that `before` has not, e.g. `3-7,12`; where lines went, the one after them."""
    old, new = before.splitlines(), after.splitlines()
    # Most changes are small: what is alike before and after them needs no comparing.
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(old) + len(new) > 20_000:
        return ""
    if not old or not new or len(old) == len(new) == 1:
        ranges = [(head + 1, head + max(len(new), 1))] if old or new else []
    else:
        from difflib import SequenceMatcher

        ranges = [
            (head + start + 1, head + max(end, start + 1))
            for tag, _, _, start, end in SequenceMatcher(None, old, new).get_opcodes()
            if tag != "equal"
        ]
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in ranges[:most]]
    return ",".join([*shown, *(["..."] if len(ranges) > most else [])])


def _alike(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    """How many lines both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (before, after) in pairs if before != after), min(len(old), len(new)))
