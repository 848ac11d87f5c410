"""Reads the title of a document, and fields such as a status that stand in its body, not in front matter. Pure.

Fields are read where templates of decision records and of spec-kit put them: on lines before the first section
(`Status: Accepted`, `* Status: Accepted`, `**Status**: Draft`, `:Status: Accepted`, `| Status | Accepted |`), and in a
section that is named like the field (`## Status`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pytest_orchestrator.spec_guard.document.markdown import heading_title, prose_lines

_UNDERLINE = re.compile(r"([=~^*+\"'`-])\1{2,}\s*$")
_ASCIIDOC = re.compile(r"(={1,6})[ \t]+(.*)")
# A body may be hostile: each expression looks at a character a few times at most.
_LABEL = r"[A-Za-z][\w/-]{0,30}+(?: [\w/-]{1,30}+){0,3}+"
_LINE = re.compile(rf"\s*(?:[-*+>]\s+)?[*_]{{0,3}}({_LABEL}) ?(?::[*_]{{1,3}}|[*_]{{0,3}} ?:(?=\s|\Z))(.*)")
_FIELD = re.compile(rf":({_LABEL}):\s+(.*)")
_ROW = re.compile(rf"\|\s*[*_]{{0,3}}({_LABEL})\s*:?[*_]{{0,3}}:?\s*\|([^|]*)\|\s*\Z")
_LINK = re.compile(r"!?\[([^\[\]]*+)\](?:\([^()]*+\)|\[[^\[\]]*+\])")
_STRUCK = re.compile(r"~~[^~]*+~~")
_MARKS = re.compile(r"[*`]|(?<!\w)_|_(?!\w)|<br\s*/?>|\\\Z", re.IGNORECASE)
_BULLET = re.compile(r"(?:[-*+>]|\d{1,3}[.)])\s")


@dataclass(frozen=True, kw_only=True)
class BodyField:
    """A field that the body of a document holds."""

    name: str
    """Its label as `field_name` has it."""
    values: tuple[str, ...]
    """Its value without marks of Markdown; of a section, each line."""
    line: int
    """The line of its label, 1-based within the body."""
    lines: tuple[int, ...] = ()
    """The lines of its values; none where a heading holds them."""


def field_name(label: str) -> str:
    """A label or a key as they are compared: in lower case, with hyphens for blanks and underscores."""
    return re.sub(r"[\s_]+", "-", label.strip(" _")).casefold()


def body_fields(body: str, names: Collection[str]) -> dict[str, BodyField]:
    """The fields of `body` that are called like one of `names` (see `field_name`), by name. The first one counts."""
    found: dict[str, BodyField] = {}
    # To read a body line by line takes 15 times as long as to search it.
    labels = [place.end() for place in _labels(frozenset(names)).finditer(body)]
    if labels:
        for item in _fields(body, names, last=body.count("\n", 0, labels[-1]) + 1):
            if item.values:
                found.setdefault(item.name, item)
    return found


def heading(body: str) -> str:
    """The text of a body's first heading, in Markdown, AsciiDoc or reStructuredText; empty where there is none."""
    return next((text for _, text, level in _lines(body) if level), "")


@lru_cache(maxsize=8)
def _labels(names: frozenset[str]) -> re.Pattern[str]:
    """What may be a label: one of `names` at the beginning of a line, after marks."""
    spelt = "|".join(re.escape(name).replace(r"\-", r"[\s_-]") for name in sorted(names))
    return re.compile(rf"^[^\na-z0-9]{{0,12}}(?:{spelt})(?![a-z0-9])", re.IGNORECASE | re.MULTILINE)


def _fields(body: str, names: Collection[str], last: int) -> Iterator[BodyField]:
    """The fields in the lines up to `last`, and in the section that begins there."""
    section, start, values = "", 0, dict[int, str]()
    before_sections = True
    titles = 0
    for number, text, level in _lines(body):
        if level:
            yield BodyField(name=section, values=tuple(values.values()), line=start, lines=tuple(values))
            if number > last:
                return
            titles += 1
            before_sections = before_sections and titles == level == 1
            name = field_name(text.rstrip(":"))
            section, start, values = name if name in names else "", number, {}
        elif section and (value := _plain(text)):
            values[number] = value
        if level or before_sections:
            found = _FIELD.match(text) or _LINE.match(text) or _ROW.match(text)
            value = _plain(found[2]) if found and field_name(found[1]) in names else ""
            if found and value and field_name(value) not in names:  # or it is the head of a table
                lines = () if level else (number,)
                yield BodyField(name=field_name(found[1]), values=(value,), line=number, lines=lines)
    yield BodyField(name=section, values=tuple(values.values()), line=start, lines=tuple(values))


def _lines(body: str) -> Iterator[tuple[int, str, int]]:
    """Each line of prose: its number, its text, and the level of the heading that it is; 0 for none."""
    underlines: list[str] = []
    above = (0, "")
    for number, line in prose_lines(body):
        underline = _UNDERLINE.match(line)
        if underline and above[1] and not _BULLET.match(above[1]):
            if underline[1] not in underlines:
                underlines.append(underline[1])
            yield *above, underlines.index(underline[1]) + 1
            above = (0, "")
            continue
        if above[1]:
            yield *above, 0
        above = (0, "")
        title, asciidoc = heading_title(line), _ASCIIDOC.match(line)
        if title is not None:
            yield number, title, len(line.split(maxsplit=1)[0])
        elif asciidoc is not None:
            yield number, asciidoc[2].strip(), len(asciidoc[1])
        elif not underline:
            above = (number, line.strip())
    if above[1]:
        yield *above, 0


def _plain(text: str) -> str:
    """A value without marks of Markdown; empty when nothing of it is left."""
    value = _LINK.sub(r"\1", _STRUCK.sub("", _BULLET.sub("", text.strip(), count=1)))
    return _MARKS.sub("", value).strip()
