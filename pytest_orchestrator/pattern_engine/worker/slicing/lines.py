"""The lines of a file, and which of them its statements take up. Lines count from 1, columns in bytes of UTF-8."""

from __future__ import annotations

import ast
import itertools
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

_BOM = b"\xef\xbb\xbf"
_BEGUN_BY_WORDS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.AsyncFor, ast.While, ast.If)


class Lines:
    """A file's bytes, line by line. A byte order mark is no part of the first line."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._starts = [0, *itertools.accumulate(map(len, data.splitlines(keepends=True)))]
        if data and not data.endswith((b"\r", b"\n")):
            self._starts.pop()

    def numbers(self, start: int, end: int) -> range:
        """The lines that this stretch of the file touches."""
        return range(bisect_right(self._starts, start), bisect_right(self._starts, end) + 1)

    def line(self, number: int) -> bytes:
        """The line with its end."""
        return self.data[slice(*self.offsets(number, number))]

    def offsets(self, first: int, last: int) -> tuple[int, int]:
        """Where the lines `first` to `last` begin and end in the file."""
        start = self._starts[first - 1]
        if start == 0 and self.data.startswith(_BOM):
            start = len(_BOM)
        return start, self._starts[last] if last < len(self._starts) else len(self.data)

    def holds_no_code(self, number: int) -> bool:
        """Whether there is nothing but white space or a comment, if no string goes over the line."""
        line = self.line(number).lstrip()
        return not line or line.startswith(b"#")

    def begins_line(self, statement: ast.stmt) -> bool:
        """Whether nothing stands before the statement on its first line: it is not on the line of a header."""
        return not self.line(first_line(statement))[: statement.col_offset].strip(b" \t")

    def header(self, statement: ast.stmt) -> tuple[int, int] | None:
        """The first and the last line of what stands above a compound statement's first body, decorators included.

        None: it is no such statement, or its body begins on a line of the header.
        """
        body: Sequence[ast.stmt] | None = getattr(statement, "body", None)
        if not isinstance(statement, _BEGUN_BY_WORDS) or not body or not self.begins_line(body[0]):
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


def first_line(statement: ast.stmt) -> int:
    """The line on which the statement begins, or its first decorator."""
    decorators: Sequence[ast.expr] = getattr(statement, "decorator_list", ())
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def last_line(statement: ast.stmt) -> int:
    """The line on which the statement ends."""
    return statement.end_lineno or statement.lineno
