"""Splits what a codemod did to a file into edits that can be made one at a time. Values in, values out."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pytest_orchestrator.diagnostics import Edit, Range
from pytest_orchestrator.pattern_engine.worker.running.line_changes import compare
from pytest_orchestrator.python_syntax import parse_quietly

_BODIES = ("handlers", "cases", "body", "orelse", "finalbody")


def line_edits(before: str, after: str) -> tuple[Edit, ...]:
    """The edits of whole lines that make `after` of `before`, in order."""
    new = after.encode("utf-8", "surrogatepass").splitlines(keepends=True)
    hunks = compare(before.encode("utf-8", "surrogatepass"), after.encode("utf-8", "surrogatepass"))
    return tuple(
        Edit(
            range=Range(start_line=hunk.start + 1, end_line=hunk.end + 1),
            text=b"".join(new[hunk.new_start : hunk.new_end]).decode("utf-8", "surrogatepass"),
        )
        for hunk in hunks
    )


def statement_edits(before: str, after: str) -> tuple[Edit, ...]:
    """An edit for each statement that differs, and for the header of each compound one, in order.

    Empty where the statements of the two texts don't correspond one to one, or differ in more than that.
    """
    old, new = _Source(before), _Source(after)
    if old.tree is None or new.tree is None:
        return ()
    parts, others = list(_parts(old.tree)), list(_parts(new.tree))
    if [part.depth for part in parts] != [part.depth for part in others]:
        return ()
    edits, rebuilt, end = list[Edit](), b"", 0
    for a, b in zip(parts, others, strict=True):
        first, last = old.span(a)
        text = new.data[slice(*new.span(b))]
        if old.data[first:last] != text:
            edits.append(Edit(range=old.range_of(first, last), text=text.decode("utf-8", "surrogatepass")))
            rebuilt += old.data[end:first] + text
            end = last
    return tuple(edits) if rebuilt + old.data[end:] == new.data else ()


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A simple statement, or what stands before the first statement in a compound one. `depth` counts from 0.

    Positions are lines from 1 and UTF-8 bytes from 0, as those of `ast`.
    """

    start: tuple[int, int]
    end: tuple[int, int]
    depth: int


def _parts(tree: ast.AST, depth: int = 0) -> Iterator[_Part]:
    for node in _children(tree):
        inner = _children(node)
        start = _start(node)
        end = _start(inner[0]) if inner else (getattr(node, "end_lineno", 0), getattr(node, "end_col_offset", 0))
        yield _Part(start=start, end=end, depth=depth)
        yield from _parts(node, depth + 1)


def _children(node: ast.AST) -> Sequence[ast.AST]:
    """The statements, handlers and cases directly below, in order of the text."""
    if isinstance(node, ast.expr):
        return ()
    found = [item for name in _BODIES for item in getattr(node, name, ())]
    return sorted(found, key=_start)


def _start(node: ast.AST) -> tuple[int, int]:
    if isinstance(node, ast.match_case):
        return _start(node.pattern)
    line = min((item.lineno for item in getattr(node, "decorator_list", ())), default=getattr(node, "lineno", 0))
    return line, getattr(node, "col_offset", 0)


class _Source:
    """A text in UTF-8, its lines and its tree."""

    def __init__(self, text: str) -> None:
        self.data = text.encode("utf-8", "surrogatepass")
        self._lines = self.data.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))
        # A cookie such as `coding: latin-1` says nothing about a text that is no bytes yet.
        self.tree = parse_quietly(text)

    def span(self, part: _Part) -> tuple[int, int]:
        """The first byte, and the one after the last."""
        (line, column), (end_line, end_column) = part.start, part.end
        return self._starts[line - 1] + column, self._starts[end_line - 1] + end_column

    def range_of(self, first: int, last: int) -> Range:
        """The range of these bytes."""
        (line, column), (end_line, end_column) = self._position(first), self._position(last)
        return Range(start_line=line, start_column=column, end_line=end_line, end_column=end_column)

    def _position(self, offset: int) -> tuple[int, int]:
        index = bisect_right(self._starts, offset) - 1
        return index + 1, len(self.data[self._starts[index] : offset].decode("utf-8", "surrogatepass")) + 1
