"""Python files as the parser of this Python sees them. Its warnings, e.g. of invalid escapes, are dropped."""

from __future__ import annotations

import ast
import warnings

_DEEP = 500  # levels of a tree; code that people write has a few dozen


def parse_quietly(data: bytes | str) -> ast.Module | None:
    """The file's syntax tree; None when this Python can't parse it."""
    try:
        return _parse(data)
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
        _parse(data)
    except SyntaxError as error:
        return error.lineno or 1
    except ValueError:
        return 1
    return None


def is_deep(data: bytes) -> bool:
    """Whether the file nests so deeply that recursive programs may fail on it, as LibCST and Python's own parser do."""
    try:
        return has_levels(_parse(data), _DEEP)
    except (SyntaxError, ValueError):
        return False
    except (RecursionError, MemoryError):
        return True


def has_levels(node: ast.AST, count: int) -> bool:
    """Whether the tree below `node` has so many levels."""
    level = [node]
    for _ in range(count):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True


def _parse(data: bytes | str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(data)
