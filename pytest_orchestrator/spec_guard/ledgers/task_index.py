"""The index of specs for other tools, `tasks/index.json`, and whether it agrees with the specs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pytest_orchestrator.codec.decode import Limit, encode
from pytest_orchestrator.codec.json_text import parse_json
from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, Status

RULE = "SG014"
MAX_BYTES = 64 << 20
_FIX = "run `pytest-orchestrator spec index` to write it again"


@dataclass(frozen=True, kw_only=True)
class IndexEntry:
    """One spec in the index."""

    id: Annotated[str, Limit(pattern=r"^[A-Za-z0-9._-]+$")]
    path: Annotated[str, Limit(min_length=1)]
    title: str | None = None
    status: Status
    last_review: date


@dataclass(frozen=True, kw_only=True)
class TaskIndex:
    """`tasks/index.json`."""

    schema: Literal["pytest-orchestrator/task-index/1"]
    specs: tuple[IndexEntry, ...]


def parse_index(text: str, *, path: str) -> TaskIndex:
    """The index that `text` holds.

    Raises:
        InputError: it is not JSON, has a key twice, or does not fit the schema.
    """
    return parse_json(TaskIndex, text, path=path, fix=_FIX)


def index_of(specs: Sequence[SpecDocument]) -> TaskIndex:
    """The index of `specs`, without those that cannot be read."""
    entries = (
        IndexEntry(
            id=spec.declaration.id,
            path=spec.path,
            title=spec.declaration.title,
            status=spec.declaration.status,
            last_review=spec.last_review,
        )
        for spec in specs
        if spec.declaration is not None and spec.last_review is not None
    )
    return TaskIndex(
        schema="pytest-orchestrator/task-index/1", specs=tuple(sorted(entries, key=lambda item: (item.id, item.path)))
    )


def render_index(index: TaskIndex) -> str:
    """The file's text."""
    return json.dumps(encode(index), indent=2, ensure_ascii=False) + "\n"


def index_problems(index: TaskIndex, text: str, specs: Sequence[SpecDocument], *, path: str) -> Iterator[Diagnostic]:
    """The differences between the index and the specs."""
    lines = _lines(text)
    understood = {spec.declaration.id: spec for spec in specs if spec.declaration is not None}
    seen: set[str] = set()
    for entry in index.specs:
        line = lines.get(entry.id, 1)
        if entry.id in seen:
            yield _found(path, line, f"lists the id {entry.id!r} twice")
        seen.add(entry.id)
        spec = understood.get(entry.id)
        if spec is None:
            yield _found(path, line, f"lists {entry.id!r} ({entry.path}), but no spec has that id")
            continue
        if entry.path != spec.path:
            yield _found(path, line, f"says that the path of {entry.id!r} is {entry.path}, but it is {spec.path}")
        for what, listed, value in _differences(entry, spec):
            message = f"says that the {what} of {entry.id!r} is {listed}, but {spec.path} says {value}"
            yield _found(path, line, message)
    for name, spec in understood.items():
        if name not in seen:
            yield _found(path, 1, f"lacks the spec {name!r} ({spec.path})")


def _differences(entry: IndexEntry, spec: SpecDocument) -> Iterator[tuple[str, object, object]]:
    declaration = spec.declaration
    if declaration is None:
        return
    if entry.status != declaration.status:
        yield "status", entry.status, declaration.status
    if spec.last_review is not None and entry.last_review != spec.last_review:
        yield "last review", entry.last_review, spec.last_review
    if entry.title is not None and entry.title != declaration.title:
        yield "title", repr(entry.title), repr(declaration.title)


def _lines(text: str) -> dict[str, int]:
    """The line of each id, by a search for the key `id`."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        key, colon, value = line.strip().partition(":")
        if colon and key == '"id"':
            lines.setdefault(value.strip(' ,"'), number)
    return lines


def _found(path: str, line: int, message: str) -> Diagnostic:
    return Diagnostic(rule=RULE, severity="error", message=message, path=path, range=Range.of_line(line), fix=_FIX)
