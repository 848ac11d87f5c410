"""The whole history of a repository in one pass: which commit touched which file, and what it left there.

What git printed is kept beside the repository's own data, under the commit it was printed for, so that the next look
asks for the commits since then only. It is kept inside the git directory because no commit can put anything there:
a history from the working tree could be forged by a pull request.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pytest_orchestrator.errors import GitError
from pytest_orchestrator.files import write_atomic
from pytest_orchestrator.git.worktree import WorkTree

_FORMAT = "%x01%H%x02%P%x02%as%x02%ae%x02"
_FOLDER = "pytest-orchestrator"
_PREFIX = "history-1-"
_KEPT = 4
_TIMEOUT_S = 600.0


class Touch(NamedTuple):
    """What a commit did to a file. `blob` is the content it left, `former` what was there; None: nothing."""

    path: str
    blob: str | None
    former: str | None


class Commit(NamedTuple):
    """One commit. A merge touches the files that differ from all its parents."""

    id: str
    parents: tuple[str, ...]
    day: date
    """When it was written, by its author's calendar."""
    email: str
    """Its author's, in lower case."""
    touches: tuple[Touch, ...]


def read_log(tree: WorkTree) -> bytes:
    """What `parse_log` reads: every commit that HEAD reaches, each before its parents.

    Raises:
        GitError: git can't read its history.
    """
    return b"" if tree.head is None else _log(tree, tree.head)


def parse_log(data: bytes, prefix: str = "") -> Iterator[Commit]:
    """The commits in what `git log` printed; paths that don't begin with `prefix` are left out.

    Read token by token, so that no name of a file can pass for a commit: after a token that begins with a colon the
    next one is a path, whatever is in it.
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
    name, parents, day, email = head[1:].split("\x02", 3)
    try:
        written = date.fromisoformat(day)
    except ValueError:  # git itself prints nothing for a date beyond its calendar
        written = date.min
    return Commit(name, tuple(parents.split()), written, email.rstrip("\x02").casefold(), tuple(touches))


def _touch(head: str, path: str) -> Touch:
    # ":<modes> <ids> <status>", a colon, a mode and an id more for each further parent of a merge.
    words = head.lstrip("\n").split(" ")
    if len(words) == 5:  # one parent, as nearly always
        regular, was_regular = words[1].startswith("100"), words[0].startswith(":100")
        return Touch(path, words[3] if regular else None, words[2] if was_regular else None)
    parents = words[0].count(":")
    former, blob = words[parents + 1], words[2 * parents + 1]
    # A submodule or a link holds no content of the project's own.
    regular = words[parents].startswith("100")
    was_regular = words[0].startswith("100", parents)
    return Touch(path, blob if regular else None, former if was_regular else None)


def _log(tree: WorkTree, head: str) -> bytes:
    folder = None if tree.shallow else kept_folder(tree)
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
    plain = ("--no-color", "--no-ext-diff", "--no-textconv", "--no-relative", "--ignore-submodules=none")
    return tree.git.output("log", *options, *plain, f"--format={_FORMAT}", commits, "--", timeout_s=_TIMEOUT_S)


def kept_folder(tree: WorkTree) -> Path | None:
    """Where derived data is kept for the repository: inside its git directory; None when git won't say."""
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
    # A cache that can't be written is none; what is asked for was found out already.
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        for old in _newest(folder)[_KEPT - 1 :]:
            old.unlink(missing_ok=True)
        write_atomic(folder / (_PREFIX + head), hashlib.sha256(data).hexdigest().encode() + data)
