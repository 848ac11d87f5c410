"""Python files as the parser of this Python sees them. Its warnings, e.g. of invalid escapes, are dropped."""

from __future__ import annotations

import ast
import warnings


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


def _parse(data: bytes | str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(data)
