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
from pathlib import Path
from typing import NamedTuple

from pytest_orchestrator.errors import GitError
from pytest_orchestrator.files import write_atomic
from pytest_orchestrator.git.worktree import WorkTree

_FORMAT = "%x01%H%x02%P%x02%ad%x02%cd%x02%ae%x02"
_FOLDER = "pytest-orchestrator"
_PREFIX = "history-2-"
# Beyond these days there may be no day a month before or after.
_FIRST_DAY, _LAST_DAY = date(1000, 1, 1), date(9000, 12, 31)
_EPOCH, _DAY_S, _MAX_OFFSET = date(1970, 1, 1).toordinal(), 86_400, 14 * 60
_MAX_CACHED = 4
_TIMEOUT_S = 600.0


class Touch(NamedTuple):
    """A commit's change of a file: the ids of its content after and before; None when it is not a regular file."""

    path: str
    blob: str | None
    former: str | None


class Commit(NamedTuple):
    """One commit. A merge touches the files that differ from all its parents."""

    id: str
    parents: tuple[str, ...]
    day: date
    """The author's date, in the author's time zone; see `read_day`."""
    committed: date
    """The committer's date."""
    email: str
    """The author's, in lower case."""
    touches: tuple[Touch, ...]


def read_day(raw: str) -> date:
    """The day of a commit in its own time zone, from git's raw form: `1600000000 +0200`. Within the years 1000 to 9000.

    A commit can have any date, and git ends with an error when it is to print some of them in another form. A date that
    git can't read is the last day: it must not make a commit older than it is.
    """
    try:
        seconds, zone = raw.split(" ")
        minutes = int(zone[:-2]) * 60 + int(zone[0] + zone[-2:])
        days = (int(seconds) + (minutes if abs(minutes) <= _MAX_OFFSET else 0) * 60) // _DAY_S
    except ValueError:
        return _LAST_DAY
    return date.fromordinal(min(max(_EPOCH + days, _FIRST_DAY.toordinal()), _LAST_DAY.toordinal()))


def read_log(tree: WorkTree) -> bytes:
    """The input of `parse_log`: every commit that HEAD reaches, each before its parents.

    Raises:
        GitError: git can't read its history.
    """
    return b"" if tree.head is None else _log(tree, tree.head)


def author_days(tree: WorkTree, since: str) -> Mapping[str, date]:
    """For each file, the newest author's day of the commits after `since` that touch it.

    Raises:
        GitError: git can't read its history.
    """
    days: dict[str, date] = {}
    for commit in parse_log(_ask(tree, f"{since}..{tree.head or 'HEAD'}"), tree.prefix):
        for touch in commit.touches:
            days[touch.path] = max(commit.day, days.get(touch.path, commit.day))
    return days


def parse_log(data: bytes, prefix: str = "") -> Iterator[Commit]:
    """The commits in the output of `git log`; paths that don't start with `prefix` are left out.

    It is read token by token, so that no file name can be taken for a commit: the token after one that starts with a
    colon is always a path.
    """
    head = ""
    touches: list[Touch] = []
    tokens = iter(os.fsdecode(data).split("\0"))
    for token in tokens:
        if token.startswith("\x01"):
            if head:
                yield _commit(head, touches)
            head, touches = token, []
        elif token.startswith((":", "\n:")):
            path = next(tokens)
            if path.startswith(prefix):
                touches.append(_touch(token, path[len(prefix) :]))
    if head:
        yield _commit(head, touches)


def _commit(head: str, touches: list[Touch]) -> Commit:
    name, parents, day, committed, email = head[1:].split("\x02", 4)
    return Commit(
        id=name,
        parents=tuple(parents.split()),
        day=(written := read_day(day)),
        committed=written if committed == day else read_day(committed),
        email=email.rstrip("\x02").casefold(),
        touches=tuple(touches),
    )


def _touch(head: str, path: str) -> Touch:
    # ":<modes> <ids> <status>", a colon, a mode and an id more for each further parent of a merge.
    words = head.lstrip("\n").split(" ")
    if len(words) == 5:  # one parent: the usual case
        regular, was_regular = words[1].startswith("100"), words[0].startswith(":100")
        return Touch(path, words[3] if regular else None, words[2] if was_regular else None)
    parents = words[0].count(":")
    former, blob = words[parents + 1], words[2 * parents + 1]
    # The content of a submodule or a link does not count.
    regular = words[parents].startswith("100")
    was_regular = words[0].startswith("100", parents)
    return Touch(path, blob if regular else None, former if was_regular else None)


def _log(tree: WorkTree, head: str) -> bytes:
    folder = None if tree.shallow else _cache_folder(tree)
    if folder is not None:
        known = _load(folder / (_PREFIX + head))
        if known is not None:
            return known
        for former in _newest(folder):
            base = former.name.removeprefix(_PREFIX)
            if tree.git.call("merge-base", "--is-ancestor", base, head).returncode != 0:
                continue
            before = _load(former)
            if before is not None:
                data = _ask(tree, f"{base}..{head}") + before
                _store(folder, head, data)
                return data
    data = _ask(tree, head)
    if folder is not None:
        _store(folder, head, data)
    return data


def _ask(tree: WorkTree, commits: str) -> bytes:
    options = ("--topo-order", "-z", "--raw", "--no-abbrev", "--no-renames", "-c", "--no-show-signature", "--no-notes")
    plain = ("--no-color", "--no-ext-diff", "--no-textconv", "--no-relative", "--ignore-submodules=none", "--date=raw")
    return tree.git.output("log", *options, *plain, f"--format={_FORMAT}", commits, "--", timeout_s=_TIMEOUT_S)


def _cache_folder(tree: WorkTree) -> Path | None:
    """The folder of the cache, inside the git directory; None when git can't name that."""
    try:
        common = tree.git.line("rev-parse", "--path-format=absolute", "--git-common-dir")
    except GitError:
        return None
    return Path(common) / _FOLDER


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
