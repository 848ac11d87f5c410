"""`patterns test --watch`: waits until the files of patterns change, by polling the file system."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest_orchestrator.pattern_engine
from pytest_orchestrator.commands.patterns.test import select
from pytest_orchestrator.display import relative_name
from pytest_orchestrator.pattern_engine.foreign.modules import find_module
from pytest_orchestrator.pattern_engine.library.library import library_folders
from pytest_orchestrator.pattern_engine.pattern import METADATA_FILE, Pattern

_INTERVAL_S = 0.15

_Snapshot = Mapping[Path, tuple[int, int, int]]


class Watch:
    """The files of some patterns, and the code that patterns share.

    `wait` compares them with their state when this was made, or when `wait` last returned: no change in between is
    missed. Without `ids` the project's own patterns are watched, malformed ones too.

    Raises:
        PatternError: there is no such pattern.
    """

    def __init__(self, root: Path, ids: Sequence[str]) -> None:
        self._root = root
        self._paths = _folders(root, ids)
        self._seen = self._snapshot()

    def include(self, patterns: Sequence[Pattern]) -> None:
        """Watch also the packages that hold the code of these patterns."""
        entries = {pattern.entry.partition(":")[0] for pattern in patterns}
        found = (find_module(entry) for entry in entries if entry and not entry.endswith(".py"))
        more = {Path(spec.origin).parent for spec in found if spec is not None and spec.origin} - {*self._paths}
        self._paths = (*self._paths, *sorted(more))
        self._seen = {**_stats(more), **self._seen}

    def wait(self) -> tuple[str, ...]:
        """The files that were changed, made or removed, relative to the project, once there are some.

        It returns when two snapshots agree: a file that is being written is empty for a moment.
        """
        before, now = self._seen, self._snapshot()
        while now == self._seen or now != before:
            time.sleep(_INTERVAL_S)
            before, now = now, self._snapshot()
        changed = {path for path, _ in now.items() ^ self._seen.items()}
        self._seen = now
        return tuple(sorted(relative_name(path, self._root) for path in changed))

    def _snapshot(self) -> _Snapshot:
        # A malformed pattern of the project keeps all patterns from being read.
        return _stats([*self._paths, *(self._root / "patterns").glob(f"*/{METADATA_FILE}")])


def _folders(root: Path, ids: Sequence[str]) -> tuple[Path, ...]:
    shared = Path(next(iter(pytest_orchestrator.pattern_engine.__path__)))
    if not ids:
        return (shared, root / "patterns")
    libraries = library_folders(root)
    found = []
    for id_ in ids:
        folder = next((library / id_ for library in libraries if (library / id_ / METADATA_FILE).is_file()), None)
        found.append(folder or select(root, [id_])[0].folder or root)
    return (shared, *found)


def _stats(paths: Iterable[Path]) -> dict[Path, tuple[int, int, int]]:
    found = {}
    for root in paths:
        for path in [root] if root.is_file() else root.rglob("*"):
            parts = path.relative_to(root).parts
            if path.suffix == ".pyc" or any(part.startswith(".") or part == "__pycache__" for part in parts):
                continue
            try:
                stat = os.lstat(path)
            except OSError:  # gone since it was listed
                continue
            if not path.is_dir():
                found[path] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    return found
