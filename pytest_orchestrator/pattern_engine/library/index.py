"""The index of a folder of patterns: `index.json` for programs, a table in its `README.md` for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import read_text
from pytest_orchestrator.pattern_engine.library.cases import load_cases
from pytest_orchestrator.pattern_engine.library.library import Library
from pytest_orchestrator.pattern_engine.pattern import Kind, Parameter, Pattern, Safety
from pytest_orchestrator.tables import markdown_table

INDEX_FILE = "index.json"
README_FILE = "README.md"
BEGIN = "<!-- patterns: written by `pytest-orchestrator patterns build` -->"
END = "<!-- /patterns -->"


@dataclass(frozen=True, kw_only=True)
class IndexEntry:
    """One pattern, from its `pattern.yaml`. `digest` is the SHA-256 of its folder."""

    id: str
    kind: Kind
    title: str
    description: str
    tags: tuple[str, ...]
    safety: Safety
    minimum_python: str
    entry: str
    parameters: Mapping[str, Parameter]
    after: tuple[str, ...]
    conflicts_with: tuple[str, ...]
    cases: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class LibraryIndex:
    """`index.json`: the patterns in a folder."""

    schema: Literal["pytest-orchestrator/patterns-index/1"] = "pytest-orchestrator/patterns-index/1"
    patterns: tuple[IndexEntry, ...]


def build_index(library: Library) -> LibraryIndex:
    """The index of a library's patterns."""
    return LibraryIndex(patterns=tuple(map(_entry, library.patterns)))


def index_files(folder: Path, index: LibraryIndex) -> Mapping[str, bytes]:
    """What `index.json` and `README.md` in `folder` should be; the README around its table stays as it is.

    Raises:
        InputError: the README lacks the lines that enclose the table.
    """
    return {
        INDEX_FILE: (json.dumps(encode(index), indent=2, ensure_ascii=False) + "\n").encode(),
        README_FILE: _readme(folder, _table(index)).encode(),
    }


def _entry(pattern: Pattern) -> IndexEntry:
    known = {form.name: getattr(pattern, form.name) for form in fields(IndexEntry) if form.name != "cases"}
    return IndexEntry(**known, cases=len(load_cases(pattern)))


def _table(index: LibraryIndex) -> str:
    rows = (
        (
            f"[{entry.id}]({entry.id}/README.md)",
            entry.kind,
            entry.safety,
            "" if entry.kind == "template" else f"{entry.minimum_python}+",
            entry.title,
        )
        for entry in index.patterns
    )
    return "\n".join(markdown_table(rows, ["Pattern", "Kind", "Safety", "Python", "What it does"]))


def _readme(folder: Path, table: str) -> str:
    path = folder / README_FILE
    display_path = f"{folder.name}/{README_FILE}"
    if not path.exists():
        return f"# Patterns\n\n{BEGIN}\n\n{table}\n\n{END}\n"
    text = read_text(path, max_bytes=1 << 20, display_path=display_path)
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise InputError(
            "lacks the lines that enclose the table of patterns",
            path=display_path,
            fix=f"add the lines {BEGIN} and {END}",
        )
    return f"{head}{begin}\n\n{table}\n\n{end}{tail}"
