"""Review states: what the last review of a spec saw, and what changed since. Only values: see `assessment`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord


@dataclass(frozen=True, kw_only=True)
class LastReview:
    """A spec's last review: the ledger's record, or what git's history tells where there is no record."""

    on: date
    body: str
    """The digest of the body that was reviewed."""
    covers: Mapping[str, str] | None = None
    """The recorded digests of the covered code; None without a record."""
    position: int | None = None
    """The position in the history of the commit that was reviewed; None when this clone does not have it."""
    code_position: int | None = None
    """The same for the covered code: without a record, code that its author committed right after the spec, on the day
    of the review, belongs to the review."""
    current: bool = False
    """Whether the working tree is what was reviewed: the commit with this review is still to be made."""
    exact: bool = False
    """Whether the covered files had no uncommitted changes when they were reviewed."""
    by: str = ""
    commit: str | None = None

    def __str__(self) -> str:
        reviewer = f" by {self.by}" if self.by else ""
        at = f" at {self.commit[:12]}" if self.commit else ""
        how = ", by the order of commits" if self.covers is None else ""
        return f"{self.on}{reviewer}{at}{how}"


@dataclass(frozen=True, kw_only=True)
class Drift:
    """An entry of `covers` whose code changed after the review."""

    anchor: str
    entry: int
    """Its index in `covers`."""
    files: tuple[str, ...] = ()
    """The changed files; none when they are not known."""
    paths: tuple[str, ...] = ()
    """The same for a message, with lines where they are known, e.g. `src/cache.py:10-14`."""
    commits: tuple[str, ...] = ()
    """The ids of the commits that changed them, newest first."""
    since: date
    """The day of the first of these commits."""
    unreviewed: bool = False
    """Whether the entry was added after the review: the spec was never compared with that code."""
    with_review: bool = False
    """Whether only commits changed it that the author of the reviewed spec made right after it, on the same day."""


@dataclass(frozen=True, kw_only=True)
class LostAnchor:
    """An entry of `covers` that matches nothing."""

    anchor: str
    entry: int
    """Its index in `covers`."""
    hint: str
    planned: bool = False
    """Whether the code never existed, and the spec may have been written before it."""


@dataclass(frozen=True, kw_only=True)
class ReviewState:
    """The review state of one spec."""

    last: LastReview | None = None
    body_changed: bool = False
    """Whether the body differs from the reviewed one."""
    body_commits: tuple[str, ...] = ()
    """The ids of the commits that changed the file since."""
    drifts: tuple[Drift, ...] = ()
    lost: tuple[LostAnchor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BulkDateChange:
    """A commit, or the working tree, that changes nothing but the dates of several specs."""

    commit: str | None
    """None: the working tree."""
    paths: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Reviews:
    """The reviews of a project's specs."""

    states: Mapping[str, ReviewState] = field(default_factory=dict)
    """The review states of the specs that are checked, by path."""
    added: frozenset[str] = frozenset()
    """The ids of the specs whose last review the change itself records."""
    recorded: tuple[ReviewRecord, ...] = ()
    """The records that the change adds."""
    removed: int = 0
    """How many records of the base's ledger the change removes."""
    bulk_date_changes: tuple[BulkDateChange, ...] = ()
    """Those of the change that exceed the setting `bulk_dates`."""

    def state(self, path: str) -> ReviewState:
        """The review state of the spec in the file `path`; an empty one where it was not assessed."""
        return self.states.get(path, ReviewState())
