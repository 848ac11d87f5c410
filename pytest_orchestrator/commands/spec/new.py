"""`spec new`: a valid spec to begin with. `spec index`: the index that agrees with the specs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pytest_orchestrator.codec.yaml import dump_yaml
from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.errors import RunError, UsageError
from pytest_orchestrator.files import write_atomic
from pytest_orchestrator.spec_guard.document.discovery import DEFAULT_PATHS
from pytest_orchestrator.spec_guard.document.spec import parse
from pytest_orchestrator.spec_guard.inspection import Inspection
from pytest_orchestrator.spec_guard.ledgers.task_index import index_of, render_index

_BODY = """
# {title}

Why this exists, in two sentences.

## Requirements

R1. It MUST ...

## Acceptance criteria

- ...
"""


def new_spec(  # noqa: PLR0913 - a spec's front matter has that many keys
    root: Path,
    *,
    settings: SpecGuardSettings,
    today: date,
    identity: str,
    title: str,
    owners: Sequence[str],
    covers: Sequence[str],
    folder: str | None,
) -> str:
    """Write a draft, and return its path.

    Raises:
        UsageError: the id or a glob is no good, there is such a file, or a spec with that id.
        RunError: the file can't be written.
    """
    inspection = Inspection(root, settings=settings, today=today)
    chosen = folder or next(iter(inspection.folders), DEFAULT_PATHS[0])
    path = f"{chosen.rstrip('/')}/{identity}.md"
    keys = {"id": identity, "title": title, "status": "draft", "owners": list(owners), "last_review": str(today)}
    if covers:
        keys["covers"] = list(covers)
    data = f"---\n{dump_yaml(keys)}---\n{_BODY.format(title=title)}".encode()
    problems = parse(data, path=path).problems
    if problems:
        raise UsageError(f"that would be no spec: {problems[0].message}", fix=problems[0].fix)
    for known in inspection.paths_without_git():
        if inspection.document(known).id == identity:
            raise UsageError(f"the id {identity!r} is taken by {known}", fix="choose another id")
    where = root / path
    if where.exists() or where.is_symlink():
        raise UsageError(f"{path} exists already", fix="choose another id, or --folder")
    _write(where, data, path)
    return path


def write_index(root: Path, *, settings: SpecGuardSettings, today: date) -> tuple[str, int, int]:
    """Write the index that says what the specs say; returns its path, how many specs it lists, and how many it can't.

    Raises:
        RunError: the file can't be written.
    """
    inspection = Inspection(root, settings=settings, today=today)
    index = index_of([inspection.document(path) for path in inspection.paths])
    _write(root / settings.index, render_index(index).encode(), settings.index)
    return settings.index, len(index.specs), len(inspection.paths) - len(index.specs)


def _write(where: Path, data: bytes, path: str) -> None:
    try:
        where.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(where, data)
    except OSError as error:
        raise RunError(f"can't be written: {error.strerror or error}", path=path) from error
