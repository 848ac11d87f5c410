"""Reads as much of Markdown as rules need: which lines are prose, headings and links.

Fenced and indented code, code spans and HTML comments are not prose. There is no full parser of CommonMark here: it
costs 60 ms to import and 1 ms for each spec.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")
_BACKTICKS = re.compile(r"`+")
_DEEPEST_INDENT, _DEEPEST_HEADING = 3, 6
_SETEXT = re.compile(r"^ {0,3}(?:=+|-+)\s*$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s")
# A spec may be hostile: each expression looks at a character a few times at most. A quantifier with a plus gives
# nothing back, and what it takes excludes the character that an expression begins with.
_INLINE = re.compile(
    r"(?<!\\)\[(?:[^\[\]\\]|\\.|\[[^\[\]]*+\])*+\]"
    r"\(\s*+(?:<([^<>\n]*+)>|((?:[^\s()\\]|\\.|\([^\s()]*+\))*+))[^()\n]*+\)"
)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]]+\]:\s*(?:<([^<>]*)>|(\S+))")
_ANCHOR_TAG = re.compile(r"<a\s[^<>]*+", re.IGNORECASE)
_ANCHOR_NAME = re.compile(r"(?:id|name)\s*+=\s*+[\"']([^\"']++)[\"']", re.IGNORECASE)
_MARKS = re.compile(r"!?\[([^\[\]]*+)\]\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)|[*~`]|(?<!\w)_|_(?!\w)|<[^<>]++>")


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link's target as written, and its line, 1-based within the text."""

    target: str
    line: int


def prose_lines(text: str) -> Iterator[tuple[int, str]]:
    """Every line with its 1-based number; lines of code and comments are empty."""
    fence, comment, indented, previous = "", False, False, ""
    in_list = False
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.rstrip("\r")
        found = _FENCE.match(line.lstrip() if in_list else line)
        if fence:
            if found and found[1].startswith(fence) and not found[2].strip():
                fence = ""
            yield number, ""
            continue
        if found and not comment and not (found[1][0] == "`" and "`" in found[2]):
            fence = found[1]
            yield number, ""
            continue
        line, comment = _without_comments(line, comment)
        in_list = bool(_ITEM.match(line)) or (in_list and (not line.strip() or line.startswith(" ")))
        code = line.startswith(("    ", "\t")) and not in_list
        indented = code and (indented or not previous.strip())
        previous = line
        yield number, "" if indented else line


def links(text: str) -> Iterator[Link]:
    """The targets of links, images and link definitions outside of code."""
    for number, line in prose_lines(text):
        if "]" not in line:
            continue
        bare = _without_code_spans(line)
        for found in (*_INLINE.finditer(bare), *_DEFINITION.finditer(bare)):
            target = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", found[1] if found[1] is not None else found[2])
            if target:
                yield Link(target=target, line=number)


def heading_title(line: str) -> str | None:
    """The title of a heading that begins with `#`, without the `#` that may close it; None for any other line."""
    text = line.lstrip(" ")
    title = text.lstrip("#")
    depth = len(text) - len(title)
    if (
        len(line) - len(text) > _DEEPEST_INDENT
        or not 1 <= depth <= _DEEPEST_HEADING
        or title[:1] not in ("", " ", "\t")
    ):
        return None
    title = title.strip(" \t")
    opened = title.rstrip("#")
    return opened.rstrip(" \t") if opened[-1:] in ("", " ", "\t") else title


# A spec's links may all lead to one document.
@lru_cache(maxsize=64)
def heading_anchors(text: str) -> frozenset[str]:
    """The fragments of all headings and explicit anchors, by GitHub's rules: lower case, spaces as hyphens, no
    punctuation, and `-1`, `-2` and so on for repeated headings."""
    seen: Counter[str] = Counter()
    found: set[str] = set()
    previous = ""
    for _, line in prose_lines(text):
        names = (_ANCHOR_NAME.search(tag) for tag in _ANCHOR_TAG.findall(line))
        found.update(name[1] for name in names if name is not None)
        title = heading = heading_title(line)
        if title is None and _SETEXT.match(line) and previous.strip():
            title = previous
        previous = line if heading is None and not _ITEM.match(line) else ""
        if title is None:
            continue
        slug = slugify(title)
        number = seen[slug]
        seen[slug] += 1
        found.add(f"{slug}-{number}" if number else slug)
    return frozenset(found)


def slugify(title: str) -> str:
    """The fragment of a heading with the text `title`."""
    plain = _MARKS.sub(lambda mark: mark[1] or "", title).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def split_target(target: str) -> tuple[str, str] | None:
    """Path and fragment of a link inside the repository, unquoted; None for the address of another site."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", target):
        return None
    path, _, fragment = target.partition("#")
    return unquote(path.partition("?")[0]), unquote(fragment)


def _without_code_spans(line: str) -> str:
    """The line with blanks in place of code spans: from a run of backticks to the next run of the same length."""
    runs = [found.span() for found in _BACKTICKS.finditer(line)]
    waiting: dict[int, deque[tuple[int, int]]] = {}
    for run in runs:
        waiting.setdefault(run[1] - run[0], deque()).append(run)
    kept: list[str] = []
    done = 0
    for start, end in runs:
        alike = waiting[end - start]
        alike.popleft()
        if start >= done and alike:
            kept += (line[done:start], " " * (alike[0][1] - start))
            done = alike[0][1]
    return "".join((*kept, line[done:]))


def _without_comments(line: str, inside: bool) -> tuple[str, bool]:
    kept: list[str] = []
    place = 0
    while True:
        if inside:
            end = line.find("-->", place)
            if end < 0:
                return "".join(kept), True
            place = end + 3
        start = line.find("<!--", place)
        if start < 0:
            return "".join((*kept, line[place:])), False
        kept.append(line[place:start])
        place, inside = start + 4, True
