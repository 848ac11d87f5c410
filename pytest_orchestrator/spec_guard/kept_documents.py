"""Specs that were read before: by the id that git gives their content, kept beside the history in the git directory.

Only specs without a problem are kept, and only those that git says are as they were committed are taken from here.
What most rules don't need, a spec's text and its lines, is not kept; it is read when a rule asks for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from pytest_orchestrator.codec.yaml import Key
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import read_limited, write_atomic
from pytest_orchestrator.git.history import kept_folder
from pytest_orchestrator.git.worktree import WorkTree
from pytest_orchestrator.spec_guard.document.spec import MAX_BYTES, Declaration, SpecDocument, parse, unreadable

_NAME = "specs-2.json"
_TUPLES = ("owners", "covers", "relates_to", "approvals")
# Below this many, reading them anew is as quick.
WORTHWHILE = 200


class StoredSpec(SpecDocument):
    """A spec whose file is read when its text, a line or an extra key is first asked for."""

    @staticmethod
    def restore(place: str, path: str, entry: Mapping[str, Any]) -> StoredSpec:
        """The spec at `path`, which lies in the file `place`, as `_entry` put it down."""
        declared: dict[str, Any] = {
            key: tuple(value) if key in _TUPLES else value for key, value in entry["declaration"].items()
        }
        made = object.__new__(StoredSpec)
        made.__dict__.update(
            path=path,
            declaration=Declaration(**declared),
            last_review=date.fromisoformat(entry["last_review"]),
            problems=(),
            _place=place,
        )
        return made

    @cached_property
    def body(self) -> str:
        """The text."""
        return self._whole.body

    @cached_property
    def body_line(self) -> int:
        """The line that the text starts on."""
        return self._whole.body_line

    @cached_property
    def lines(self) -> Mapping[Key, int]:
        """The lines of the keys."""
        return self._whole.lines

    @cached_property
    def extra(self) -> Mapping[str, Any]:
        """The keys that start with `x-`."""
        return self._whole.extra

    @cached_property
    def _whole(self) -> SpecDocument:
        try:
            return parse(read_limited(self.__dict__["_place"], max_bytes=MAX_BYTES), path=self.path)
        except InputError as error:
            return unreadable(self.path, error)


class KeptDocuments:
    """The specs that are known by their content."""

    def __init__(self, tree: WorkTree) -> None:
        folder = None if tree.head is None else kept_folder(tree)
        self._path = None if folder is None else folder / _NAME
        self._entries: dict[str, Any] = self._load()

    def find(self, root: Path, blobs: Mapping[str, str], dirty: Collection[str]) -> dict[str, SpecDocument]:
        """The specs among `blobs` (content ids by path) that are known and not `dirty`, by path."""
        found: dict[str, SpecDocument] = {}
        for path, blob in blobs.items():
            entry = self._entries.get(blob)
            if entry is None or path in dirty:
                continue
            with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError):
                found[path] = StoredSpec.restore(f"{root}/{path}", path, entry)
        return found

    def store(self, specs: Iterable[SpecDocument], blobs: Mapping[str, str], dirty: Collection[str]) -> None:
        """Keep what `specs` hold, and nothing else."""
        entries: dict[str, Any] = {}
        new = False
        for spec in specs:
            blob = blobs.get(spec.path)
            if blob is None or spec.path in dirty or spec.problems or spec.declaration is None:
                continue
            known = self._entries.get(blob)
            new = new or known is None
            entries[blob] = known or _entry(spec)
        if self._path is None or not new or len(entries) < WORTHWHILE:
            return
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(exist_ok=True)
            text = json.dumps(entries).encode()
            write_atomic(self._path, hashlib.sha256(text).hexdigest().encode() + text)

    def _load(self) -> dict[str, Any]:
        if self._path is None:
            return {}
        try:
            data = self._path.read_bytes()
            whole = data[:64] == hashlib.sha256(data[64:]).hexdigest().encode()
            found = json.loads(data[64:]) if whole else {}
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def _entry(spec: SpecDocument) -> dict[str, Any]:
    assert spec.declaration is not None  # noqa: S101 - only whole specs are kept
    return {
        "declaration": spec.declaration.__dict__,  # flat, and `encode` takes longer than to parse it
        "last_review": str(spec.last_review),
    }
