"""The whole history of a repository in one pass: which commit touched which file, with the content before and after.

The output of `git log` is cached, by commit, so that the next call asks git only for newer commits. The cache is
inside the git directory, because no commit can write there: a pull request could forge a cache in the working tree.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pytest_orchestrator.files import write_atomic
from pytest_orchestrator.git.command import output_of
from pytest_orchestrator.git.worktree import WorkTree
from pytest_orchestrator.process import Beside

_FORMAT = "%x00%x01%H%x02%P%x02%ad%x02%cd%x02%ae%x02"
_START = "\0\0\x01"
"""What a commit starts with: no path can contain it, for paths end with NUL and none is empty."""
_FOLDER = "pytest-orchestrator"
_PREFIX = "history-3-"
# Beyond these days there may be no day a month before or after.
_FIRST_DAY, _LAST_DAY = date(1000, 1, 1).toordinal(), date(9000, 12, 31).toordinal()
_EPOCH, _DAY_S, _MAX_OFFSET_S = date(1970, 1, 1).toordinal(), 86_400, 14 * 3600
_MAX_CACHED = 4
_TIMEOUT_S = 600.0


class Touch(NamedTuple):
    """A commit's change of a file: the ids of its content after and before; None when it is not a regular file."""

    path: str
    blob: str | None
    former: str | None


class Commit(NamedTuple):
    """One commit. What it says is read when it is asked for: a check needs little of most commits."""

    id: str
    parents: tuple[str, ...]
    written: str
    """The author's date and time zone, in git's raw form."""
    made: str
    """The same of the committer."""
    author: str
    """The author's e-mail."""
    changed: tuple[tuple[str, str], ...]
    """For each changed file what `read_touch` reads, and its path. A merge changes what differs from all parents."""

    @property
    def day(self) -> date:
        """The author's date, in the author's time zone; see `read_day`."""
        return read_day(self.written)

    @property
    def committed(self) -> date:
        """The committer's date."""
        return read_day(self.made)

    @property
    def email(self) -> str:
        """The author's e-mail, in lower case."""
        return self.author.casefold()

    @property
    def touches(self) -> tuple[Touch, ...]:
        """The changes of files."""
        return tuple(read_touch(head, path) for head, path in self.changed)


def read_day(raw: str) -> date:
    """The day of a commit in its own time zone, from git's raw form: `1600000000 +0200`. Within the years 1000 to 9000.

    A commit can have any date, and git ends with an error when it is to print some of them in another form. A date that
    git can't read is the last day: it must not make a commit older than it is.
    """
    try:
        seconds, zone = raw.split(" ")
        day = _EPOCH + (int(seconds) + _offset_s(zone)) // _DAY_S
    except ValueError:
        day = _LAST_DAY
    return date.fromordinal(min(max(day, _FIRST_DAY), _LAST_DAY))


@lru_cache(maxsize=256)
def _offset_s(zone: str) -> int:
    seconds = int(zone[:-2]) * 3600 + int(zone[0] + zone[-2:]) * 60
    return seconds if abs(seconds) <= _MAX_OFFSET_S else 0


class Log:
    """The log of a repository, which git begins to write at once, beside this process."""

    def __init__(self, tree: WorkTree) -> None:
        """Raises `GitError`."""
        self._head = tree.head or ""
        self._folder = None if tree.shallow or not self._head else tree.common_dir / _FOLDER
        self._known = b"" if self._folder is None else _load(self._folder / (_PREFIX + self._head)) or b""
        self._git: Beside | None = None
        if self._head and not self._known:
            self._known, since = _newest_log(tree, self._folder, self._head)
            self._git = tree.git.beside(
                *_log_of(f"{since}..{self._head}" if since else self._head), timeout_s=_TIMEOUT_S
            )

    def read(self) -> bytes:
        """The input of `parse_log`: every commit that HEAD reaches, each before its parents. Raises `GitError`."""
        if self._git is not None:
            program, self._git = self._git, None
            self._known = output_of(program, "log") + self._known
            if self._folder is not None:
                _store(self._folder, self._head, self._known)
        return self._known

    def stop(self) -> None:
        """End git, if nobody has read the log."""
        if self._git is not None:
            self._git.stop()


def author_days(tree: WorkTree, since: str) -> Mapping[str, date]:
    """For each file, the newest author's day of the commits after `since` that touch it.

    Raises:
        GitError: git can't read its history.
    """
    days: dict[str, date] = {}
    data = tree.git.output(*_log_of(f"{since}..{tree.head or 'HEAD'}"), timeout_s=_TIMEOUT_S)
    for commit in parse_log(data, tree.prefix):
        for touch in commit.touches:
            days[touch.path] = max(commit.day, days.get(touch.path, commit.day))
    return days


def parse_log(data: bytes, prefix: str = "") -> Iterator[Commit]:
    """The commits in the output of `git log`; paths that don't start with `prefix` are left out."""
    for text in f"\0{os.fsdecode(data)}".split(_START)[1:]:
        head, _, files = text.partition("\0")
        name, parents, written, made, author = head.split("\x02", 4)
        fields = files.lstrip("\n\0").split("\0")
        changed = tuple(zip(fields[::2], fields[1::2], strict=False))
        if prefix:
            changed = tuple((how, path[len(prefix) :]) for how, path in changed if path.startswith(prefix))
        yield Commit(name, tuple(parents.split()), written, made, author.rstrip("\x02"), changed)


def read_touch(head: str, path: str) -> Touch:
    """The change of a file, from what `git log --raw` prints before its path.

    `:<modes> <ids> <status>`, a colon, a mode and an id more for each further parent of a merge.
    """
    words = head.split(" ")
    if len(words) == 5:  # one parent: the usual case
        regular, was_regular = words[1].startswith("100"), words[0].startswith(":100")
        return Touch(path, words[3] if regular else None, words[2] if was_regular else None)
    parents = words[0].count(":")
    former, blob = words[parents + 1], words[2 * parents + 1]
    # The content of a submodule or a link does not count.
    regular = words[parents].startswith("100")
    was_regular = words[0].startswith("100", parents)
    return Touch(path, blob if regular else None, former if was_regular else None)


def _newest_log(tree: WorkTree, folder: Path | None, head: str) -> tuple[bytes, str]:
    """The newest log that is kept of an ancestor of `head`, and the id of that commit; both empty for none."""
    for former in _newest(folder) if folder is not None else ():
        base = former.name.removeprefix(_PREFIX)
        if tree.git.call("merge-base", "--is-ancestor", base, head).returncode != 0:
            continue
        before = _load(former)
        if before is not None:
            return before, base
    return b"", ""


def _log_of(commits: str) -> tuple[str, ...]:
    options = ("--topo-order", "-z", "--raw", "--no-abbrev", "--no-renames", "-c", "--no-show-signature", "--no-notes")
    plain = ("--no-color", "--no-ext-diff", "--no-textconv", "--no-relative", "--ignore-submodules=none", "--date=raw")
    return ("log", *options, *plain, f"--format={_FORMAT}", commits, "--")


def _newest(folder: Path) -> list[Path]:
    try:
        return sorted(folder.glob(_PREFIX + "*"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    except OSError:
        return []


def _load(path: Path) -> bytes | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    digest, text = data[:64], data[64:]
    return text if digest == hashlib.sha256(text).hexdigest().encode() else None


def _store(folder: Path, head: str, data: bytes) -> None:
    # Without a cache the next call is slower; the result of this one is known already.
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        for old in _newest(folder)[_MAX_CACHED - 1 :]:
            old.unlink(missing_ok=True)
        write_atomic(folder / (_PREFIX + head), hashlib.sha256(data).hexdigest().encode() + data)
