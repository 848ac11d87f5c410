"""A repository's history, arranged for questions about files: what a file was, who touched it, what a reviewer saw."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from pytest_orchestrator.git.history import Commit
from pytest_orchestrator.spec_guard.coverage.anchors import PathIndex


class Version(NamedTuple):
    """What one commit left of a file. `place` is the commit's place in the history, 0 the newest."""

    place: int
    blob: str | None
    former: str | None


class History:
    """Built once from every commit, newest first, each before its parents."""

    def __init__(self, commits: Iterable[Commit]) -> None:
        self.commits: Sequence[Commit] = tuple(commits)
        self._touches: dict[str, list[Version]] = {}
        for place, commit in enumerate(self.commits):
            for touch in commit.touches:
                self._touches.setdefault(touch.path, []).append(Version(place, touch.blob, touch.former))
        self._ancestors: dict[int, int] = {}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Each commit's place."""
        return {commit.id: place for place, commit in enumerate(self.commits)}

    @cached_property
    def paths(self) -> PathIndex:
        """Every path that ever was."""
        return PathIndex(self._touches)

    @cached_property
    def linear(self) -> bool:
        """Whether every commit has one parent at most, and that one comes next."""
        return all(commit.parents == (after.id,) for commit, after in pairwise(self.commits))

    def versions(self, path: str) -> Sequence[Version]:
        """What commits made of a file, newest first."""
        return self._touches.get(path, ())

    def lineage(self, path: str) -> Iterator[tuple[str, Version]]:
        """What commits made of a file, newest first, on through its renames; with its name at the time."""
        place, seen = -1, {path}
        while True:
            last: Version | None = None
            for version in self.versions(path):
                if version.place > place and version.blob is not None:
                    yield path, version
                    last = version
                    if version.former is None:
                        break
            if last is None or last.former is not None:
                return
            source = self.renamed_from(path, last)
            if source is None or source in seen:
                return
            seen.add(source)
            # The name is another one now, its content that of the commits before the rename.
            path, place = source, last.place

    def renamed_from(self, path: str, added: Version) -> str | None:
        """The file that the commit, which added `path`, took away: with the same content, or else of the same name."""
        gone = [touch for touch in self.commits[added.place].touches if touch.blob is None and touch.former is not None]
        same = [touch.path for touch in gone if touch.former == added.blob]
        alike = [touch.path for touch in gone if posixpath.basename(touch.path) == posixpath.basename(path)]
        return next(iter(sorted(same) or sorted(alike)), None)

    def renamed_to(self, path: str) -> str | None:
        """The file that the commit, which took `path` away last, put in its place."""
        latest = next(iter(self.versions(path)), None)
        if latest is None or latest.blob is not None:
            return None
        new = [touch for touch in self.commits[latest.place].touches if touch.former is None and touch.blob is not None]
        same = [touch.path for touch in new if touch.blob == latest.former]
        alike = [touch.path for touch in new if posixpath.basename(touch.path) == posixpath.basename(path)]
        return next(iter(sorted(same) or sorted(alike)), None)

    def prepare(self, places: Iterable[int]) -> None:
        """Find out what each of the commits at `places` reaches, in one pass from the oldest to the newest.

        A commit's ancestors are the bits of a number; a number is let go when all children of its commit are done.
        """
        wanted = set(places) - self._ancestors.keys()
        if self.linear or not wanted:
            return
        known = self.places
        waiting = [0] * len(self.commits)
        parents = [tuple(known[name] for name in commit.parents if name in known) for commit in self.commits]
        for each in parents:
            for parent in each:
                waiting[parent] += 1
        reached: dict[int, int] = {}
        for place in range(len(self.commits) - 1, -1, -1):
            bits = 1 << place
            for parent in parents[place]:
                bits |= reached[parent]
                waiting[parent] -= 1
                if not waiting[parent]:
                    del reached[parent]
            if waiting[place]:
                reached[place] = bits
            if place in wanted:
                self._ancestors[place] = bits

    def includes(self, place: int, other: int) -> bool:
        """Whether who had the commit at `place` before them had the one at `other` too. Call `prepare` first."""
        if self.linear:
            return other >= place
        return bool(self._ancestors[place] >> other & 1)

    def since(self, path: str, place: int) -> tuple[Version, ...]:
        """What commits that the one at `place` doesn't include made of a file, newest first."""
        return tuple(version for version in self.versions(path) if not self.includes(place, version.place))

    def touched(self, path: str, place: int) -> bool:
        """Whether a commit that the one at `place` doesn't include made something of a file."""
        return any(not self.includes(place, version.place) for version in self.versions(path))

    def at(self, path: str, place: int) -> str | None:
        """The content of a file in the commit at `place`, wherever it lay then; None when there was none."""
        for _, version in self.lineage(path):
            if self.includes(place, version.place):
                return version.blob
        return None
