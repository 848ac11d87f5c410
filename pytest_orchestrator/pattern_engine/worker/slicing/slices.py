"""Slices of a file: the statements that a pattern's trigger matches, cut out and put back as whole lines.

Python's own parser finds where statements begin and end; LibCST then parses only the slices, one after the other in one
module. Where a file is unusual, `cut` or `Cut.joined` returns None, and the caller runs the pattern on the whole file.
While a pattern runs on slices, `slice_context` gives it the scopes of the whole file.
"""

from __future__ import annotations

import ast
import contextlib
import itertools
import re
import tokenize
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

import libcst as cst

from pytest_orchestrator.diagnostics import Range
from pytest_orchestrator.pattern_engine.trigger import Trigger, may_be_spelt_otherwise
from pytest_orchestrator.pattern_engine.worker.scope import Scope
from pytest_orchestrator.pattern_engine.worker.slicing.outline import Outline, WholeFileNeeded
from pytest_orchestrator.pattern_engine.worker.slicing.statements import Lines, Unit, Wanted, find_units, lines_of

_DOT = r"(?:[\s\\)]|#[^\r\n]*[\r\n])*\.(?:[\s\\]|#[^\r\n]*[\r\n])*"
_BLANK_END = re.compile(rb"(?:\A|[\r\n])[ \t\f]+[\r\n]*\Z")
_FORM_FEED_IN_CODE = re.compile(rb"^(?!(?<=\n)\f\r?$|[ \t]*#)[^\r\n]*\f", re.MULTILINE)
_ANY_MARK = re.compile(r"^#:slice (\d+):#(?:\r\n|\n)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Slice:
    """A unit of the file, and the text above and below it that makes it a module of one statement.

    `start` and `end` are offsets in the file's bytes. `module_line` is the slice's first line in `Cut.text`.
    """

    unit: Unit
    start: int
    end: int
    text: str
    above: str
    below: str
    missing_newline: str
    """The newline that the slice's last line lacks, where the file ends without one."""
    module_line: int

    @property
    def module_text(self) -> str:
        """The module of one statement that the slice becomes."""
        return self.framed(self.text)

    def framed(self, text: str) -> str:
        """The same module with `text` in place of the slice's text."""
        return self.above + text + self.missing_newline + self.below

    def unframed(self, module_text: str) -> str | None:
        """The slice's text in such a module; None when the text above or below it has changed."""
        below = self.missing_newline + self.below
        text = module_text[len(self.above) : len(module_text) - len(below)]
        return text if self.framed(text) == module_text else None


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A file with slices taken out of it. `text` holds them as one module, in the file's own line ends."""

    data: bytes
    encoding: str
    slices: tuple[Slice, ...]
    text: str

    def joined(self, text: str) -> bytes | None:
        """The file with its slices replaced by those in `text`, the pattern's result for `self.text`.

        None: the text before, between or after the slices has changed.
        """
        pieces = _ANY_MARK.split(text)
        if pieces[0] or [int(number) for number in pieces[1::2]] != list(range(len(self.slices) + 1)) or pieces[-1]:
            return None
        result, end = list[bytes](), 0
        for piece, module_text in zip(self.slices, pieces[2::2], strict=False):
            part = piece.unframed(module_text)
            if part is None:
                return None
            result += [self.data[end : piece.start], part.encode(self.encoding)]
            end = piece.end
        return b"".join([*result, self.data[end:]])

    def range_in_file(self, range: Range) -> Range | None:  # noqa: A002 - the field's own word
        """The range of the file that a range of `text` stands for; None when it is not within one slice."""
        for piece in self.slices:
            lines = piece.unit.last - piece.unit.first + 1
            if piece.module_line <= range.start_line and range.end_line < piece.module_line + lines:
                shift = piece.unit.first - piece.module_line
                return Range(
                    start_line=range.start_line + shift,
                    start_column=range.start_column,
                    end_line=range.end_line + shift,
                    end_column=range.end_column,
                )
        return None


@dataclass(frozen=True, kw_only=True, eq=False)
class SliceContext:
    """Slices of a file as LibCST parsed them, and the outline of the whole file."""

    module: cst.Module
    cut: Cut
    outline: Outline

    def statements(self) -> Iterator[tuple[Sequence[cst.CSTNode], Scope, int]]:
        """For each slice: its statements, their scope, and the number of loops of that scope that they are in.

        Raises:
            WholeFileNeeded: LibCST finds other statements than the slices.
        """
        if len(self.module.body) != len(self.cut.slices):
            raise WholeFileNeeded
        self.outline.forget_nodes()
        for statement, piece in zip(self.module.body, self.cut.slices, strict=True):
            scope, loops = self.outline.scope_within(piece.unit.around)
            self.outline.slice_lines = piece.unit.first, piece.unit.last
            yield (cst.ensure_type(statement, cst.If).body.body if piece.above else [statement]), scope, loops


_CONTEXT: ContextVar[SliceContext | None] = ContextVar("_CONTEXT", default=None)


@contextlib.contextmanager
def in_slice_context(context: SliceContext) -> Iterator[None]:
    """Within this block, `slice_context` gives `context` for the module of its slices."""
    token = _CONTEXT.set(context)
    try:
        yield
    finally:
        _CONTEXT.reset(token)


def slice_context(module: cst.Module) -> SliceContext | None:
    """The context of slices that `module` is made of; None: it is a whole file.

    Raises:
        WholeFileNeeded: a pattern runs on slices, and `module` has another body than theirs.
    """
    context = _CONTEXT.get()
    if context is not None and context.module.body is not module.body:
        raise WholeFileNeeded
    return context


def mark(number: int) -> str:
    """The comment above the slice with this number, or below the last one."""
    return f"#:slice {number}:#"


def cut(data: bytes, tree: ast.Module, outline: Outline, triggers: Sequence[Trigger]) -> Cut | None:
    """The slices of a file that patterns with these triggers need; None: they need the whole file.

    `tree` is what Python's own parser makes of `data`, `outline` is made from `tree`.
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
    """Whether parts of the file can be parsed alone: no rare encoding, form feed or trailing blanks."""
    # Columns are counted in bytes of UTF-8, whatever the file is written in.
    # A form feed on a line of its own or in a comment means nothing; elsewhere it hides the line's indentation.
    if encoding_of(data) not in ("utf-8", "ascii") or (b"\f" in data and _FORM_FEED_IN_CODE.search(data)):
        return False
    # LibCST drops blanks at the end of a file. Only parsing the whole file reports that.
    return not _BLANK_END.search(data, len(data.rstrip(b" \t\f\r\n")))


def mentions(data: bytes, outline: Outline, trigger: Trigger) -> Iterator[tuple[int, int]]:
    """The spans of offsets at which the file mentions a name that the trigger asks for.

    Raises:
        WholeFileNeeded: the names may be spelt in other letters that Python takes for the same.
    """
    imported = (words for local, full in outline.imports() for words in trigger.mentions(local, full))
    chains = {*imported, *trigger.builtins()}
    if may_be_spelt_otherwise(data, {word for words in chains for word in words}):
        raise WholeFileNeeded
    for words in chains:
        if not all(word.encode() in data for word in words):  # far faster than the regular expression
            continue
        chain = _DOT.join(map(re.escape, words))
        begin = r"(?:(?<![\w\x80-\xff])|(?<=\A\xef\xbb\xbf))"  # no letter before it, or a byte order mark
        for match in re.finditer(rf"{begin}{chain}(?![\w\x80-\xff])".encode(), data):
            yield match.span()


def _wanted(data: bytes, outline: Outline, trigger: Trigger, lines: Lines) -> Wanted:
    spans = mentions(data, outline, trigger) if trigger.names else trigger.hits(data)
    hits = {line for start, end in spans for line in lines.numbers(start, end)}
    return Wanted(lines=sorted(hits), whole=frozenset() if trigger.within == "header" else frozenset(hits))


def _is_asked_for(unit: Unit, triggers: Sequence[Trigger]) -> bool:
    """Whether the unit holds a node that one of the triggers asks for. All of them have hits in the unit."""
    if any(not trigger.nodes for trigger in triggers):
        return True
    kinds = unit.kinds()
    return any(trigger.may_match_kind(kind) for trigger in triggers for kind in kinds)


class _Cutter:
    """Writes the text of the slices and counts its lines."""

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
            parts += [mark(number), self._newline, piece.module_text]
            line += 1 + piece.module_text.count("\n")
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
            module_line=line + bool(above),
        )

    def below(self, unit: Unit) -> str:
        """A body for a header; empty for a whole statement."""
        if not unit.is_header:
            return ""
        body: Sequence[ast.stmt] = unit.statements[0].body  # type: ignore[attr-defined] # a header is above a body
        return f"{self._lines.indent(body[0]).decode()}pass{self._newline}"


@lru_cache(maxsize=2)
def newline_of(data: bytes) -> str | None:
    """The file's line end; None when it has several kinds."""
    crs, lfs, crlfs = data.count(b"\r"), data.count(b"\n"), data.count(b"\r\n")
    if crs == 0:
        return "\n"
    return "\r\n" if crs == lfs == crlfs else None


def encoding_of(data: bytes) -> str:
    """The file's encoding, without regard to a byte order mark.

    Raises:
        SyntaxError: Python knows no such encoding, or the cookie and the byte order mark differ.
    """
    encoding = tokenize.detect_encoding(BytesIO(data).readline)[0]
    return "utf-8" if encoding == "utf-8-sig" else encoding
