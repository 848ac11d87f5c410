"""Slices of a file: the statements that a pattern may have something to do in, cut out and put back as whole lines.

Python's own parser finds where statements begin and end; LibCST then parses nothing but the slices, put one after the
other into a module of their own. Whatever is out of the ordinary makes `cut` or `Cut.joined` say None, and the caller
runs the pattern on the whole file instead.
"""

from __future__ import annotations

import ast
import re
import tokenize
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from pytest_orchestrator.pattern_engine.trigger import Trigger

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_MARK = "#:slice {}:#"
_BLANK_END = re.compile(rb"(?:\A|[\r\n])[ \t]+[\r\n]*\Z")
_ANY_MARK = re.compile(r"^#:slice (\d+):#(?:\r\n|\n)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Span:
    """Whole lines of a file as offsets of bytes, from the first line of a statement to the end of its last."""

    start: int
    end: int
    indented: bool


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A file with slices taken out of it. `text` holds them as one module, in the file's own line ends."""

    data: bytes
    encoding: str
    spans: tuple[Span, ...]
    text: str
    newline: str

    def joined(self, text: str) -> bytes | None:
        """The file with the slices replaced by those in `text`, which a pattern made of `self.text`."""
        parts = self._parts(text)
        if parts is None:
            return None
        result, place = [], 0
        for span, part in zip(self.spans, parts, strict=True):
            result += [self.data[place : span.start], part.encode(self.encoding)]
            place = span.end
        return b"".join([*result, self.data[place:]])

    def _parts(self, text: str) -> list[str] | None:
        pieces = _ANY_MARK.split(text)
        if pieces[0] or [int(number) for number in pieces[1::2]] != list(range(len(self.spans) + 1)) or pieces[-1]:
            return None  # what came before, between or after the slices is not what we wrote
        parts = []
        for span, piece in zip(self.spans, pieces[2::2], strict=False):
            frame = _frame(span, self.newline)
            if not piece.startswith(frame):
                return None
            part = piece.removeprefix(frame)
            if self.data[span.start : span.end].endswith(b"\n"):
                parts.append(part)
            elif part.endswith(self.newline):
                parts.append(part.removesuffix(self.newline))
            else:
                return None
        return parts


def parse_quietly(data: bytes) -> ast.Module | None:
    """The file as Python's own parser sees it; None when it can't."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def cut(data: bytes, tree: ast.Module, trigger: Trigger) -> Cut | None:
    """The statements of the file in which the trigger's pattern may have something to do; None: look at all of it.

    `tree` is the file as Python's parser sees it.
    """
    newline, encoding = _newline(data), _encoding(data)
    # Columns are counted in bytes of UTF-8, whatever the file is written in.
    if newline is None or encoding not in ("utf-8", "ascii") or b"\f" in data or b"#:slice " in data:
        return None
    if _BLANK_END.search(data):  # LibCST does not give such a file back: that must be seen and said
        return None
    lines = _Lines(data)
    spans = []
    wanted = sorted({line for start, end in trigger.hits(data) for line in lines.numbers(start, end)})
    for unit in _units(tree.body, wanted, lines):
        if unit is None:
            return None
        if any(trigger.may_match_node(statement) for statement in unit.statements):
            spans.append(lines.span(unit))
    try:
        text = _joined_slices(data, spans, encoding, newline)
    except UnicodeDecodeError:
        return None
    return Cut(data=data, encoding=encoding, spans=tuple(spans), text=text, newline=newline)


@dataclass(frozen=True, kw_only=True)
class _Unit:
    """Neighbouring statements that share lines, usually one; lines are 1-based, `last` is inclusive."""

    statements: Sequence[ast.stmt]
    first: int
    last: int


class _Lines:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(data))]

    def numbers(self, start: int, end: int) -> range:
        """The lines that this stretch of the file touches."""
        return range(bisect_right(self._starts, start), bisect_right(self._starts, end) + 1)

    def line(self, number: int) -> bytes:
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.data)
        line = self.data[start:end]
        return line.removeprefix(_BOM) if number == 1 else line

    def span(self, unit: _Unit) -> Span:
        start = self._starts[unit.first - 1]
        if start == 0 and self.data.startswith(_BOM):
            start = len(_BOM)
        end = self._starts[unit.last] if unit.last < len(self._starts) else len(self.data)
        return Span(start=start, end=end, indented=self.data[start : start + 1] in (b" ", b"\t"))

    def idle_around(self, body: Sequence[ast.stmt], statement: ast.stmt) -> set[int]:
        """The lines of comments right before and after `body`, which is one of the bodies of `statement`."""
        idle = set()
        line = _first_line(body[0]) - 1
        while line > statement.lineno and self._is_begun_by(body[0]) and self._holds_no_code(line):
            idle.add(line)
            line -= 1
        line = _last_line(body[-1]) + 1
        while line < _last_line(statement) and self._holds_no_code(line):
            idle.add(line)
            line += 1
        return idle

    def _holds_no_code(self, number: int) -> bool:
        line = self.line(number).lstrip()
        return not line or line.startswith(b"#")

    def _is_begun_by(self, statement: ast.stmt) -> bool:
        """Whether nothing stands before the statement on its first line: it is not on the line of a header."""
        return not self.line(_first_line(statement))[: statement.col_offset].strip(b" \t")

    def stands_alone(self, unit: _Unit) -> bool:
        """Whether the unit's lines hold nothing but its statements."""
        first, last = unit.statements[0], unit.statements[-1]
        column = first.col_offset
        line = self.line(unit.first)
        if unit.first == first.lineno:
            if line[:column].strip(b" \t") or line[column:].startswith(b"elif"):
                return False
        elif not line.lstrip(b" \t").startswith(b"@"):
            return False
        before = self.line(unit.first - 1) if unit.first > 1 else b""
        if before.rstrip(b"\r\n").endswith(b"\\"):
            return False
        rest = self.line(unit.last)[last.end_col_offset or 0 :].strip()
        return not rest.lstrip(b"; \t") or rest.lstrip(b"; \t").startswith(b"#")


def _units(body: Sequence[ast.stmt], wanted: Sequence[int], lines: _Lines) -> Iterator[_Unit | None]:
    """The smallest units of `body` that hold the wanted lines; None when one of them can't be cut out."""
    for unit in _grouped(body):
        hits = wanted[bisect_left(wanted, unit.first) : bisect_right(wanted, unit.last)]
        if not hits:
            continue
        found = _inner(unit, hits, lines)
        if found is not None:
            yield from found
        elif lines.stands_alone(unit):
            yield unit
        else:
            yield None


def _inner(unit: _Unit, hits: Sequence[int], lines: _Lines) -> Sequence[_Unit] | None:
    """Units below this one that hold all of its hits."""
    if len(unit.statements) > 1:
        return None
    found: list[_Unit] = []
    left = set(hits)
    statement = unit.statements[0]
    for body in _bodies(statement):
        first, last = _first_line(body[0]), _last_line(body[-1])
        inside = hits[bisect_left(hits, first) : bisect_right(hits, last)]
        for inner in _units(body, inside, lines) if inside else ():
            if inner is None:
                return None
            found.append(inner)
        left.difference_update(inside, lines.idle_around(body, statement))
    return None if left else found


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        if body := getattr(statement, name, None):
            yield body
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def _grouped(body: Sequence[ast.stmt]) -> Iterator[_Unit]:
    """The statements, those that share a line together."""
    group: list[ast.stmt] = []
    for statement in body:
        if group and _first_line(statement) > _last_line(group[-1]):
            yield _unit(group)
            group = []
        group.append(statement)
    if group:
        yield _unit(group)


def _unit(group: Sequence[ast.stmt]) -> _Unit:
    return _Unit(statements=tuple(group), first=_first_line(group[0]), last=max(map(_last_line, group)))


def _first_line(statement: ast.stmt) -> int:
    decorators: Sequence[ast.expr] = getattr(statement, "decorator_list", ())
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _last_line(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno


def _joined_slices(data: bytes, spans: Sequence[Span], encoding: str, newline: str) -> str:
    parts = []
    for number, span in enumerate(spans):
        text = data[span.start : span.end].decode(encoding)
        end = "" if text.endswith("\n") else newline
        parts += [_MARK.format(number), newline, _frame(span, newline), text, end]
    return "".join([*parts, _MARK.format(len(spans)), newline])


def _frame(span: Span, newline: str) -> str:
    """What must stand above indented lines to make them a module."""
    return f"if 1:{newline}" if span.indented else ""


def _newline(data: bytes) -> str | None:
    """The file's line end, when it has but one kind."""
    crs, lfs, crlfs = data.count(b"\r"), data.count(b"\n"), data.count(b"\r\n")
    if crs == 0:
        return "\n"
    return "\r\n" if crs == lfs == crlfs else None


def _encoding(data: bytes) -> str:
    encoding = tokenize.detect_encoding(BytesIO(data).readline)[0]
    return "utf-8" if encoding == "utf-8-sig" else encoding
