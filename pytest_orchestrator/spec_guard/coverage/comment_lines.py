"""Files in which some lines are comments as a whole: Dockerfiles, makefiles, INI files and Java's properties.

Only such lines are left out. All others count as they are written.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class _Format:
    comment: str
    """A line that is a comment, as a regular expression."""
    refused: str
    """Text in which a line that looks like a comment may be none, or be read."""
    continued: str = r"\\\Z"
    """A line that the next one continues, so that the next one is no comment."""
    line_ends: bool = False
    """Whether it counts how lines end."""
    head: str = r"(?!)"
    """Comments at the start that programs read."""


_DOCKER = _Format(
    comment=r"[ \t]*#",
    # Documents, another sign for continued lines, another language.
    refused=r"<<|^[ \t]*#[ \t]*(?i:escape[ \t]*=|syntax[ \t]*=(?![ \t]*docker/dockerfile))",
    head=r"(?:[ \t]*#[ \t]*\w+[ \t]*=[^\n]*\n)+",
    continued=r"(?!)",  # comments are left out before lines are joined
)
_MAKE = _Format(
    comment=r"#(?!#)(?!.*\\\Z)",
    line_ends=True,
    refused=r"^[ \t]*(?:override[ \t]+|export[ \t]+)*define\b|MAKEFILE_LIST|RECIPEPREFIX|<<|\b[Mm]akefile\b",
)
# A sign directly before a word: some readers take it for a part of a key.
_INI = _Format(comment=r"[#;](?:[ \t#;=*-]|\Z)", refused=r"'''")
_PROPERTIES = _Format(comment=r"[ \t\f]*[#!]", refused=r"(?!)", continued=r"(?<!\\)(?:\\\\)*\\\Z")
_BY_NAME: Mapping[str, _Format] = {
    **dict.fromkeys(("Dockerfile", "Containerfile"), _DOCKER),
    **dict.fromkeys(("Makefile", "makefile", "GNUmakefile"), _MAKE),
    "setup.cfg": _INI,
}
_BY_SUFFIX: Mapping[str, _Format] = {
    ".dockerfile": _DOCKER,
    ".mk": _MAKE,
    ".ini": _INI,
    ".properties": _PROPERTIES,
}


def without_comment_lines(text: str, path: str) -> str | None:
    """The text without the lines that are comments; None for other files, and where such a line may be none."""
    name = posixpath.basename(path)
    known = _BY_NAME.get(name) or _BY_SUFFIX.get(posixpath.splitext(name)[1].lower())
    if known is None and name.startswith("Dockerfile."):
        known = _DOCKER
    if known is None:
        return None
    text = text if known.line_ends else text.replace("\r\n", "\n")
    if re.search("[\r\0\x0b\x0c\x1c-\x1e\x85\u2028\u2029\ufeff]", text):
        return None
    if re.search(known.refused, text, re.MULTILINE):
        return None
    # A value that a quote continues on the next line.
    if known is _INI and any(line.count('"') % 2 for line in text.split("\n") if not re.match(known.comment, line)):
        return None
    head = found[0] if (found := re.match(known.head, text)) else ""
    return "\n".join((head, *_counted(text[len(head) :].split("\n"), known)))


def _counted(lines: list[str], known: _Format) -> Iterator[str]:
    continued = False
    for line in lines:
        if not continued and re.match(known.comment, line):
            continue
        continued = re.search(known.continued, line) is not None
        yield line
