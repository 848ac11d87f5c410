"""Finds commits that change nothing but the review dates of many specs, which are probably not reviews."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import decode_utf8
from pytest_orchestrator.git.worktree import ChangedPath
from pytest_orchestrator.spec_guard.document.mapping import NATIVE, Reading, read_mapped
from pytest_orchestrator.spec_guard.document.spec import our_keys, parse
from pytest_orchestrator.spec_guard.reviews.history import History
from pytest_orchestrator.spec_guard.reviews.last_review import FetchBlobs
from pytest_orchestrator.spec_guard.reviews.state import BulkDateChange


class FileEdit(NamedTuple):
    """A changed file. `commit` and `after` are None where the working tree changed it."""

    commit: str | None
    path: str
    before: str
    """The blob before."""
    after: str | None
    """The blob after."""


def committed_edits(history: History, base: str | None) -> Iterator[FileEdit]:
    """The edits by each commit that `base` does not include, but for merges."""
    position = None if base is None else history.positions.get(base)
    if position is None:
        return
    history.prepare([position])
    for number, commit in enumerate(history.commits):
        if len(commit.parents) > 1 or history.includes(position, number):
            continue
        for touch in commit.touches:
            if touch.former and touch.blob:
                yield FileEdit(commit.id, touch.path, touch.former, touch.blob)


def uncommitted_edits(changes: Iterable[ChangedPath]) -> Iterator[FileEdit]:
    """The edits by the working tree."""
    return (FileEdit(None, item.path, item.blob, None) for item in changes if item.blob is not None)


def find_bulk_date_changes(
    edits: Iterable[FileEdit],
    *,
    limit: int,
    fetch: FetchBlobs,
    read: Callable[[str], bytes | None],
    reading: Reading = NATIVE,
) -> tuple[BulkDateChange, ...]:
    """The commits, and the working tree, that change nothing but the dates of more than `limit` specs.

    `edits` are those of specs; `read` reads a file of the working tree.
    """
    by_commit: dict[str | None, list[FileEdit]] = {}
    for edit in edits:
        by_commit.setdefault(edit.commit, []).append(edit)
    large = {commit: found for commit, found in by_commit.items() if len(found) > limit}
    blobs = (blob for found in large.values() for edit in found for blob in (edit.before, edit.after) if blob)
    contents = fetch(tuple(dict.fromkeys(blobs)))
    changes: list[BulkDateChange] = []
    for commit, found in large.items():
        paths = tuple(
            edit.path
            for edit in found
            if _changes_date_only(
                contents[edit.before],
                (read(edit.path) or b"") if edit.after is None else contents[edit.after],
                edit.path,
                reading,
            )
        )
        if len(paths) > limit:
            changes.append(BulkDateChange(commit=commit, paths=paths))
    return tuple(changes)


def _changes_date_only(before: bytes, after: bytes, path: str, reading: Reading) -> bool:
    if posixpath.basename(path) == reading.settings.beside:
        return _keys_change_date_only(before, after, path, reading)
    old, new = (parse(data, path=path, reading=reading) for data in (before, after))
    return (
        old.declaration is not None
        and old.last_review != new.last_review
        and old.declaration == new.declaration
        and old.says_the_same(new)
    )


def _keys_change_date_only(before: bytes, after: bytes, path: str, reading: Reading) -> bool:
    """The same for a file that holds the keys of a spec."""
    try:
        texts = [decode_utf8(data, display_path=path) for data in (before, after)]
        old, new = (dict(read_mapped(text, path=path, reading=reading, our_keys=our_keys()).known) for text in texts)
    except InputError:
        return False
    return old.pop("last_review", None) != new.pop("last_review", None) and old == new
