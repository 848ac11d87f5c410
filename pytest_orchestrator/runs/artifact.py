"""Files of a run's folder, written completely or not at all."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path, PurePosixPath

from pytest_orchestrator.errors import RunError
from pytest_orchestrator.files import append_whole, write_atomic
from pytest_orchestrator.runs.manifest import ArtifactRef

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_MEDIA_TYPES = {
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown",
    ".patch": "text/x-diff",
    ".html": "text/html",
    ".txt": "text/plain",
}


def write_artifact(folder: Path, name: str, data: bytes) -> ArtifactRef:
    """Write a file of the run in `folder`, from any process. `RunFolder.list_artifact` adds it to the manifest.

    `name` is a POSIX path relative to `folder`.

    Raises:
        RunError: it can't be written. An older file stays unchanged.
    """
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts:
        raise ValueError(f"an artifact's name is relative: {name!r}")
    path = folder / relative
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, data)
    except OSError as error:
        raise cannot_write(path, error) from error
    return refer(str(relative), data)


def append_line(path: Path, line: bytes) -> None:
    """Append `line` and its line feed to a file.

    Raises:
        RunError: it can't be written. The file stays unchanged.
    """
    try:
        append_whole(path, line + b"\n")
    except OSError as error:
        raise cannot_write(path, error) from error


def refer(name: str, data: bytes) -> ArtifactRef:
    """A manifest's entry for the file `name` with the content `data`."""
    media_type = _MEDIA_TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
    return ArtifactRef(path=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type=media_type)


def cannot_write(path: Path, error: OSError) -> RunError:
    """The error for a file of a run that can't be written."""
    fix = "free some space" if error.errno in _FULL else "make the folder writable, or pass another with --run-dir"
    return RunError(f"the run's record can't be written: {error.strerror or error}", path=str(path), fix=fix)
