"""A cache of results, by the file's bytes, the patterns and their parameters, and the versions of what runs them.

One SQLite file in the user's cache folder, shared by all processes. An entry contains a digest of its content. A
corrupt entry is dropped and made again, and so is the whole file when SQLite can't read it. No failure of the cache is
an error: the work is then done again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Self, TypeVar

from pytest_orchestrator.codec.decode import decode_json, encode
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.pattern_engine.host.task import Examined
from pytest_orchestrator.pattern_engine.host.workspace import SourceFile
from pytest_orchestrator.pattern_engine.results import Edited, FileResult, Reason, Rejected, Unchanged
from pytest_orchestrator.pattern_engine.suppressions import depends_on_day

_T = TypeVar("_T")

DEFAULT_MAX_BYTES = 256 << 20
_TIMEOUT_S = 5.0
_DIGEST_BYTES = hashlib.sha256().digest_size
# A pattern that raises does so again, unless a resource was missing. Time limits and exits may be accidents.
_LASTING: frozenset[Reason] = frozenset(
    {
        "syntax",
        "encoding",
        "not-text",
        "round-trip",
        "unsupported-python",
        "broken-output",
        "raised",
        "fight",
        "suppressed",
    }
)
_PASSING = re.compile(
    r"\b(?:RecursionError|MemoryError|KeyboardInterrupt|ImportError|ModuleNotFoundError|\[Errno|Timeout|OSError)"
)
_SCHEMA = "CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, value BLOB NOT NULL, made REAL NOT NULL)"


def default_cache_folder() -> Path:
    """The folder of the cache: `PYTEST_ORCHESTRATOR_CACHE`, or one in the user's cache folder."""
    if named := os.environ.get("PYTEST_ORCHESTRATOR_CACHE"):
        return Path(named)
    import platformdirs

    return platformdirs.user_cache_path("pytest-orchestrator") / "results"


def result_key(fingerprint: bytes, file: SourceFile) -> bytes:
    """The key of a file's result. Its path counts, since a codemod may ask for its module's name.

    So does the day, where suppressions may end.
    """
    day = str(date.today()) if depends_on_day(file.data) else ""  # noqa: DTZ011 - as in the comment
    return hashlib.sha256(fingerprint + os.fsencode(file.path) + b"\0" + file.sha256.encode() + day.encode()).digest()


class ResultCache:
    """Results of earlier runs. Threads may share it; `close` it, or use it in a `with` statement."""

    def __init__(self, folder: Path, *, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        self._file = folder / "results-1.sqlite"
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        self._is_broken = False
        self.hits = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, key: bytes, file: SourceFile) -> Examined | None:
        """The result kept under `key` for this file, if there is one."""
        query = "SELECT CAST(value AS BLOB) FROM results WHERE key = ?"  # a corrupt entry may be of type text
        rows = self._run(lambda database: database.execute(query, (key,)).fetchall())
        if not rows:
            return None
        examined = _unpacked(rows[0][0], file)
        if examined is None:
            self._run(lambda database: database.execute("DELETE FROM results WHERE key = ?", (key,)))
        else:
            self.hits += 1
        return examined

    def put(self, key: bytes, examined: Examined) -> None:
        """Keep a result, if the next run would have the same."""
        if not all(map(_is_lasting, examined.results)):
            return
        row = (key, _packed(examined), time.time())
        self._run(lambda database: database.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", row))

    def close(self) -> None:
        """Remove the oldest results if there are too many, and close the file."""
        if self._database is None:
            return
        self._run(self._shrink)
        with self._lock:
            self._let_go()

    def _shrink(self, database: sqlite3.Connection) -> None:
        ((total,),) = database.execute("SELECT coalesce(sum(length(value) + length(key)), 0) FROM results")
        if total <= self._max_bytes:
            return
        kept = 0
        for made, size in database.execute("SELECT made, length(value) + length(key) FROM results ORDER BY made DESC"):
            kept += size
            if kept > self._max_bytes // 2:
                database.execute("DELETE FROM results WHERE made <= ?", (made,))
                break
        database.execute("VACUUM")

    def _run(self, action: Callable[[sqlite3.Connection], _T]) -> _T | None:
        """The result of `action`; None when the cache can't be used. A file that is no database is replaced, once."""
        with self._lock:
            for _ in range(2):
                if self._is_broken:
                    return None
                try:
                    return action(self._opened())
                except sqlite3.OperationalError:  # busy for long, full, read-only: waiting once is enough
                    break
                except sqlite3.DatabaseError:
                    self._discard()
                except OSError:
                    self._is_broken = True
            self._is_broken = True
            return None

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(self._file, timeout=_TIMEOUT_S, isolation_level=None, check_same_thread=False)
            try:
                with contextlib.suppress(sqlite3.OperationalError):  # another process is doing it right now
                    database.execute("PRAGMA journal_mode=WAL")
                database.execute("PRAGMA synchronous=NORMAL")
                database.execute(_SCHEMA)
            except sqlite3.Error:
                database.close()
                raise
            self._database = database
        return self._database

    def _let_go(self) -> None:
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
            self._database = None

    def _discard(self) -> None:
        self._let_go()
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                self._file.with_name(self._file.name + suffix).unlink()


def _is_lasting(result: FileResult) -> bool:
    """Whether the next run would have the same result."""
    if not isinstance(result, Rejected):
        return True
    return result.reason in _LASTING and not (result.reason == "raised" and _PASSING.search(result.message))


def _packed(examined: Examined) -> bytes:
    edited = any(isinstance(result, Edited) for result in examined.results)
    results = [] if isinstance(examined.results[0], Unchanged) else encode(examined.results)
    head = json.dumps({"edited": edited, "results": results}, separators=(",", ":")).encode()
    content = len(head).to_bytes(4, "big") + head + (examined.data if edited else b"")
    return hashlib.sha256(content).digest() + content


def _unpacked(value: bytes, file: SourceFile) -> Examined | None:
    digest, content = value[:_DIGEST_BYTES], value[_DIGEST_BYTES:]
    if hashlib.sha256(content).digest() != digest:
        return None
    end = 4 + int.from_bytes(content[:4], "big")
    head: dict[str, Any] = json.loads(content[4:end])
    if not head["results"]:
        return Examined(results=(Unchanged(path=file.path),), data=file.data)
    try:
        results: tuple[FileResult, ...] = decode_json(tuple[FileResult, ...], head["results"], path="cache")
    except InputError:  # pragma: no cover - the engine's digest is part of the key
        return None
    data = content[end:] if head["edited"] else file.data
    expected = {result.after_sha256 for result in results if isinstance(result, Edited)}
    if expected and expected != {hashlib.sha256(data).hexdigest()}:
        return None
    return Examined(results=results, data=data)
