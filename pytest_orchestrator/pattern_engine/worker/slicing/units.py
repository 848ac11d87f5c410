"""Units: the smallest runs of whole lines of a file that hold given lines and are statements, or headers of statements.

Statements that share a line are one unit. Whatever can't stand alone (an `elif`, the second statement of a line that
goes on from the one before) makes the statement around it the unit.
"""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pytest_orchestrator.pattern_engine.worker.slicing.lines import Lines, first_line, last_line

_BELOW = ("body", "orelse", "finalbody", "handlers", "cases")
"""The fields that hold what is below a statement's header. The body of a lambda is no list."""


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
    """Lines, sorted. Where one of `whole` is in a header, the whole statement is meant and not the header alone."""

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
            left.difference_update(inside, self._idle_around(body, statement))
        return None if left else found

    def _header(self, statement: ast.stmt, around: tuple[ast.stmt, ...]) -> Unit | None:
        """The statement's header, if it is wanted and it alone."""
        place = self._lines.header(statement)
        if place is None:
            return None
        first, last = place
        hits = self._wanted.between(first, last)
        if all(self._lines.holds_no_code(line) for line in hits) or not self._wanted.whole.isdisjoint(hits):
            return None
        unit = Unit(statements=(statement,), first=first, last=last, around=around, is_header=True)
        return unit if self._begins_alone(unit) else None

    def _idle_around(self, body: Sequence[ast.stmt], statement: ast.stmt) -> set[int]:
        """The lines of comments right before and after `body`, which is one of the bodies of `statement`."""
        lines, idle = self._lines, set()
        line = first_line(body[0]) - 1
        while line > statement.lineno and lines.begins_line(body[0]) and lines.holds_no_code(line):
            idle.add(line)
            line -= 1
        line = last_line(body[-1]) + 1
        while line < last_line(statement) and lines.holds_no_code(line):
            idle.add(line)
            line += 1
        return idle

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
