"""A repository's history by file: its versions, its former names, and which commits include which."""

from __future__ import annotations

import bisect
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from pytest_orchestrator.git.history import Commit, read_touch
from pytest_orchestrator.spec_guard.coverage.anchors import PathIndex


class Version(NamedTuple):
    """A file as one commit left it."""

    position: int
    """The commit's index in the history, 0 the newest."""
    blob: str | None
    """The content's object id; None: the commit deleted the file."""
    former: str | None
    """The object id of the content before; None: the commit added the file."""


class History:
    """Built once from every commit, newest first, each before its parents."""

    def __init__(self, commits: Iterable[Commit]) -> None:
        self.commits: Sequence[Commit] = tuple(commits)
        self._changes: dict[str, list[tuple[int, str]]] = {}
        self._versions: dict[str, Sequence[Version]] = {}
        for position, commit in enumerate(self.commits):
            for how, path in commit.changed:
                self._changes.setdefault(path, []).append((position, how))
        self._ancestors: dict[int, int] = {}
        self._ends: dict[int, int] = {}

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """The position of each commit, by its id."""
        return {commit.id: position for position, commit in enumerate(self.commits)}

    @cached_property
    def paths(self) -> PathIndex:
        """Every path that a commit touched."""
        return PathIndex(self._changes)

    @cached_property
    def linear(self) -> bool:
        """Whether every commit has one parent at most, and its parent comes next."""
        return all(commit.parents == (after.id,) for commit, after in pairwise(self.commits))

    @cached_property
    def latest_days(self) -> Sequence[date]:
        """By position, the day that a commit was made on or after: the last of its dates and those of its ancestors.

        Who sets the date of a commit back does not set back the dates of the commits that it descends from.
        """
        known = self.positions
        days: list[date] = [date.min] * len(self.commits)
        for position in range(len(days) - 1, -1, -1):
            commit = self.commits[position]
            day = commit.day if commit.made == commit.written else max(commit.day, commit.committed)
            days[position] = max([day, *(days[known[parent]] for parent in commit.parents if parent in known)])
        return days

    def end_of_day(self, position: int) -> int:
        """The last of the commits that follow each other, from the one at `position` on, by one author on one day."""
        passed, days = [], self.latest_days
        while position and position not in self._ends:
            commit, after = self.commits[position], self.commits[position - 1]
            if after.parents != (commit.id,) or after.email != commit.email or days[position] != days[position - 1]:
                break
            passed.append(position)
            position -= 1
        end = self._ends.get(position, position)
        self._ends |= dict.fromkeys(passed, end)
        return end

    def all_paths(self) -> Iterable[str]:
        """Every path that a commit touched, in no order."""
        return self._changes

    def versions(self, path: str) -> Sequence[Version]:
        """The versions of a file, newest first."""
        found = self._versions.get(path)
        if found is None:
            touches = ((position, read_touch(how, path)) for position, how in self._changes.get(path, ()))
            found = [Version(position, touch.blob, touch.former) for position, touch in touches]
            self._versions[path] = found
        return found

    def lineage(self, path: str) -> Iterator[tuple[str, Version]]:
        """The versions of a file under all its names, newest first, each with its name at the time."""
        position, seen = -1, {path}
        while True:
            last: Version | None = None
            for version in self.versions(path):
                if version.position > position and version.blob is not None:
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
            path, position = source, last.position

    def renamed_from(self, path: str, added: Version) -> str | None:
        """The file that the commit that added `path` deleted: one with the same content, or else of the same name."""
        gone = self._deletions.get(added.position)
        if gone is None:  # once for a commit: it may add thousands of files
            gone = self._deletions[added.position] = {}
            for touch in self.commits[added.position].touches:
                if touch.blob is None and touch.former is not None:
                    for key in ((True, touch.former), (False, posixpath.basename(touch.path))):
                        gone.setdefault(key, []).append(touch.path)
        same, alike = gone.get((True, added.blob or ""), ()), gone.get((False, posixpath.basename(path)), ())
        return min(same or alike, default=None)

    @cached_property
    def _deletions(self) -> dict[int, dict[tuple[bool, str], list[str]]]:
        """The files that a commit deleted, by content (True) and by name; filled by `renamed_from`."""
        return {}

    def renamed_to(self, path: str) -> str | None:
        """The file that the commit that deleted `path` added: one with the same content, or else of the same name."""
        latest = next(iter(self.versions(path)), None)
        if latest is None or latest.blob is not None:
            return None
        new = [
            touch for touch in self.commits[latest.position].touches if touch.former is None and touch.blob is not None
        ]
        same = [touch.path for touch in new if touch.blob == latest.former]
        alike = [touch.path for touch in new if posixpath.basename(touch.path) == posixpath.basename(path)]
        return next(iter(sorted(same) or sorted(alike)), None)

    def prepare(self, positions: Iterable[int]) -> None:
        """Compute the ancestors of each of the commits at `positions`, in one pass from the oldest to the newest.

        A commit's ancestors are the bits of a number; a number is dropped when all children of its commit are done.
        """
        wanted = set(positions) - self._ancestors.keys()
        if self.linear or not wanted:
            return
        known = self.positions
        waiting = [0] * len(self.commits)
        parents = [tuple(known[name] for name in commit.parents if name in known) for commit in self.commits]
        for each in parents:
            for parent in each:
                waiting[parent] += 1
        reached: dict[int, int] = {}
        for position in range(len(self.commits) - 1, -1, -1):
            bits = 1 << position
            for parent in parents[position]:
                bits |= reached[parent]
                waiting[parent] -= 1
                if not waiting[parent]:
                    del reached[parent]
            if waiting[position]:
                reached[position] = bits
            if position in wanted:
                self._ancestors[position] = bits

    def includes(self, position: int, other: int) -> bool:
        """Whether the commit at `position` is, or descends from, the one at `other`. Call `prepare` first."""
        if self.linear:
            return other >= position
        return bool(self._ancestors[position] >> other & 1)

    def since(self, path: str, position: int) -> tuple[Version, ...]:
        """The versions of a file by commits that the one at `position` doesn't include, newest first."""
        return tuple(version for version in self.versions(path) if not self.includes(position, version.position))

    def touched(self, path: str, position: int) -> bool:
        """Whether a commit that the one at `position` doesn't include changed a file."""
        return any(not self.includes(position, other) for other, _ in self._changes.get(path, ()))

    def at(self, path: str, position: int) -> str | None:
        """The content of a file in the commit at `position`, under its name at the time; None when it did not exist."""
        for _, version in self.lineage(path):
            if self.includes(position, version.position):
                return version.blob
        return None

    def as_of(self, position: int) -> History:
        """The history as the commit at `position` sees it. All commits that follow must be its ancestors."""
        return _PastHistory(self, position)


class _PastHistory(History):
    """The end of another history. It shares the touches of files, and renumbers those that are asked for."""

    def __init__(self, whole: History, first: int) -> None:
        self.commits = whole.commits[first:]
        self._whole, self._first = whole, first

    @cached_property
    def paths(self) -> PathIndex:
        """Every path that a commit touched."""
        return PathIndex(path for path in self._whole.all_paths() if self._is_known(path))

    @cached_property
    def latest_days(self) -> Sequence[date]:
        """The same as in the whole history: the ancestors are the same."""
        return self._whole.latest_days[self._first :]

    def end_of_day(self, position: int) -> int:
        """The last of the commits that follow each other, from the one at `position` on, by one author on one day."""
        return max(self._whole.end_of_day(self._first + position) - self._first, 0)

    def versions(self, path: str) -> Sequence[Version]:
        """The versions of a file, newest first."""
        found = self._whole.versions(path)
        start = bisect.bisect_left(found, self._first, key=lambda version: version.position)
        return [version._replace(position=version.position - self._first) for version in found[start:]]

    def touched(self, path: str, position: int) -> bool:
        """Whether a commit that the one at `position` doesn't include changed a file."""
        return any(not self.includes(position, version.position) for version in self.versions(path))

    def prepare(self, positions: Iterable[int]) -> None:
        """Compute the ancestors in the whole history: they are the same."""
        self._whole.prepare(self._first + position for position in positions)

    def includes(self, position: int, other: int) -> bool:
        """Whether the commit at `position` is, or descends from, the one at `other`. Call `prepare` first."""
        return self._whole.includes(self._first + position, self._first + other)

    def _is_known(self, path: str) -> bool:
        return self._whole.versions(path)[-1].position >= self._first


def in_order_of_mainline(commits: Sequence[Commit], mainline: Iterable[str]) -> tuple[Commit, ...]:
    """The commits in another order, each before its parents still: behind each of `mainline` follow only its ancestors.

    `mainline` are the ids of commits of one line of first parents, the oldest first.
    """
    by_id = {commit.id: commit for commit in commits}
    group: dict[str, int] = {}
    number = 0
    for number, name in enumerate(mainline, start=1):
        waiting = [name]
        while waiting:
            commit = by_id.get(waiting.pop())
            if commit is not None and commit.id not in group:
                group[commit.id] = number
                waiting += commit.parents
    return tuple(sorted(commits, key=lambda commit: group.get(commit.id, number + 1), reverse=True))
