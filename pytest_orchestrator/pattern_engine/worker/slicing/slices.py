"""Slices of a file: the statements that a pattern may have something to do in, cut out and put back as whole lines.

Python's own parser finds where statements begin and end; LibCST then parses nothing but the slices, put one after the
other into a module of their own. Whatever is out of the ordinary makes `cut` or `Cut.joined` say None, and the caller
runs the pattern on the whole file instead.
"""

from __future__ import annotations

import ast
import itertools
import re
import tokenize
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from pytest_orchestrator.pattern_engine.trigger import Trigger, may_be_spelt_otherwise
from pytest_orchestrator.pattern_engine.worker.slicing.lines import Lines, lines_of
from pytest_orchestrator.pattern_engine.worker.slicing.outline import Outline, WholeFileNeeded
from pytest_orchestrator.pattern_engine.worker.slicing.units import Unit, Wanted, find_units
from pytest_orchestrator.records import Range

_DOT = r"(?:[\s\\)]|#[^\r\n]*[\r\n])*\.(?:[\s\\]|#[^\r\n]*[\r\n])*"
_BLANK_END = re.compile(rb"(?:\A|[\r\n])[ \t\f]+[\r\n]*\Z")
_FORM_FEED_IN_CODE = re.compile(rb"^(?!(?<=\n)\f\r?$|[ \t]*#)[^\r\n]*\f", re.MULTILINE)
_ANY_MARK = re.compile(r"^#:slice (\d+):#(?:\r\n|\n)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Slice:
    """A unit of the file, and what stands above and below it to make it a module of one statement.

    `start` and `end` are its place in the file's bytes, `shown_from` is its first line in the text of the slices.
    """

    unit: Unit
    start: int
    end: int
    text: str
    above: str
    below: str
    missing_newline: str
    """What its last line lacks: a newline, where the file ends without."""
    shown_from: int

    @property
    def shown(self) -> str:
        """The module that the slice is shown as."""
        return self.framed(self.text)

    def framed(self, text: str) -> str:
        """What is shown of the slice, if `text` is its text."""
        return self.above + text + self.missing_newline + self.below

    def unframed(self, shown: str) -> str | None:
        """The slice's text in what is shown of it; None when there is something else around it."""
        below = self.missing_newline + self.below
        framed = shown.startswith(self.above) and shown.endswith(below)
        text = shown[len(self.above) : len(shown) - len(below)]
        return text if framed and self.framed(text) == shown else None


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A file with slices taken out of it. `text` holds them as one module, in the file's own line ends."""

    data: bytes
    encoding: str
    slices: tuple[Slice, ...]
    text: str

    def joined(self, text: str) -> bytes | None:
        """The file with the slices replaced by those in `text`, which a pattern made of `self.text`."""
        pieces = _ANY_MARK.split(text)
        if pieces[0] or [int(number) for number in pieces[1::2]] != list(range(len(self.slices) + 1)) or pieces[-1]:
            return None  # what came before, between or after the slices is not what we wrote
        result, end = list[bytes](), 0
        for piece, shown in zip(self.slices, pieces[2::2], strict=False):
            part = piece.unframed(shown)
            if part is None:
                return None
            result += [self.data[end : piece.start], part.encode(self.encoding)]
            end = piece.end
        return b"".join([*result, self.data[end:]])

    def place(self, shown: Range) -> Range | None:
        """Where in the file a stretch of `text` is; None when it is not within one slice."""
        for piece in self.slices:
            lines = piece.unit.last - piece.unit.first + 1
            if piece.shown_from <= shown.start_line and shown.end_line < piece.shown_from + lines:
                shift = piece.unit.first - piece.shown_from
                return Range(
                    start_line=shown.start_line + shift,
                    start_column=shown.start_column,
                    end_line=shown.end_line + shift,
                    end_column=shown.end_column,
                )
        return None


def mark(number: int) -> str:
    """The comment above the slice with this number, or below the last one."""
    return f"#:slice {number}:#"


def parse_quietly(data: bytes) -> ast.Module | None:
    """The file as Python's own parser sees it; None when it can't."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def cut(data: bytes, tree: ast.Module, outline: Outline, triggers: Sequence[Trigger]) -> Cut | None:
    """What patterns with these triggers may have something to do in; None: they must look at the whole file.

    `tree` is the file as Python's parser sees it, `outline` is read from that.
    """
    newline = newline_of(data)
    if newline is None or not is_ordinary(data) or b"#:slice " in data:
        return None
    lines = lines_of(data)
    try:
        asked = [_wanted(data, outline, trigger, lines) for trigger in triggers]
    except WholeFileNeeded:
        return None
    together = Wanted(
        lines=sorted({line for wanted in asked for line in wanted.lines}),
        whole=frozenset().union(*(wanted.whole for wanted in asked)),
    )
    units = find_units(tree, together, lines)
    if units is None or any(one.last >= other.first for one, other in itertools.pairwise(units)):
        return None
    pairs = tuple(zip(triggers, asked, strict=True))
    kept = [
        unit
        for unit in units
        if _is_asked_for(unit, [trigger for trigger, wanted in pairs if wanted.between(unit.first, unit.last)])
    ]
    return _Cutter(lines, encoding_of(data), newline).cut(kept)


@lru_cache(maxsize=2)  # many patterns ask about the same file
def is_ordinary(data: bytes) -> bool:
    """Whether nothing in the file keeps its parts from being seen as they are seen in the whole."""
    # Columns are counted in bytes of UTF-8, whatever the file is written in.
    # A form feed on a line of its own, or in a comment's, means nothing; elsewhere it hides how far a line is indented.
    if encoding_of(data) not in ("utf-8", "ascii") or (b"\f" in data and _FORM_FEED_IN_CODE.search(data)):
        return False
    # LibCST does not give a file with blanks at its end back: that must be seen and said.
    return not _BLANK_END.search(data, len(data.rstrip(b" \t\f\r\n")))


def mentions(data: bytes, outline: Outline, trigger: Trigger) -> Iterator[tuple[int, int]]:
    """The stretches of the file that mention what is imported under the trigger's names.

    Raises:
        WholeFileNeeded: the names may be spelt in other letters.
    """
    imported = (said for local, full in outline.imports() for said in trigger.mentions(local, full))
    chains = {*imported, *trigger.builtins()}
    if may_be_spelt_otherwise(data, {word for words in chains for word in words}):
        raise WholeFileNeeded
    for words in chains:
        if not all(word.encode() in data for word in words):  # far faster to tell than by what follows
            continue
        chain = _DOT.join(map(re.escape, words))
        begin = r"(?:(?<![\w\x80-\xff])|(?<=\A\xef\xbb\xbf))"  # nothing, or a byte order mark
        for match in re.finditer(rf"{begin}{chain}(?![\w\x80-\xff])".encode(), data):
            yield match.span()


def _wanted(data: bytes, outline: Outline, trigger: Trigger, lines: Lines) -> Wanted:
    stretches = mentions(data, outline, trigger) if trigger.names else trigger.hits(data)
    hits = {line for start, end in stretches for line in lines.numbers(start, end)}
    return Wanted(lines=sorted(hits), whole=frozenset() if trigger.within == "header" else frozenset(hits))


def _is_asked_for(unit: Unit, triggers: Sequence[Trigger]) -> bool:
    """Whether one of the triggers, all of which have hits in the unit, finds a node in it that it asks for."""
    if any(not trigger.nodes for trigger in triggers):
        return True
    kinds = unit.kinds()
    return any(trigger.may_match_kind(kind) for trigger in triggers for kind in kinds)


class _Cutter:
    """Writes the text of the slices, counting its lines."""

    def __init__(self, lines: Lines, encoding: str, newline: str) -> None:
        self._lines, self._encoding, self._newline = lines, encoding, newline

    def cut(self, units: Sequence[Unit]) -> Cut | None:
        parts: list[str] = []
        slices: list[Slice] = []
        line = 1
        for number, unit in enumerate(units):
            try:
                piece = self._slice(unit, line + 1)
            except UnicodeDecodeError:
                return None
            if "\f" in piece.text:
                return None
            slices.append(piece)
            parts += [mark(number), self._newline, piece.shown]
            line += 1 + piece.shown.count("\n")
        text = "".join([*parts, mark(len(units)), self._newline])
        return Cut(data=self._lines.data, encoding=self._encoding, slices=tuple(slices), text=text)

    def _slice(self, unit: Unit, line: int) -> Slice:
        start, end = self._lines.offsets(unit.first, unit.last)
        text = self._lines.data[start:end].decode(self._encoding)
        above = f"if 1:{self._newline}" if text[:1] in (" ", "\t") else ""
        return Slice(
            unit=unit,
            start=start,
            end=end,
            text=text,
            above=above,
            below=self.below(unit),
            missing_newline="" if text.endswith("\n") else self._newline,
            shown_from=line + bool(above),
        )

    def below(self, unit: Unit) -> str:
        """A body for a header without one."""
        if not unit.is_header:
            return ""
        body: Sequence[ast.stmt] = unit.statements[0].body  # type: ignore[attr-defined] # a header is above a body
        return f"{self._lines.indent(body[0]).decode()}pass{self._newline}"


@lru_cache(maxsize=2)
def newline_of(data: bytes) -> str | None:
    """The file's line end, when it has but one kind."""
    crs, lfs, crlfs = data.count(b"\r"), data.count(b"\n"), data.count(b"\r\n")
    if crs == 0:
        return "\n"
    return "\r\n" if crs == lfs == crlfs else None


def encoding_of(data: bytes) -> str:
    """What the file is written in, but for a byte order mark.

    Raises:
        SyntaxError: there is no such encoding, or two that differ.
    """
    encoding = tokenize.detect_encoding(BytesIO(data).readline)[0]
    return "utf-8" if encoding == "utf-8-sig" else encoding
