"""`spec new`: writes a valid spec to begin with."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass

from pytest_orchestrator.codec.yaml import dump_yaml
from pytest_orchestrator.errors import UsageError
from pytest_orchestrator.files import write_inside
from pytest_orchestrator.spec_guard.document.discovery import DEFAULT_PATHS, is_spec
from pytest_orchestrator.spec_guard.document.spec import parse
from pytest_orchestrator.spec_guard.project import Project

_BODY = """
# {title}

Why this exists, in two sentences.

## Requirements

R1. It MUST ...

## Acceptance criteria

- ...
"""


@dataclass(frozen=True)
class Draft:
    """What a new spec says."""

    id: str
    _: KW_ONLY
    title: str
    owners: Sequence[str]
    covers: Sequence[str] = ()


def new_spec(project: Project, draft: Draft, *, folder: str | None = None) -> str:
    """Write a draft that was reviewed today, and return its path. `folder` is the project's first one by default.

    Raises:
        UsageError: the id or a glob is invalid, the file or the id exists, or `folder` is not one of specs.
        RunError: the file can't be written.
    """
    chosen = next(iter(project.folders), DEFAULT_PATHS[0]) if folder is None else _checked(project, folder)
    path = posixpath.normpath(f"{chosen}/{draft.id}.md")
    keys = {
        "id": draft.id,
        "title": draft.title,
        "status": "draft",
        "owners": list(draft.owners),
        "last_review": str(project.today),
    }
    if draft.covers:
        keys["covers"] = list(draft.covers)
    data = f"---\n{dump_yaml(keys)}---\n{_BODY.format(title=draft.title)}".encode()
    problems = parse(data, path=path).problems
    if problems:
        raise UsageError(f"that would not be a valid spec: {problems[0].message}", fix=problems[0].fix)
    for known in project.paths_without_git():
        if project.document(known).id == draft.id:
            raise UsageError(f"the id {draft.id!r} is taken by {known}", fix="choose another id")
    where = project.root / path
    if where.exists() or where.is_symlink():
        raise UsageError(f"{path} exists already", fix="choose another id, or --folder")
    write_inside(project.root, path, data)
    return path


def _checked(project: Project, folder: str) -> str:
    """The folder, normalized. A spec in any other place would never be checked."""
    # A default folder counts as soon as it exists.
    known = DEFAULT_PATHS if project.settings.paths is None else project.folders
    root, normal = project.root.resolve(), posixpath.normpath(folder)
    if not is_spec(f"{normal}/x.md".removeprefix("./"), known) or (root / normal).resolve() != root / normal:
        raise UsageError(f"--folder {folder} is not a folder of specs", fix=f"name one of {', '.join(known)}")
    return normal
