"""`tasks/index.json`: the list of specs that other tools read, and whether it says what the specs say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pytest_orchestrator.codec.decode import Limit, decode, encode
from pytest_orchestrator.codec.yaml import YamlDocument
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.records import Diagnostic, Range
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, Status

RULE = "SG014"
MAX_BYTES = 64 << 20
_FIX = "run `pytest-orchestrator spec index` to write it anew"


@dataclass(frozen=True, kw_only=True)
class IndexEntry:
    """One spec, as the index knows it."""

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
        InputError: it is not JSON, has a key twice, or doesn't fit its schema (an unknown status, a date that is none).
    """
    try:
        data = json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise InputError(f"is not valid JSON: {error.msg}", path=path, line=error.lineno, fix=_FIX) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"is not valid JSON: {error}"[:300], path=path, fix=_FIX) from error
    return decode(TaskIndex, YamlDocument(data, {}), path=path)


def index_of(specs: Sequence[SpecDocument]) -> TaskIndex:
    """The index that says what `specs` say; those that can't be understood are left out."""
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
    """Where the index and the specs disagree."""
    lines = _lines(text)
    understood = {spec.declaration.id: spec for spec in specs if spec.declaration is not None}
    listed: set[str] = set()
    for entry in index.specs:
        line = lines.get(entry.id, 1)
        if entry.id in listed:
            yield _found(path, line, f"lists the id {entry.id!r} twice")
        listed.add(entry.id)
        spec = understood.get(entry.id)
        if spec is None:
            yield _found(path, line, f"lists {entry.id!r} ({entry.path}), but no spec has that id")
            continue
        for what, said, true in _differences(entry, spec):
            yield _found(path, line, f"says that the {what} of {entry.id!r} is {said}, but {spec.path} says {true}")
    for name, spec in understood.items():
        if name not in listed:
            yield _found(path, 1, f"lacks the spec {name!r} ({spec.path})")


def _differences(entry: IndexEntry, spec: SpecDocument) -> Iterator[tuple[str, object, object]]:
    declaration = spec.declaration
    if declaration is None:
        return
    if entry.path != spec.path:
        yield "path", entry.path, "otherwise: it lies there itself"
    if entry.status != declaration.status:
        yield "status", entry.status, declaration.status
    if spec.last_review is not None and entry.last_review != spec.last_review:
        yield "last review", entry.last_review, spec.last_review
    if entry.title is not None and entry.title != declaration.title:
        yield "title", repr(entry.title), repr(declaration.title)


def _lines(text: str) -> dict[str, int]:
    """The line of each id, near enough for a message."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        key, colon, value = line.strip().partition(":")
        if colon and key == '"id"':
            lines.setdefault(value.strip(' ,"'), number)
    return lines


def _found(path: str, line: int, message: str) -> Diagnostic:
    return Diagnostic(rule=RULE, severity="error", message=message, path=path, range=Range.of_line(line), fix=_FIX)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found
