"""A verdict that still holds: the same commit checked out with nothing changed, the same day, settings, rules, base.

It is kept beside the history in the git directory, where no commit can put a forged one. Rules of other packages may
judge by what we don't know of, so with any of them nothing is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pytest_orchestrator.codec.decode import decode_json, encode
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import write_atomic
from pytest_orchestrator.git.history import kept_folder
from pytest_orchestrator.git.worktree import WorkTree
from pytest_orchestrator.spec_guard.reports.report import SpecReport

_PREFIX = "report-"
_MOST = 8


class KeptReport:
    """The place of one verdict; `parts` is everything that it depends on."""

    def __init__(self, tree: WorkTree, parts: Sequence[object]) -> None:
        folder = None if tree.head is None or tree.shallow else kept_folder(tree)
        # The guard's own code is a part, too: another version may judge otherwise.
        places = Path(__file__).parent.rglob("*.py")
        own = sorted((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in places)
        key = hashlib.sha256(repr((sys.version, own, tree.head, tree.prefix, *parts)).encode()).hexdigest()
        self._path = None if folder is None else folder / f"{_PREFIX}{key}.json"

    def load(self) -> SpecReport | None:
        """The verdict, when there is one that can be read."""
        if self._path is None:
            return None
        try:
            return decode_json(SpecReport, json.loads(self._path.read_bytes()), path=self._path.name)
        except (OSError, ValueError, InputError):
            return None

    def store(self, report: SpecReport) -> None:
        """Keep a verdict, and let go of the oldest ones."""
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(exist_ok=True)
            kept = sorted(self._path.parent.glob(_PREFIX + "*"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
            for old in kept[_MOST - 1 :]:
                old.unlink(missing_ok=True)
            write_atomic(self._path, json.dumps(encode(report)).encode())
