"""The folder that a run writes. It can be read at any time, and is complete when the run ends.

    .runs/<task-id>/<run-id>/
        manifest.json    replaced in one step; `heartbeat` changes while the run is alive
        results.jsonl    a line a result, in the order in which they came
        ...              artifacts: diffs, errors, reports

When the disk is full, only what did not fit is lost: a line is written completely or not at all, and a reserve file of
128 KiB, deleted at the end, makes room for the last manifest.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.display import redact_urls
from pytest_orchestrator.errors import InputError, RunError
from pytest_orchestrator.files import inside, write_atomic
from pytest_orchestrator.runs.artifact import append_line, cannot_write, refer, write_artifact
from pytest_orchestrator.runs.environment import find_git_state, find_versions
from pytest_orchestrator.runs.manifest import ArtifactRef, FinalStatus, InputDigest, RunKind, RunManifest

MANIFEST, RESULTS = "manifest.json", "results.jsonl"

_PULSE_END_S = 1.0
_RESERVE = ".reserve"
_RESERVE_BYTES = 128 << 10


class RunFolder:
    """The folder of a run that goes on. Made by `create`; `finish` must be called however the run ends."""

    def __init__(self, path: Path, manifest: RunManifest, *, heartbeat_s: float) -> None:
        self.path = path
        self._manifest = manifest
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._pulse = threading.Thread(target=self._beat, args=(heartbeat_s,), daemon=True, name="run-heartbeat")

    @staticmethod
    def create(  # noqa: PLR0913 - a run's identity has that many parts
        runs_dir: Path,
        *,
        task_id: str,
        kind: RunKind,
        command_line: Sequence[str],
        root: Path,
        heartbeat_s: float = 5.0,
    ) -> RunFolder:
        """A new folder `<runs_dir>/<task_id>/<run-id>` whose manifest says `running`. `task_id` matches `TASK_ID`.

        Raises:
            RunError: the folder can't be made or written, or is below a symbolic link: a change could lead the record
                out of the project by one.
        """
        now = datetime.now(UTC)
        run_id = _new_run_id(now)
        path = runs_dir / task_id / run_id
        _refuse_links(Path(os.path.normpath(path.parent)), root)
        try:
            _prepare(runs_dir)
            path.mkdir(parents=True)
            (path / _RESERVE).write_bytes(bytes(_RESERVE_BYTES))
            (path / RESULTS).touch()
        except OSError as error:
            raise cannot_write(path, error) from error
        manifest = RunManifest(
            schema="pytest-orchestrator/run-manifest/1",
            run_id=run_id,
            task_id=task_id,
            kind=kind,
            status="running",
            started=now,
            heartbeat=now,
            command_line=tuple(map(redact_urls, command_line)),
            versions=find_versions(root),
            git=find_git_state(root),
            counts={},
        )
        folder = RunFolder(path, manifest, heartbeat_s=heartbeat_s)
        folder._write_manifest()
        folder._pulse.start()
        return folder

    @property
    def manifest(self) -> RunManifest:
        """The current manifest."""
        with self._lock:
            return self._manifest

    def describe(
        self, *, pins: Sequence[InputDigest] = (), patterns: Sequence[InputDigest] = (), agents: Sequence[str] = ()
    ) -> None:
        """Set the run's inputs. The next heartbeat writes them."""
        with self._lock:
            self._manifest = replace(self._manifest, pins=tuple(pins), patterns=tuple(patterns), agents=tuple(agents))

    def record(self, result: Mapping[str, Any]) -> None:
        """Append a result. Raises `RunError` when it can't be written; earlier ones stay readable."""
        line = json.dumps(result, ensure_ascii=False).encode("utf-8", "backslashreplace")
        with self._lock:
            append_line(self.path / RESULTS, line)

    def write_artifact(self, name: str, data: bytes) -> ArtifactRef:
        """Write a file of the run and list it in the manifest. `name` is a relative POSIX path.

        Raises:
            RunError: it can't be written; what was there before stays.
        """
        reference = write_artifact(self.path, name, data)
        self.list_artifact(reference)
        return reference

    def list_artifact(self, reference: ArtifactRef) -> None:
        """List a file in the manifest that another process of this run wrote with `write_artifact`."""
        with self._lock:
            others = tuple(item for item in self._manifest.artifacts if item.path != reference.path)
            self._manifest = replace(self._manifest, artifacts=(*others, reference))

    def report_problem(self, problem: str) -> None:
        """Add something that the run could not do to the manifest."""
        with self._lock:
            if problem not in self._manifest.problems:
                self._manifest = replace(self._manifest, problems=(*self._manifest.problems, problem))

    def finish(self, status: FinalStatus, counts: Mapping[str, int]) -> RunManifest:
        """Write the last manifest. Further calls change nothing.

        Raises:
            RunError: even the last manifest can't be written.
        """
        with self._lock:
            if self._over.is_set():
                return self._manifest
            self._over.set()
            with contextlib.suppress(OSError):
                (self.path / _RESERVE).unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # the file was removed: the manifest doesn't list it
                self.list_artifact(refer(RESULTS, (self.path / RESULTS).read_bytes()))
            artifacts = tuple(sorted(self._manifest.artifacts, key=lambda item: item.path))
            self._manifest = replace(
                self._manifest, status=status, counts=dict(counts), ended=datetime.now(UTC), artifacts=artifacts
            )
            self._write_manifest()
        if self._pulse.is_alive():
            # A signal handler may call this while its own thread holds the lock that the pulse waits for.
            self._pulse.join(_PULSE_END_S)
        return self._manifest

    def _beat(self, interval_s: float) -> None:
        while not self._over.wait(interval_s):
            # A heartbeat that can't be written is no error: the next write reports the problem.
            with self._lock, contextlib.suppress(RunError):
                if not self._over.is_set():
                    self._write_manifest()

    def _write_manifest(self) -> None:
        self._manifest = replace(self._manifest, heartbeat=datetime.now(UTC))
        data = (json.dumps(encode(self._manifest), indent=2, ensure_ascii=False) + "\n").encode()
        path = self.path / MANIFEST
        try:
            write_atomic(path, data)
        except OSError as error:
            raise cannot_write(path, error) from error


def _new_run_id(now: datetime) -> str:
    """Sorts by time to the millisecond. The random suffix makes it unique."""
    return f"{now:%Y%m%d-%H%M%S}-{now.microsecond // 1000:03d}-{secrets.token_hex(3)}"


def _refuse_links(folder: Path, root: Path) -> None:
    """Raises `RunError` when a link leads to `folder`. A folder outside of the project was named by the user."""
    start = root if folder.is_relative_to(root) else folder.parent
    try:
        inside(start, folder.relative_to(start).as_posix())
    except InputError as error:
        raise RunError(
            f"the run's record can't be written: it {error.message}", path=str(folder), fix="remove the link"
        ) from error


def _prepare(runs_dir: Path) -> None:
    """Make `runs_dir`, with a `.gitignore` unless the folder has other content."""
    runs_dir.mkdir(parents=True, exist_ok=True)
    if not any(runs_dir.iterdir()):
        (runs_dir / ".gitignore").write_text("# Records of runs, written by pytest-orchestrator.\n*\n")
