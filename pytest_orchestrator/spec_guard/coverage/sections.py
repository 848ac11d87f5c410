"""Sections of Markdown, by heading, and values of YAML, TOML and JSON, by the keys that lead to them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pytest_orchestrator.codec.yaml import yaml_values

_MARKDOWN = (".md", ".markdown")
_YAML = (".yaml", ".yml")
SUFFIXES = (*_MARKDOWN, *_YAML, ".toml", ".json")
"""The suffixes of the files that this module reads."""

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)(.*)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*\Z")
_PARAGRAPH = re.compile(r" {0,3}(?![ #>`~|-]|\s*\Z)")
_KEY = re.compile(r"\"([^\"]*)\"|[^.\"]+")
_LENGTH = 32


def section_digest(data: bytes, path: str, name: str) -> str | None:
    """The digest of what `name` names in a file; None when it is not there, or when the file can't be read."""
    found = [content for known, content in _sections(data, path) if known == _plain(name, path)]
    spelled = "\0".join(found).encode("utf-8", "surrogatepass")
    return "section:" + hashlib.sha256(spelled).hexdigest()[:_LENGTH] if found else None


def names(data: bytes, path: str) -> tuple[str, ...]:
    """Every name that the file has."""
    return tuple(dict.fromkeys(name for name, _ in _sections(data, path)))


def name_problem(name: str, path: str) -> str | None:
    """Why a name can't be one of a section of such a file; None when it can."""
    if not name.strip():
        return "names nothing after ::"
    if path.endswith(_MARKDOWN) or _keys(name):
        return None
    return f"names {name!r}, which is not a list of keys: write file.yaml::key.key, and quotes around a key with a dot"


def _sections(data: bytes, path: str) -> Iterator[tuple[str, str]]:
    try:
        text = data.decode("utf-8-sig")
        if path.endswith(_MARKDOWN):
            yield from _headed(text.replace("\r\n", "\n"))
        elif path.endswith(_YAML):
            yield from ((".".join(map(_quoted, keys)), value) for keys, value in yaml_values(text) or ())
        else:
            yield from _values(_json(text) if path.endswith(".json") else _toml(text), ())
    except (ValueError, RecursionError):
        return


def _headed(text: str) -> Iterator[tuple[str, str]]:
    """Each heading outside of fenced code, with the lines up to the next heading that is not below it."""
    lines = text.split("\n")
    headings: list[tuple[int, int, str]] = []
    fence = ""
    for number, line in enumerate(lines):
        found = _FENCE.match(line)
        if fence:
            fence = "" if found and found[1].startswith(fence) and not found[2].strip() else fence
        elif found and not (found[1][0] == "`" and "`" in found[2]):
            fence = found[1]
        elif atx := _ATX.match(line):
            headings.append((number, len(atx[1]), _title(atx[2])))
        elif (under := _UNDERLINE.match(line)) and number and _PARAGRAPH.match(lines[number - 1]):
            headings.append((number - 1, 1 if under[1][0] == "=" else 2, _title(lines[number - 1])))
    for index, (start, level, title) in enumerate(headings):
        later = (headings[i][0] for i in range(index + 1, len(headings)) if headings[i][1] <= level)
        end = next(later, len(lines))
        yield title, "\n".join(lines[start:end]).rstrip("\n")


def _title(text: str) -> str:
    stripped = text.strip()
    open_end = stripped.rstrip("#")
    return " ".join((open_end if not open_end or open_end[-1] in " \t" else stripped).split())


def _plain(name: str, path: str) -> str:
    return _title(name) if path.endswith(_MARKDOWN) else ".".join(map(_quoted, _keys(name)))


def _keys(name: str) -> tuple[str, ...]:
    """The keys of `a.b."c.d"`; none when it is not such a list."""
    found = list(_KEY.finditer(name))
    spelled = ".".join(each[0] for each in found)
    return tuple(each[1] if each[1] is not None else each[0] for each in found) if spelled == name else ()


def _quoted(key: str) -> str:
    return f'"{key}"' if "." in key else key


def _values(value: Any, keys: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each value below `value`, with the keys that lead to it."""
    if keys:
        yield ".".join(map(_quoted, keys)), ascii(value)
    pairs: Sequence[tuple[str, Any]] = ()
    if isinstance(value, Mapping):
        pairs = tuple(value.items())
    elif isinstance(value, _Object):
        pairs = value
    elif isinstance(value, list):
        pairs = tuple((str(index), item) for index, item in enumerate(value))
    for key, item in pairs:
        yield from _values(item, (*keys, key))


class _Object(tuple[tuple[str, Any], ...]):
    """A JSON object with all its keys, those that are given twice too."""

    __slots__ = ()


class _Number(str):
    """A number as it is written."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"number {self!s}"


def _toml(text: str) -> Any:
    import tomllib  # 4 ms, which most projects don't pay

    return tomllib.loads(text, parse_float=_Number)


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_Object, parse_int=_Number, parse_float=_Number)
