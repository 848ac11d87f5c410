"""Reads front matter of other tools as ours: other keys, statuses and owners, and ids that are in the path.

The settings are `[tool.pytest_orchestrator.spec_guard.front_matter]`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from typing import Any

from pytest_orchestrator.codec.decode import parse_date
from pytest_orchestrator.codec.yaml import Key
from pytest_orchestrator.config import FrontMatterSettings
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import decode_utf8
from pytest_orchestrator.spec_guard.document.body_fields import BodyField, body_fields, field_name, heading

STATUSES = ("draft", "in-review", "approved", "implemented", "retired")
_LISTS = ("owners", "covers", "relates_to")
OTHER_TEXTS = (".mdx", ".rst", ".adoc", ".asciidoc")
"""Texts that are specs only where the setting `ids` names them."""
IN_BODY = ("status", "owners", "last_review")
"""Our keys that the body of a file may tell where its front matter doesn't."""
_AROUND_STATUS = re.compile(r"\A\W+|[\s.,;:]+\Z")
_ID = "{id}"
_YAML = (".yml", ".yaml")


@dataclass(frozen=True, eq=False)
class Reading:
    """How the files of a project are read."""

    settings: FrontMatterSettings = field(default_factory=FrontMatterSettings)
    read: Callable[[str], bytes | None] = lambda _: None
    """Reads a file of the project; None where there is none."""
    owners: Callable[[str], tuple[str, ...]] = lambda _: ()
    """The owners of a file that names none."""

    @cached_property
    def native(self) -> bool:
        """Whether front matter is read strictly as ours."""
        return self.settings == FrontMatterSettings()

    def beside(self, path: str) -> bytes | None:
        """The content of the file that holds the keys of the spec at `path`; None where there is none."""
        name = path_beside(path, self.settings)
        return None if name is None else self.read(name)


NATIVE = Reading()


@dataclass(frozen=True, kw_only=True)
class MappedText:
    """A file's keys as ours, and its body."""

    known: Mapping[str, Any]
    """Our keys, and unknown ones."""
    extra: Mapping[str, Any]
    """Keys of other tools that the settings allow, and those that start with `x-`."""
    lines: Mapping[Key, int]
    body: str
    body_line: int
    own: Mapping[str, str]
    """Their name of each of our keys that the file itself holds."""
    beside: Mapping[str, str]
    """The same for the keys that only the file beside it holds."""
    in_body: Mapping[str, str]
    """The same for the keys that only the body tells."""
    told_lines: frozenset[int]
    """The lines of the body that tell them, 1-based within it."""


def path_beside(path: str, settings: FrontMatterSettings) -> str | None:
    """The path of the file that may hold the keys of the spec at `path`."""
    return posixpath.join(posixpath.dirname(path), settings.beside) if settings.beside else None


def id_in(path: str, settings: FrontMatterSettings) -> str | None:
    """The id that the path of a spec tells; None where no pattern of `ids` matches."""
    for pattern in settings.ids:
        found = _compiled(pattern).match(path)
        if found is not None:
            return re.sub(r"[^A-Za-z0-9._-]+", "-", "-".join(found.groups())).strip("-") or None
    return None


def place_of(name: str, pattern: str, *, folder: str) -> str | None:
    """The path below `folder` that has the id `name` by a pattern of `ids`; None where that does not tell it."""
    above, parts = [part for part in folder.split("/") if part != "."], pattern.split("/")
    rest = parts[len(above) :]
    if not rest or any(fixed not in ("*", given) for given, fixed in zip(above, parts, strict=False)):
        return None
    below = "/".join(rest)
    return posixpath.join(*above, below.replace(_ID, name)) if below.count(_ID) == 1 and "*" not in below else None


def is_yaml(path: str) -> bool:
    """Whether a file is YAML, not Markdown: its whole text is front matter, and body, too."""
    return path.endswith(_YAML)


def names_file(path: str, settings: FrontMatterSettings) -> bool:
    """Whether a pattern of `ids` is for this very file: by its name if it is a README, else by its suffix."""
    name = posixpath.basename(path)
    readme = name.lower().startswith("readme.")
    patterns = [item for item in settings.ids if not readme or posixpath.basename(item) == name]
    return bool(patterns) and id_in(path, replace(settings, ids=tuple(patterns))) is not None


def pattern_problem(pattern: str) -> str | None:
    """Why a pattern of `ids` is invalid; None when it is valid."""
    if _ID not in pattern:
        return f"holds no {_ID}, which is where the id is in the path"
    if pattern.startswith(("/", "./")) or ".." in pattern.split("/"):
        return "is not a path below the project"
    if "**" in pattern:
        return "holds **, which ids don't know: write a pattern for each depth"
    # With two in one name, matching takes quadratic time.
    crowded = any(part.count(_ID) + part.count("*") > 1 for part in pattern.split("/"))
    return f"holds more than one of {_ID} and * in one name" if crowded else None


def read_mapped(text: str, *, path: str, reading: Reading, our_keys: Collection[str]) -> MappedText:
    """The keys of a text in any dialect as ours. Missing keys that the settings tell are completed.

    Raises:
        InputError: the front matter, or the file beside it, is invalid.
    """
    from pytest_orchestrator.spec_guard.document.dialects import read_foreign, read_keys

    settings = reading.settings
    if is_yaml(path):
        document = read_keys(text, path=path)
        keys, lines, body, body_line = document.data, document.lines, text, 1
    else:
        foreign = read_foreign(text, path=path, known={*our_keys, *settings.keys})
        keys, lines, body, body_line = foreign.keys, foreign.lines, foreign.body, foreign.front.count("\n") + 1
    own = dict(_names(keys, settings, our_keys))
    beside = reading.beside(path)
    if beside is not None:
        keys = {**_read_beside(beside, path_beside(path, settings) or ""), **keys}
    found = dict(_names(keys, settings, our_keys))
    # Who added an approval is known by the history of the spec, which doesn't tell it of another file.
    elsewhere = {our: theirs for our, theirs in found.items() if our not in own and our != "approvals"}
    names = {**elsewhere, **own}
    known: dict[str, Any] = {our: _value(our, keys[theirs], settings) for our, theirs in names.items()}
    extra: dict[str, Any] = {}
    for key, value in keys.items():
        if key in our_keys or key in settings.keys:
            continue
        foreign_key = key.startswith("x-") or any(fnmatchcase(key, allowed) for allowed in settings.allow)
        (extra if foreign_key else known)[key] = value
    ours: dict[Key, int] = {}
    for our, theirs in own.items():
        ours.update({(our, *key[1:]): line for key, line in lines.items() if key[:1] == (theirs,)})
    told: dict[str, str] = {}
    told_lines: set[int] = set()
    for our, value, item in () if reading.native or is_yaml(path) else _told(body, settings):
        if our in our_keys and not _given(known.get(our)):
            known[our], told[our] = value, item.name
            ours[(our,)] = item.line + body_line - 1
            told_lines.update(item.lines)
    completed = {our: value for our, value in _completed(known, path, body, settings) if not _given(known.get(our))}
    return MappedText(
        known={**known, **completed},
        extra=extra,
        lines={**lines, **ours},
        body=body,
        body_line=body_line,
        own=own,
        beside=elsewhere,
        in_body=told,
        told_lines=frozenset(told_lines),
    )


def _read_beside(data: bytes, name: str) -> Mapping[str, Any]:
    from pytest_orchestrator.spec_guard.document.dialects import read_keys

    try:
        found: Mapping[str, Any] = read_keys(decode_utf8(data, display_path=name), path=name).data
    except InputError as error:
        where = f"{name}:{error.line or 1}"
        raise InputError(f"has its keys in {where}, which {error.message}", line=1, fix=error.fix) from error
    return found


def _names(
    keys: Mapping[str, Any], settings: FrontMatterSettings, our_keys: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Each of our keys that is present, with its name in the file: our own one, or the first that is mapped.

    As pairs of which the last one counts. Of empty ones the own key counts.
    """
    yield from ((our, our) for our in our_keys if our in keys)
    yield from ((our, theirs) for theirs, our in reversed(tuple(settings.keys.items())) if _given(keys.get(theirs)))
    yield from ((our, our) for our in our_keys if _given(keys.get(our)))


def _given(value: Any) -> bool:
    return value not in (None, "", [])


def _told(body: str, settings: FrontMatterSettings) -> Iterator[tuple[str, Any, BodyField]]:
    """Our keys that the body tells, with their values. A text that is no date tells none."""
    names = {our: [our, *(theirs for theirs, target in settings.keys.items() if target == our)] for our in IN_BODY}
    found = body_fields(body, {field_name(name) for all_names in names.values() for name in all_names})
    for our, all_names in names.items():
        field = next((found[field_name(name)] for name in all_names if field_name(name) in found), None)
        value = None if field is None else _told_value(our, field, settings)
        if field is not None and value:
            yield our, value, field


def _told_value(our: str, told: BodyField, settings: FrontMatterSettings) -> Any:
    if our == "last_review":
        return next(filter(None, map(as_date, told.values)), None)
    if our == "owners":
        return [name for value in told.values for name in _words(value)]
    # Records keep their former statuses: one that ends all duties ends those of the lines above it.
    statuses = [_status(bare_status(value), settings) for value in told.values]
    known = [status for status in statuses if status in STATUSES]
    return "retired" if "retired" in known else next(iter(known), statuses[0])


def _completed(
    known: Mapping[str, Any], path: str, body: str, settings: FrontMatterSettings
) -> Iterator[tuple[str, Any]]:
    """Our keys that the file lacks, as far as the settings, the path and the body tell them."""
    name = known.get("id") or id_in(path, settings)
    if name is not None:
        yield "id", name
        yield "title", heading(body) or name
    if "" in settings.statuses:
        yield "status", settings.statuses[""]
    if settings.owners:
        yield "owners", list(settings.owners)


def _value(key: str, value: Any, settings: FrontMatterSettings) -> Any:
    if value is None:
        return None
    if key in _LISTS:
        return _words(value)
    if key == "status":
        return _status(str(value), settings)
    if key == "last_review":
        return as_date(str(value)) or value
    return str(value) if key in ("id", "title") and not isinstance(value, dict | list) else value


def as_date(text: str) -> str | None:
    """A date as YYYY-MM-DD, of a text that begins with year, month and day between `-`, `/` or `.`; else None."""
    plain = text.strip()[:10].replace("/", "-").replace(".", "-")
    return plain if parse_date(plain) is not None else None


def bare_status(text: str) -> str:
    """A status in a body without what may stand around it: a symbol, a full stop."""
    return _AROUND_STATUS.sub("", text)


def _status(text: str, settings: FrontMatterSettings) -> str:
    """Our status for theirs; theirs when it is not mapped."""
    name = text.strip().casefold()
    if name.replace(" ", "-") in STATUSES:
        return name.replace(" ", "-")
    folded = {key.casefold(): status for key, status in settings.statuses.items() if key}
    wild = (status for key, status in folded.items() if key.endswith("*") and name.startswith(key[:-1]))
    return folded.get(name) or next(wild, text)


def _words(value: Any) -> Any:
    match value:
        case str():
            return [part.strip() for part in value.split(",") if part.strip()]
        case list():
            return [str(item) for item in value]
        case dict():
            return value
        case _:
            return [str(value)]


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of `ids` as a regular expression; its groups are the parts of the id."""
    parts = {"{id}": "([^/.][^/]*)", "*": "[^/]*"}
    return re.compile("".join(parts.get(part, re.escape(part)) for part in re.split(r"(\{id\}|\*)", pattern)) + r"\Z")
