"""Writes a file of the project."""

from __future__ import annotations

from pathlib import Path

from pytest_orchestrator.errors import RunError
from pytest_orchestrator.files import write_atomic


def write_project_file(root: Path, path: str, data: bytes) -> None:
    """Write the file `path` below `root`, and its folder where that is missing. Raises `RunError`."""
    try:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        write_atomic(root / path, data)
    except OSError as error:
        raise RunError(f"can't be written: {error.strerror or error}", path=path) from error
