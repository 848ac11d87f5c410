"""Where a spec stands: what its last review saw, and what became of it since. Values only; `survey` finds them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """A spec's last review, as the ledger has it, or as git's history lets it be inferred."""

    on: date
    body: str
    """A digest of the words that were reviewed."""
    covers: Mapping[str, str] | None = None
    """The ledger's digests of what was covered; None where history stands in for a record."""
    place: int | None = None
    """The place in the history of the commit that was reviewed; None when that is not known here."""
    now: bool = False
    """Whether the review is as new as the working tree."""
    exact: bool = False
    """Whether the files that were reviewed are those of the commit: nothing covered was changed and not committed."""
    by: str = ""
    commit: str | None = None

    def __str__(self) -> str:
        who = f" by {self.by}" if self.by else ""
        at = f" at {self.commit[:12]}" if self.commit else ""
        return f"{self.on}{who}{at}"


@dataclass(frozen=True, kw_only=True)
class Drift:
    """An entry of `covers` whose code is not what the reviewer saw."""

    anchor: str
    entry: int
    """Its place in `covers`."""
    paths: tuple[str, ...] = ()
    """What changed of it, with lines where they are known, e.g. `src/cache.py:10-14`."""
    commits: tuple[str, ...] = ()
    """The commits that changed it, newest first."""
    since: date
    """The day of the first of them."""
    unseen: bool = False
    """Whether the entry is newer than the review: nobody has compared the spec with that code yet."""


@dataclass(frozen=True, kw_only=True)
class LostAnchor:
    """An entry of `covers` that points at nothing."""

    anchor: str
    entry: int
    hint: str
    to_come: bool = False
    """Whether there never was anything, and the spec may have been written before its code."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one spec stands."""

    reviewed: Reviewed | None = None
    body_changed: bool = False
    """Whether its words are others than the reviewed ones."""
    body_commits: tuple[str, ...] = ()
    """The commits that touched the file since."""
    drifts: tuple[Drift, ...] = ()
    lost: tuple[LostAnchor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BulkMove:
    """One commit, or the working tree, that moved nothing but the dates of several specs."""

    commit: str | None
    paths: tuple[str, ...]


NOT_REVIEWED = Standing()


@dataclass(frozen=True, kw_only=True)
class Standings:
    """The standing of each spec that was surveyed, by its path."""

    by_path: Mapping[str, Standing] = field(default_factory=dict)

    def of(self, path: str) -> Standing:
        """The standing of the spec in the file `path`."""
        return self.by_path.get(path, NOT_REVIEWED)
