"""A file as the running Python's own parser sees it: its tree, its first error, and the lines of its statements."""

from __future__ import annotations

import ast
import math
import warnings
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence


def parse_quietly(data: bytes) -> ast.Module | None:
    """The file's tree; None when Python can't parse it. Warnings are dropped."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def is_valid_python(data: bytes) -> bool | None:
    """Whether Python parses the file; None when it is nested too deeply to tell."""
    try:
        return first_syntax_error(data) is None
    except (RecursionError, MemoryError):
        return None


def first_syntax_error(data: bytes) -> int | None:
    """The line, counted from 1, of the first syntax error; 1 when Python names no line; None when there is no error.

    Raises:
        RecursionError: the file is nested too deeply for Python's parser. So does `MemoryError`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape is no syntax error
            ast.parse(data)
    except SyntaxError as error:
        return error.lineno or 1
    except ValueError:
        return 1
    return None


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
