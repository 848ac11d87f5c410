"""Reads front matter in other dialects: TOML between `+++`, and YAML keys in an HTML comment at the top of the file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pytest_orchestrator.codec.yaml import load_yaml
from pytest_orchestrator.errors import InputError

Dialect = Literal["yaml", "toml", "comment", "none"]

_YAML = re.compile(r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\+\+\+[ \t]*\r?\n(.*?)^\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"<!--[ \t]*(?:\r?\n)?(.*?)-->[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_OPENED = re.compile(r"\+\+\+[ \t]*\r?\n")
_DEEPEST = 32


@dataclass(frozen=True, kw_only=True)
class ForeignText:
    """A file with front matter in any dialect, or without. `front` and `body` together are the whole file."""

    dialect: Dialect
    keys: Mapping[str, Any]
    front: str
    """The text of the front matter, with its delimiters."""
    body: str


def read_foreign(text: str, *, path: str) -> ForeignText:
    """The keys and the body of a file in any dialect. A file without front matter has no keys.

    Raises:
        InputError: the front matter is invalid; with its line.
    """
    dialects: tuple[tuple[Dialect, re.Pattern[str]], ...] = (("yaml", _YAML), ("toml", _TOML), ("comment", _COMMENT))
    for dialect, pattern in dialects:
        found = pattern.match(text)
        if found is None:
            continue
        keys = _toml(found[1], path) if dialect == "toml" else _yaml(found[1], path, found.start(1), text, dialect)
        if keys is None:  # an ordinary comment
            break
        return ForeignText(dialect=dialect, keys=keys, front=found[0], body=text[found.end() :])
    if _OPENED.match(text):
        raise InputError("has front matter that is opened on line 1 and never closed", path=path, line=1)
    return ForeignText(dialect="none", keys={}, front="", body=text)


def _yaml(inside: str, path: str, start: int, text: str, dialect: Dialect) -> dict[str, Any] | None:
    try:
        data = load_yaml(inside, path=path, first_line=text.count("\n", 0, start) + 1).data
    except InputError:
        if dialect == "comment":
            return None
        raise
    if data is None:
        return {}
    if not isinstance(data, dict):
        if dialect == "comment":
            return None
        raise InputError("has front matter without keys", path=path, line=2, fix="write it as `key: value` lines")
    return data


def _toml(inside: str, path: str) -> dict[str, Any]:
    try:
        data = tomllib.loads(inside)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) + 1 if found else 1
        raise InputError(f"is not valid TOML: {str(error)[:200]}", path=path, line=line) from error
    return {key: _plain(value, path) for key, value in data.items()}


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
