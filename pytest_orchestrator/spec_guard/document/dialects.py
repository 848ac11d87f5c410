"""Reads front matter in other dialects: TOML between `+++`, and YAML keys in an HTML comment at the top of the file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from pytest_orchestrator.codec.yaml import Key, YamlDocument, load_yaml
from pytest_orchestrator.errors import InputError

Dialect = Literal["yaml", "toml", "comment", "none"]

_YAML = re.compile(r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\+\+\+[ \t]*\r?\n(.*?)^\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--[ \t]*(?:\r?\n)?(.*?)-->[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_OPENED = re.compile(r"(?:\+\+\+|---)[ \t]*\r?\n")
_TOML_KEY = re.compile(r"([A-Za-z0-9_-]+)[ \t]*=")
_DEEPEST = 32


@dataclass(frozen=True, kw_only=True)
class ForeignText:
    """A file with front matter in any dialect, or without. `front` and `body` together are the whole file."""

    dialect: Dialect
    keys: Mapping[str, Any]
    front: str
    """The text of the front matter, with its delimiters."""
    body: str
    lines: Mapping[Key, int] = field(default_factory=dict, repr=False)
    """The line of the file on which each key starts."""


def read_foreign(text: str, *, path: str, known: Collection[str]) -> ForeignText:
    """The keys and the body of a file in any dialect. A file without front matter has no keys.

    An HTML comment is front matter when it has one of the keys `known`.

    Raises:
        InputError: the front matter is invalid; with its line.
    """
    dialects: tuple[tuple[Dialect, re.Pattern[str]], ...] = (("yaml", _YAML), ("toml", _TOML), ("comment", _COMMENT))
    for dialect, pattern in dialects:
        found = pattern.match(text)
        if found is None:
            continue
        first_line = text.count("\n", 0, found.start(1)) + 1
        document = (_toml if dialect == "toml" else _yaml)(found[1], path, first_line, dialect)
        if document is None or (dialect == "comment" and not document.data.keys() & set(known)):
            break  # an ordinary comment
        return ForeignText(
            dialect=dialect, keys=document.data, front=found[0], body=text[found.end() :], lines=document.lines
        )
    if _OPENED.match(text):
        fix = f"put a line {text[:3]} after the last key"
        raise InputError("has front matter that is opened on line 1 and never closed", path=path, line=1, fix=fix)
    return ForeignText(dialect="none", keys={}, front="", body=text)


def read_keys(text: str, *, path: str, first_line: int = 1) -> YamlDocument:
    """A YAML text with keys; none where it is empty. Raises `InputError`."""
    document = load_yaml(text, path=path, first_line=first_line)
    if document.data is None:
        return YamlDocument({}, document.lines)
    if not isinstance(document.data, dict):
        raise InputError(
            "has front matter without keys", path=path, line=first_line, fix="write it as `key: value` lines"
        )
    return document


def _yaml(inside: str, path: str, first_line: int, dialect: Dialect) -> YamlDocument | None:
    try:
        return read_keys(inside, path=path, first_line=first_line)
    except InputError:
        if dialect == "comment":
            return None
        raise


def _toml(inside: str, path: str, first_line: int, _: Dialect) -> YamlDocument:
    try:
        data = tomllib.loads(inside)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) + 1 if found else 1
        raise InputError(f"is not valid TOML: {str(error)[:200]}", path=path, line=line) from error
    lines: dict[Key, int] = {}
    for number, line_text in enumerate(inside.splitlines(), start=first_line):
        if key := _TOML_KEY.match(line_text):
            lines.setdefault((key[1],), number)
    return YamlDocument({key: _plain(value, path) for key, value in data.items()}, lines)


def _plain(value: Any, path: str, depth: int = 0) -> Any:
    """A TOML value as our YAML loader would give it: dates are text."""
    if depth > _DEEPEST:
        raise InputError(f"nests deeper than {_DEEPEST} levels", path=path, line=1, fix="flatten it")
    match value:
        case dict():
            return {key: _plain(item, path, depth + 1) for key, item in value.items()}
        case list():
            return [_plain(item, path, depth + 1) for item in value]
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case str() | int() | float() | bool():
            return value
        case _:
            return str(value)
