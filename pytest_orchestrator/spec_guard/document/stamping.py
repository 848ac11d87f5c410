"""Converts other front matter to ours, and back byte for byte.

The former front matter is kept below the new one, in a comment that `unstamp` reads:

    <!-- pytest-orchestrator stamp sha256:... (base64 of the former front matter) -->
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pytest_orchestrator.codec.decode import field_formats, parse_date
from pytest_orchestrator.codec.yaml import dump_yaml
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.spec_guard.document.dialects import read_foreign
from pytest_orchestrator.spec_guard.document.markdown import heading_title, prose_lines
from pytest_orchestrator.spec_guard.document.spec import FrontMatter, parse

_KEPT = re.compile(r"<!-- pytest-orchestrator stamp sha256:([0-9a-f]{64}) ([A-Za-z0-9+/=]*) -->(\r?\n)")
_STATUSES = ("draft", "in-review", "approved", "implemented", "retired")


@dataclass(frozen=True, kw_only=True)
class StampPlan:
    """How other keys and statuses map to ours."""

    keys: Mapping[str, str]
    """Our key by theirs, e.g. `{"reviewed": "last_review"}`. A key that is neither here nor ours becomes `x-<key>`."""
    statuses: Mapping[str, str]
    """Our status by theirs, e.g. `{"done": "implemented"}`."""
    owners: tuple[str, ...]
    """For a file that names none."""
    last_review: date
    """For a file that has no date."""


def stamp(data: bytes, *, path: str, plan: StampPlan) -> bytes | None:
    """The file with our front matter; None when it has it already.

    Raises:
        InputError: the front matter is invalid, or a key cannot be converted; names the key.
    """
    if not parse(data, path=path).problems:
        return None
    text, bom = _decode(data, path)
    foreign = read_foreign(text, path=path)
    if foreign.dialect == "yaml" and _KEPT.match(foreign.body):
        raise InputError(
            "is stamped already, but does not match the schema", path=path, line=1, fix="correct its keys by hand"
        )
    newline = "\r\n" if "\r\n" in text else "\n"
    front = f"---\n{dump_yaml(_ours(foreign.keys, foreign.body, path, plan))}---\n".replace("\n", newline)
    former = foreign.front.encode("utf-8")
    digest, spelled = hashlib.sha256(former).hexdigest(), base64.b64encode(former).decode()
    kept = f"<!-- pytest-orchestrator stamp sha256:{digest} {spelled} -->"
    result = bom + f"{front}{kept}{newline}{foreign.body}".encode()
    wrong = parse(result, path=path).problems
    if wrong:
        raise InputError(
            f"can't be stamped: {wrong[0].message}",
            path=path,
            line=1,
            fix="map its keys in [tool.pytest_orchestrator.spec_guard.stamp]",
        )
    return result


def unstamp(data: bytes, *, path: str) -> bytes | None:
    """The file with its former front matter; None when it was not stamped. Changes of the body stay.

    Raises:
        InputError: the former front matter was edited.
    """
    text, bom = _decode(data, path)
    if not text.startswith("---"):
        return None
    try:
        foreign = read_foreign(text, path=path)
    except InputError:
        return None
    found = _KEPT.match(foreign.body)
    if found is None:
        return None
    try:
        former = base64.b64decode(found[2], validate=True)
    except binascii.Error as error:
        raise InputError("holds a damaged stamp", path=path, fix="restore the file from git's history") from error
    if hashlib.sha256(former).hexdigest() != found[1]:
        raise InputError("holds a damaged stamp", path=path, fix="restore the file from git's history")
    return bom + former + foreign.body[found.end() :].encode()


def _decode(data: bytes, path: str) -> tuple[str, bytes]:
    bom = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    try:
        return data[len(bom) :].decode(), bom
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8", path=path, fix="save the file as UTF-8") from error


def _ours(keys: Mapping[str, Any], body: str, path: str, plan: StampPlan) -> dict[str, Any]:
    known = [form.key for form in field_formats(FrontMatter)]
    found: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for key, value in keys.items():
        name = plan.keys.get(key, key)
        if name in known:
            found[name] = value
        else:
            extra[name if name.startswith("x-") else f"x-{name}"] = value
    found["id"] = str(found.get("id") or _id_of(path))
    found["title"] = str(found.get("title") or _title(body) or _id_of(path))
    found["status"] = _status(found.get("status"), path, plan)
    found["owners"] = _words(found.get("owners")) or list(plan.owners)
    found["last_review"] = _date(found.get("last_review"), path, plan)
    for name in ("covers", "relates_to"):
        if name in found:
            found[name] = _words(found[name])
    return {**{key: found[key] for key in known if key in found}, **extra}


def _status(value: Any, path: str, plan: StampPlan) -> str:
    if value is None:
        return plan.statuses.get("", "draft")
    name = str(value)
    chosen = plan.statuses.get(name) or plan.statuses.get(name.casefold()) or name.casefold().replace(" ", "-")
    if chosen not in _STATUSES:
        raise InputError(
            f"has the status {name!r}, which is none of {', '.join(_STATUSES)}",
            path=path,
            line=1,
            fix=f'map it in [tool.pytest_orchestrator.spec_guard.stamp.statuses]: "{name}" = "approved"',
        )
    return chosen


def _date(value: Any, path: str, plan: StampPlan) -> str:
    if value is None:
        return plan.last_review.isoformat()
    text = str(value)
    plain = text.replace("/", "-").replace(".", "-")[:10]
    if parse_date(plain) is None:
        raise InputError(f"has the date {text[:40]!r}, which is not YYYY-MM-DD", path=path, line=1, fix="correct it")
    return plain


def _words(value: Any) -> list[str]:
    match value:
        case None:
            return []
        case str():
            return [part.strip() for part in value.split(",") if part.strip()]
        case list():
            return [str(item) for item in value]
        case _:
            return [str(value)]


def _id_of(path: str) -> str:
    stem = posixpath.splitext(posixpath.basename(path))[0]
    return re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-") or "spec"


def _title(body: str) -> str:
    return next(filter(None, (heading_title(line) for _, line in prose_lines(body))), "")
