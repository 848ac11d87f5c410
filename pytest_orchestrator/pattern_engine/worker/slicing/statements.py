"""The statements of a file as Python's own parser finds them: lines, and the units to cut out.

A unit is the smallest run of whole lines that holds given lines and is a statement, or the header of one. Statements
that share a line are one unit. What can't be parsed alone (an `elif`, the second statement of a line that continues the
one before) makes the statement around it the unit.
"""

from __future__ import annotations

import ast
import itertools
import math
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_BOM = b"\xef\xbb\xbf"
_WITH_HEADER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.AsyncFor, ast.While, ast.If)
_BELOW = ("body", "orelse", "finalbody", "handlers", "cases")
"""The fields that hold what is below a statement's header. The body of a lambda is no list."""


def first_line(statement: ast.stmt) -> int:
    """The line, counted from 1, on which the statement or its first decorator begins."""
    decorators: Sequence[ast.expr] = getattr(statement, "decorator_list", ())
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def last_line(statement: ast.stmt) -> int:
    """The line, counted from 1, on which the statement ends."""
    return statement.end_lineno or statement.lineno


def with_their_statements(lines: Collection[int], tree: ast.Module | None) -> set[int]:
    """`lines`, and all lines of the smallest statements that hold them; of compound statements, the headers.

    Lines are counted from 0 here, as those of hunks are.
    """
    ordered, found = sorted(lines), set(lines)
    pending: list[ast.AST] = [] if tree is None else [tree]
    while pending:
        for node in ast.iter_child_nodes(pending.pop()):
            if isinstance(node, ast.match_case):
                pending.append(node)
            elif isinstance(node, ast.stmt | ast.ExceptHandler):
                first, last = _first_index(node), node.end_lineno or node.lineno
                if _next(ordered, first) < last:
                    pending.append(node)
                    header = range(first, max(min([last, *map(_first_index, _inner(node))]), first + 1))
                    if _next(ordered, header.start) < header.stop:
                        found.update(header)
    return found


class Lines:
    """A file's bytes, line by line: lines count from 1, columns in bytes of UTF-8.

    A byte order mark is not part of the first line.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._starts = [0, *itertools.accumulate(map(len, data.splitlines(keepends=True)))]
        if data and not data.endswith((b"\r", b"\n")):
            self._starts.pop()

    def numbers(self, start: int, end: int) -> range:
        """The lines that the bytes from offset `start` to `end` touch."""
        return range(bisect_right(self._starts, start), bisect_right(self._starts, end) + 1)

    def line(self, number: int) -> bytes:
        """The line with its end."""
        return self.data[slice(*self.offsets(number, number))]

    def offsets(self, first: int, last: int) -> tuple[int, int]:
        """The offsets in the file at which the lines `first` to `last` begin and end."""
        start = self._starts[first - 1]
        if start == 0 and self.data.startswith(_BOM):
            start = len(_BOM)
        return start, self._starts[last] if last < len(self._starts) else len(self.data)

    def holds_no_code(self, number: int) -> bool:
        """Whether the line is blank or a comment. A line within a string may seem so."""
        line = self.line(number).lstrip()
        return not line or line.startswith(b"#")

    def begins_line(self, statement: ast.stmt) -> bool:
        """Whether the statement is the first thing on its line, and not on the line of a header."""
        return not self.line(first_line(statement))[: statement.col_offset].strip(b" \t")

    def header(self, statement: ast.stmt) -> tuple[int, int] | None:
        """The first and last line of a compound statement's header, decorators included.

        None: the statement is not compound, or its body begins on a line of the header.
        """
        body: Sequence[ast.stmt] | None = getattr(statement, "body", None)
        if not isinstance(statement, _WITH_HEADER) or not body or not self.begins_line(body[0]):
            return None
        last = first_line(body[0]) - 1
        return (first_line(statement), last) if last >= statement.lineno else None

    def indent(self, statement: ast.stmt) -> bytes:
        """The white space before a statement that begins its line."""
        line = self.line(first_line(statement))
        return line[: len(line) - len(line.lstrip(b" \t"))]


@lru_cache(maxsize=2)  # many patterns look at the same file
def lines_of(data: bytes) -> Lines:
    """The lines of the file."""
    return Lines(data)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """Lines `first` to `last`, and the statements that they hold: of a header's only the part above its body."""

    statements: Sequence[ast.stmt]
    first: int
    last: int
    around: tuple[ast.stmt, ...]
    """The compound statements that the unit is in, the outermost first."""
    is_header: bool = False

    def kinds(self) -> frozenset[type[ast.AST]]:
        """The kinds of nodes that are on its lines."""
        found: set[type[ast.AST]] = set()
        pending: list[ast.AST] = list(self.statements)
        below = _BELOW if self.is_header else ()
        while pending:
            node = pending.pop()
            found.add(type(node))
            for name in node._fields:
                value = getattr(node, name, None)
                if name in below and isinstance(value, list):
                    continue
                if isinstance(value, list):
                    pending += [part for part in value if isinstance(part, ast.AST)]
                elif isinstance(value, ast.AST):
                    pending.append(value)
        return frozenset(found)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Sorted lines. A header that holds one of the `whole` lines is wanted together with its body."""

    lines: Sequence[int]
    whole: frozenset[int]

    def between(self, first: int, last: int) -> Sequence[int]:
        """The lines from `first` to `last` inclusive."""
        return self.lines[bisect_left(self.lines, first) : bisect_right(self.lines, last)]


def find_units(tree: ast.Module, wanted: Wanted, lines: Lines) -> Sequence[Unit] | None:
    """The units that hold the wanted lines, in the order of the text; None when one of them can't be cut out."""
    found = list(_Search(wanted, lines).units(tree.body, ()))
    units = [unit for unit in found if unit is not None]
    return units if len(units) == len(found) else None


class _Search:
    def __init__(self, wanted: Wanted, lines: Lines) -> None:
        self._wanted = wanted
        self._lines = lines

    def units(self, body: Sequence[ast.stmt], around: tuple[ast.stmt, ...]) -> Iterator[Unit | None]:
        for unit in _grouped(body, around):
            hits = self._wanted.between(unit.first, unit.last)
            if not hits:
                continue
            found = self._inner(unit, hits)
            if found is not None:
                yield from found
            else:
                yield unit if self._stands_alone(unit) else None

    def _inner(self, unit: Unit, hits: Sequence[int]) -> Sequence[Unit] | None:
        """The unit's header, and units below it, that hold all of its hits."""
        if len(unit.statements) > 1:
            return None
        statement = unit.statements[0]
        left = set(hits)
        found: list[Unit] = []
        header = self._header(statement, unit.around)
        if header is not None:
            left.difference_update(self._wanted.between(header.first, header.last))
            found.append(header)
        for body in _bodies(statement):
            first, last = first_line(body[0]), last_line(body[-1])
            inside = self._wanted.between(first, last)
            for inner in self.units(body, (*unit.around, statement)) if inside else ():
                if inner is None:
                    return None
                found.append(inner)
            left.difference_update(inside, self._comment_lines_around(body, statement))
        return None if left else found

    def _header(self, statement: ast.stmt, around: tuple[ast.stmt, ...]) -> Unit | None:
        """The statement's header, if the header alone is wanted."""
        header = self._lines.header(statement)
        if header is None:
            return None
        first, last = header
        hits = self._wanted.between(first, last)
        if all(self._lines.holds_no_code(line) for line in hits) or not self._wanted.whole.isdisjoint(hits):
            return None
        unit = Unit(statements=(statement,), first=first, last=last, around=around, is_header=True)
        return unit if self._begins_alone(unit) else None

    def _comment_lines_around(self, body: Sequence[ast.stmt], statement: ast.stmt) -> set[int]:
        """The lines of comments directly before and after `body`, which is one of the bodies of `statement`."""
        lines, found = self._lines, set[int]()
        line = first_line(body[0]) - 1
        while line > statement.lineno and lines.begins_line(body[0]) and lines.holds_no_code(line):
            found.add(line)
            line -= 1
        line = last_line(body[-1]) + 1
        while line < last_line(statement) and lines.holds_no_code(line):
            found.add(line)
            line += 1
        return found

    def _stands_alone(self, unit: Unit) -> bool:
        """Whether the unit's lines hold nothing but its statements."""
        rest = self._lines.line(unit.last)[unit.statements[-1].end_col_offset or 0 :].strip().lstrip(b"; \t")
        return self._begins_alone(unit) and (not rest or rest.startswith(b"#"))

    def _begins_alone(self, unit: Unit) -> bool:
        statement = unit.statements[0]
        line = self._lines.line(unit.first)
        if unit.first == statement.lineno:
            if line[: statement.col_offset].strip(b" \t") or line[statement.col_offset :].startswith(b"elif"):
                return False
        elif not line.lstrip(b" \t").startswith(b"@"):
            return False
        before = self._lines.line(unit.first - 1) if unit.first > 1 else b""
        return not before.rstrip(b"\r\n").endswith(b"\\")


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The bodies of a compound statement, in the order of the text."""
    parts = (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ()))
    bodies = [getattr(statement, name, None) for name in ("body", "orelse", "finalbody")]
    yield from sorted(filter(None, [*bodies, *(part.body for part in parts)]), key=lambda body: body[0].lineno)


def _grouped(body: Sequence[ast.stmt], around: tuple[ast.stmt, ...]) -> Iterator[Unit]:
    """The statements, those that share a line together."""
    group: list[ast.stmt] = []
    for statement in body:
        if group and first_line(statement) > last_line(group[-1]):
            yield _unit(group, around)
            group = []
        group.append(statement)
    if group:
        yield _unit(group, around)


def _unit(group: Sequence[ast.stmt], around: tuple[ast.stmt, ...]) -> Unit:
    return Unit(statements=tuple(group), first=first_line(group[0]), last=max(map(last_line, group)), around=around)


def _inner(node: ast.AST) -> Iterator[ast.stmt | ast.ExceptHandler]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.ExceptHandler):
            yield child
        elif isinstance(child, ast.match_case):
            yield child.body[0]


def _first_index(node: ast.stmt | ast.ExceptHandler) -> int:
    return (first_line(node) if isinstance(node, ast.stmt) else node.lineno) - 1


def _next(ordered: Sequence[int], line: int) -> float:
    index = bisect_left(ordered, line)
    return ordered[index] if index < len(ordered) else math.inf
