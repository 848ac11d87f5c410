"""Adds the keys that a spec lacks to its front matter, and removes them again. No other byte changes.

The added lines come first in the front matter, whatever its dialect, between two comments:

    # pytest-orchestrator stamp: `spec stamp --undo` removes these lines
    id: cache
    # end of the stamp
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pytest_orchestrator.codec.yaml import dump_yaml
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.spec_guard.document.body_fields import heading
from pytest_orchestrator.spec_guard.document.dialects import read_foreign
from pytest_orchestrator.spec_guard.document.mapping import NATIVE, MappedText, Reading, is_yaml, read_mapped
from pytest_orchestrator.spec_guard.document.spec import our_keys, parse

_FIRST = "# pytest-orchestrator stamp: `spec stamp --undo` removes these lines"
_FIRST_WITH_FRONT = "# pytest-orchestrator stamp with front matter: `spec stamp --undo` removes it"
_LAST = "# end of the stamp"
_LINES = rf"(?:[^\n]*\n)*?{_LAST}\r?\n"
_BLOCK = re.compile(rf"([^\n]*\n)?# pytest-orchestrator stamp[^\n]*\n{_LINES}")
_WHOLE = re.compile(rf"---\r?\n{re.escape(_FIRST_WITH_FRONT)}\r?\n{_LINES}---\r?\n")


def stamp(
    data: bytes, *, path: str, last_review: date, owners: Sequence[str] = (), reading: Reading = NATIVE
) -> bytes | None:
    """The file with the keys that it lacks; None when it has all of them.

    `last_review` and `owners` are for a file that names none.

    Raises:
        InputError: the front matter is invalid, or holds what the settings don't map; names the key.
    """
    text, bom = _decode(data, path)
    found = read_mapped(text, path=path, reading=reading, our_keys=our_keys())
    values = _values(found, path, owners, last_review)
    # What the body tells is read there: a copy of it would soon be another.
    missing = {key: value for key, value in values.items() if key not in found.own and key not in found.in_body}
    if "owners" in missing and not missing["owners"]:
        raise InputError("names no owner", path=path, line=1, fix="name one: --owner NAME")
    known = {*our_keys(), *reading.settings.keys}
    result = bom + _with_keys(text, missing, path, known=known).encode() if missing else data
    wrong = parse(result, path=path, reading=reading).problems
    if wrong:
        raise InputError(
            f"can't be stamped: {wrong[0].message}",
            path=path,
            line=1,
            fix="map or allow its keys in [tool.pytest_orchestrator.spec_guard.front_matter]",
        )
    return result if missing else None


def unstamp(data: bytes, *, path: str) -> bytes | None:
    """The file without the keys that `stamp` added; None when it was not stamped. Other changes stay.

    Raises:
        InputError: the file is not UTF-8.
    """
    text, bom = _decode(data, path)
    whole = _WHOLE.match(text)
    if whole is not None:
        return bom + text[whole.end() :].encode()
    block = _BLOCK.match(text)
    return None if block is None else bom + ((block[1] or "") + text[block.end() :]).encode()


def _decode(data: bytes, path: str) -> tuple[str, bytes]:
    bom = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    try:
        return data[len(bom) :].decode(), bom
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8", path=path, fix="save the file as UTF-8") from error


def _values(found: MappedText, path: str, owners: Sequence[str], last_review: date) -> Mapping[str, Any]:
    """The required keys, with the values that the settings, the path and the body tell."""
    stem = posixpath.splitext(posixpath.basename(path))[0]
    name = found.known.get("id") or re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-") or "spec"
    return {
        "id": name,
        "title": found.known.get("title") or heading(found.body) or name,
        "status": found.known.get("status") or "draft",
        "owners": list(owners) or found.known.get("owners"),
        "last_review": last_review,
    }


def _with_keys(text: str, keys: Mapping[str, Any], path: str, *, known: set[str]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    if is_yaml(path):
        return _block(_FIRST, dump_yaml(dict(keys)), newline) + text
    foreign = read_foreign(text, path=path, known=known)
    if foreign.dialect == "none":
        return f"---{newline}{_block(_FIRST_WITH_FRONT, dump_yaml(dict(keys)), newline)}---{newline}{text}"
    opening, _, rest = text.partition("\n")
    if opening.strip() not in ("---", "+++", "<!--"):
        raise InputError(
            "has its front matter on the line that opens it", path=path, line=1, fix="start the keys on line 2"
        )
    lines = _toml(keys) if foreign.dialect == "toml" else dump_yaml(dict(keys))
    return f"{opening}\n{_block(_FIRST, lines, newline)}{rest}"


def _block(first: str, lines: str, newline: str) -> str:
    return f"{first}\n{lines}{_LAST}\n".replace("\n", newline)


def _toml(keys: Mapping[str, Any]) -> str:
    values = {key: str(value) if isinstance(value, date) else json.dumps(value) for key, value in keys.items()}
    return "".join(f"{key} = {value}\n" for key, value in values.items())
