"""What the running Python's own parser says of a file."""

from __future__ import annotations

import ast
import warnings


def is_valid_python(data: bytes) -> bool | None:
    """Whether Python parses the file; None when it gives up on its depth."""
    try:
        return first_syntax_error(data) is None
    except (RecursionError, MemoryError):
        return None


def first_syntax_error(data: bytes) -> int | None:
    """The line of the first thing that Python can't parse, 1 when it doesn't say, None when there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape is the file's own affair
            ast.parse(data)
    except SyntaxError as error:
        return error.lineno or 1
    except ValueError:
        return 1
    return None
