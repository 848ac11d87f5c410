"""`spec new`: writes a valid spec to begin with, in the place and the form that the project's specs have."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Any

from pytest_orchestrator.codec.yaml import dump_yaml
from pytest_orchestrator.errors import InputError, UsageError
from pytest_orchestrator.files import append_inside, decode_utf8, read_limited, write_inside
from pytest_orchestrator.spec_guard.document.discovery import DEFAULT_PATHS, is_spec
from pytest_orchestrator.spec_guard.document.mapping import id_in, path_beside, place_of, read_mapped
from pytest_orchestrator.spec_guard.document.spec import MAX_BYTES, our_keys, parse
from pytest_orchestrator.spec_guard.project import Project
from pytest_orchestrator.spec_guard.reviews.ledger import render_reviews
from pytest_orchestrator.spec_guard.reviews.recording import record_of

_BODY = """
Why this exists, in two sentences.

## Requirements

R1. It MUST ...

## Acceptance criteria

- ...
"""
_FORMS = 20
"""How many specs are looked at to find the form of a new one."""
_MARKDOWN = (".md", ".markdown", ".mdx")


@dataclass(frozen=True)
class Draft:
    """What a new spec says."""

    id: str
    _: KW_ONLY
    title: str
    owners: Sequence[str]
    covers: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class _Form:
    """Where a spec holds our keys, under which names."""

    front: Mapping[str, str] = field(default_factory=lambda: {key: key for key in our_keys()})
    beside: Mapping[str, str] = field(default_factory=dict)
    in_body: Mapping[str, str] = field(default_factory=dict)

    def count(self) -> int:
        """How many of our keys it holds."""
        return len(self.front) + len(self.beside) + len(self.in_body)


def new_spec(project: Project, draft: Draft, *, folder: str | None = None) -> str:
    """Write a draft that was reviewed today, and return its path. `folder` is the project's first one by default.

    Where `ids` tells the places of specs, it has such a place, and holds its keys where other specs of this place
    have them. A draft whose form has no date gets a record in the ledger of reviews.

    Raises:
        GitError: there is no repository.
        UsageError: the id or a glob is invalid, the file or the id exists, or `folder` is not one of specs.
        RunError: a file can't be written.
    """
    root, commit = project.root, project.tree.head  # outside of a repository nothing would ever be checked
    path, form = _place(project, draft, folder)
    where = root / path
    if where.exists() or where.is_symlink():
        raise UsageError(f"{path} exists already", fix="choose another id, or --folder")
    for known in project.paths_without_git():
        if project.document(known).id == draft.id:
            raise UsageError(f"the id {draft.id!r} is taken by {known}", fix="choose another id")
    files = _files(project, draft, path, form)
    reading = replace(project.reading, read=lambda name: files.get(name) or project.reading.read(name))
    spec = parse(files[path], path=path, reading=reading)
    undated = [item for item in spec.problems if item.rule == "SG003"]
    if problems := [item for item in spec.problems if item not in undated]:
        raise UsageError(f"that would not be a valid spec: {problems[0].message}", fix=problems[0].fix)
    for name, data in files.items():
        write_inside(root, name, data)
    if undated:
        by = draft.owners[0]
        record = record_of(spec, snapshot=project.snapshot, by=by, on=project.today, commit=commit, note="new")
        append_inside(root, project.settings.reviews, render_reviews([record]).encode())
    return path


def _place(project: Project, draft: Draft, folder: str | None) -> tuple[str, _Form]:
    """The path of the draft, and the form of the specs that have such a path."""
    chosen = next(iter(project.folders), DEFAULT_PATHS[0]) if folder is None else _checked(project, folder)
    patterns = project.settings.reading.ids
    found = {pattern: place_of(draft.id, pattern, folder=chosen) for pattern in patterns}
    pattern, path = next(((pattern, path) for pattern, path in found.items() if path is not None), ("", None))
    if path is None:
        below = [item for item in patterns if item.startswith(f"{chosen}/")]
        if below:
            fix = "name a folder below it: --folder" if any("*" in item for item in below) else "copy one by hand"
            raise UsageError(
                f"the place of a spec in {chosen} is {below[0]}, which the id alone does not tell", fix=fix
            )
        return posixpath.normpath(f"{chosen}/{draft.id}.md"), _Form()
    if not path.endswith(_MARKDOWN):
        raise UsageError(f"{path} would not be Markdown, and drafts are", fix="copy a spec of this form by hand")
    only = replace(project.settings.reading, ids=(pattern,))
    alike = [known for known in project.paths_without_git() if id_in(known, only) is not None]
    # The latest of those that tell most: an old record may lack what a template has by now.
    forms = [_form(project, known) for known in reversed(alike[-_FORMS:])]
    return path, max(forms, key=_Form.count, default=_Form())


def _form(project: Project, path: str) -> _Form:
    try:
        text = decode_utf8(read_limited(project.root / path, max_bytes=MAX_BYTES, follow=False), display_path=path)
        found = read_mapped(text, path=path, reading=project.reading, our_keys=our_keys())
    except InputError:
        return _Form()
    return _Form(front=found.own, beside=found.beside, in_body=found.in_body)


def _files(project: Project, draft: Draft, path: str, form: _Form) -> dict[str, bytes]:
    """The content of the draft, and of the file beside it, by path."""
    settings = project.settings.reading
    theirs = (name for name, our in settings.statuses.items() if our == "draft" and name and "*" not in name)
    values: dict[str, Any] = {
        "id": draft.id,
        "title": draft.title,
        "status": next(theirs, "draft"),
        "owners": list(draft.owners),
        "last_review": str(project.today),
    }
    if draft.covers:
        values["covers"] = list(draft.covers)
    held = {*form.front, *form.beside, *form.in_body}
    told = {"id": id_in(path, settings), "title": draft.title, "status": settings.statuses.get("")}
    front = {form.front[key]: value for key, value in values.items() if key in form.front}
    beside = {form.beside[key]: value for key, value in values.items() if key in form.beside}
    for key in [key for key in values if key not in held and key != "last_review"]:
        default = list(settings.owners) if key == "owners" else told.get(key)
        if default != ("draft" if key == "status" else values[key]):
            front[key] = values[key]
    lines = "".join(_line(name, values[key]) for key, name in form.in_body.items())
    title = f"# {draft.title}\n\n" if lines else f"# {draft.title}\n"
    block = f"---\n{dump_yaml(front)}---\n" if front else ""
    files = {path: f"{block}{title}{lines}{_BODY}".encode()}
    name = path_beside(path, settings)
    if beside and name is not None:
        files[name] = dump_yaml(beside).encode()
    return files


def _line(name: str, value: Any) -> str:
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return f"**{name.replace('-', ' ').capitalize()}**: {text}  \n"


def _checked(project: Project, folder: str) -> str:
    """The folder, normalized. A spec in any other place would never be checked."""
    # A default folder counts as soon as it exists.
    known = DEFAULT_PATHS if project.settings.paths is None else project.folders
    root, normal = project.root.resolve(), posixpath.normpath(folder)
    if not is_spec(f"{normal}/x.md".removeprefix("./"), known) or (root / normal).resolve() != root / normal:
        raise UsageError(f"--folder {folder} is not a folder of specs", fix=f"name one of {', '.join(known)}")
    return normal
