"""JSON that people edit or merge: strict, with the line of what is wrong."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pytest_orchestrator.codec.decode import decode
from pytest_orchestrator.codec.yaml import YamlDocument
from pytest_orchestrator.errors import InputError

T = TypeVar("T")
_MAX_REASON = 300


def parse_json(format_: type[T], text: str, *, path: str, fix: str) -> T:
    """The value of the dataclass `format_` that `text` holds. `fix` says how to correct what is not JSON.

    Raises:
        InputError: it is not JSON, has a key twice, or does not fit the format.
    """
    try:
        data = json.loads(text, object_pairs_hook=unique_keys)
    except json.JSONDecodeError as error:
        raise InputError(f"is not valid JSON: {error.msg}", path=path, line=error.lineno, fix=fix) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"is not valid JSON: {error}"[:_MAX_REASON], path=path, fix=fix) from error
    return decode(format_, YamlDocument(data, {}), path=path)


def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """For `json.loads(object_pairs_hook=...)`: raises `ValueError` when a key is given twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found
