"""The blocks of a Markdown body that can hold requirements: headings, paragraphs, list items, steps and table rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from pytest_orchestrator.spec_guard.document.markdown import prose_lines

Kind = Literal["heading", "paragraph", "item", "step", "row"]

_HEADING = re.compile(r"^ {0,3}(#{1,6})(?=\s|$)")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{2,})\s*$")
_ITEM = re.compile(r"^(\s*)(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?(.*)$")
_STEP = re.compile(r"^\s*(?:\*\*|__|`)?(?:GIVEN|WHEN|THEN|AND|BUT|Given|When|Then|And|But)\b")
_TITLE = re.compile(
    r"^\s*(?:\*\*)?(?:Scenario(?: Outline| Template)?|Examples?|Background|Feature|Rule)\s*:", re.IGNORECASE
)
_QUOTE = re.compile(r"^\s*(?:>\s?)+")
_ALERT = re.compile(r"\s*\[!(?:IMPORTANT|WARNING|CAUTION)\]", re.IGNORECASE)
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})\s*(\w*)")
_SCENARIO_LANGUAGES = frozenset({"gherkin", "cucumber", "feature"})
_HIDDEN_LINE = re.compile(r"^ {0,3}\[(?!\^)[^\]]+\]:\s")
# What is marked as deleted is not demanded any more.
_DELETED = (("~~", "~~"), ("<del>", "</del>"), ("<s>", "</s>"), ("<strike>", "</strike>"))


@dataclass(frozen=True, kw_only=True)
class Block:
    """A block of Markdown, wrapped lines joined. `line` is 1-based."""

    kind: Kind
    text: str
    line: int
    depth: int = 0
    """A heading's level; the indentation of an item or a step."""
    cells: tuple[str, ...] = ()
    """A row's cells."""
    header: tuple[str, ...] = ()
    """The cells of the first row of a row's table."""
    quoted: bool = False
    """Whether it stands in a quotation, not in one of GitHub's alerts."""
    deleted: bool = False
    """Whether some of it was struck through."""


def read_blocks(body: str) -> Iterator[Block]:
    """The blocks of a body in its order, without code, comments, and what is struck through.

    Fenced code in Gherkin is read as text: that is how scenarios are written in Markdown.
    """
    pending = _Pending()
    header: tuple[str, ...] = ()
    rows = 0
    for number, line in prose_lines(_open_scenarios(body)):
        text = _QUOTE.sub("", line)
        if text.lstrip().startswith("|") or (rows and "|" in text):
            yield from pending.close()
            rows += 1
            if rows == 1:
                header = _cells(text)
            elif not set(text) <= set(" \t|:-"):
                yield from _row(_cells(text), header, number)
            continue
        rows = 0
        underline = _UNDERLINE.match(text)
        if underline and pending.parts and pending.kind == "paragraph":
            pending.kind, pending.depth = "heading", 1 if underline[1][0] == "=" else 2
            yield from pending.close()
        elif not text.strip() or _HIDDEN_LINE.match(text):
            yield from pending.close()
        elif pending.continues(text):
            pending.parts.append(text.strip())
        else:
            yield from pending.close()
            pending.open(text, number)
            pending.quoted = text != line and _ALERT.match(text) is None
    yield from pending.close()


@dataclass(kw_only=True)
class _Pending:
    # The block whose lines are being read.
    kind: Kind = "paragraph"
    depth: int = 0
    line: int = 0
    quoted: bool = False
    parts: list[str] = field(default_factory=list)

    def continues(self, text: str) -> bool:
        if not self.parts or self.kind == "heading" or _HEADING.match(text) or _ITEM.match(text) or _TITLE.match(text):
            return False
        if self.kind == "paragraph" and _TITLE.match(self.parts[0]):
            return False
        # A step begins a block of its own only where the line before isn't running text.
        return not _STEP.match(text) or (self.kind == "paragraph" and not _STEP.match(self.parts[0]))

    def open(self, text: str, line: int) -> None:
        heading, item = _HEADING.match(text), _ITEM.match(text)
        self.line, self.kind, self.depth = line, "paragraph", len(text) - len(text.lstrip())
        content = text.strip()
        if heading:
            self.kind, self.depth, content = "heading", len(heading[1]), text.strip().strip("#").strip()
        elif item:
            self.kind, self.depth, content = "item", len(item[1].expandtabs(4)), item[2].strip()
        elif _STEP.match(text):
            self.kind = "step"
        self.parts.append(content)

    def close(self) -> Iterator[Block]:
        text, deleted = _undeleted(" ".join(self.parts))
        self.parts.clear()
        if text.strip(" *_") or deleted:
            yield Block(
                kind=self.kind,
                text=text.strip(),
                line=self.line,
                depth=self.depth,
                quoted=self.quoted,
                deleted=deleted,
            )


def _row(cells: tuple[str, ...], header: tuple[str, ...], line: int) -> Iterator[Block]:
    kept = [_undeleted(cell) for cell in cells]
    texts = tuple(text.strip() for text, _ in kept)
    if any(texts):
        yield Block(
            kind="row",
            text=" | ".join(texts),
            line=line,
            cells=texts,
            header=header,
            deleted=any(gone for _, gone in kept),
        )


def _cells(line: str) -> tuple[str, ...]:
    inner = line.strip().replace("\\|", "\0")
    inner = inner.removeprefix("|").removesuffix("|")
    return tuple(cell.strip().replace("\0", "|") for cell in inner.split("|"))


def _undeleted(text: str) -> tuple[str, bool]:
    deleted = False
    for opening, closing in _DELETED:
        if opening not in text:
            continue
        kept: list[str] = []
        position = 0
        while (begin := text.find(opening, position)) >= 0 and (end := text.find(closing, begin + len(opening))) >= 0:
            kept.append(text[position:begin])
            position, deleted = end + len(closing), True
        text = "".join([*kept, text[position:]])
    return text, deleted


def _open_scenarios(body: str) -> str:
    # Takes the fences of Gherkin away, line by line, so that its steps are read as text.
    if "```" not in body and "~~~" not in body:
        return body
    lines: list[str] = []
    fence, scenario = "", False
    for line in body.split("\n"):
        found = _FENCE.match(line)
        if not fence and found:
            fence, scenario = found[1], found[2].casefold() in _SCENARIO_LANGUAGES
            lines.append("" if scenario else line)
        elif fence and found and found[1].startswith(fence) and not found[2]:
            lines.append("" if scenario else line)
            fence = ""
        else:
            lines.append(line.strip() if fence and scenario else line)
    return "\n".join(lines)
