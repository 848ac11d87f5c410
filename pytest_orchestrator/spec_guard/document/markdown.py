"""Reads as much of Markdown as rules need: which lines are prose, headings and links.

Fenced and indented code, code spans and HTML comments are not prose. There is no full parser of CommonMark here: it
costs 60 ms to import and 1 ms for each spec.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")
_SETEXT = re.compile(r"^ {0,3}(?:=+|-+)\s*$")
_ATX = re.compile(r"^ {0,3}#{1,6}(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)")
_INLINE = re.compile(
    r"(?<!\\)\[(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*\]\(\s*(?:<([^<>\n]*)>|((?:[^\s()\\]|\\.|\([^\s()]*\))*))[^()\n]*\)"
)
_DEFINITION = re.compile(r"^ {0,3}\[(?!\^)[^\]]+\]:\s*(?:<([^<>]*)>|(\S+))")
_EXPLICIT_ANCHOR = re.compile(r"<a\s[^>]*?(?:id|name)\s*=\s*[\"']([^\"']+)[\"']", re.IGNORECASE)
_MARKS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*~`]|(?<!\w)_|_(?!\w)|<[^>]+>")


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
        bare = _CODE_SPAN.sub(lambda span: " " * len(span[0]), line)
        for found in (*_INLINE.finditer(bare), *_DEFINITION.finditer(bare)):
            target = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", found[1] if found[1] is not None else found[2])
            if target:
                yield Link(target=target, line=number)


def heading_anchors(text: str) -> frozenset[str]:
    """The fragments of all headings and explicit anchors, by GitHub's rules: lower case, spaces as hyphens, no
    punctuation, and `-1`, `-2` and so on for repeated headings."""
    seen: Counter[str] = Counter()
    found: set[str] = set()
    previous = ""
    for _, line in prose_lines(text):
        found.update(_EXPLICIT_ANCHOR.findall(line))
        atx = _ATX.match(line)
        title = atx[1] or "" if atx else previous if _SETEXT.match(line) and previous.strip() else None
        previous = line if atx is None and not _ITEM.match(line) else ""
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


def _without_comments(line: str, inside: bool) -> tuple[str, bool]:
    kept: list[str] = []
    while True:
        if inside:
            _, end, line = line.partition("-->")
            if not end:
                return "".join(kept), True
            inside = False
        before, start, line = line.partition("<!--")
        kept.append(before)
        if not start:
            return "".join(kept), False
        inside = True
