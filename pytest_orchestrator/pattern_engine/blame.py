"""What a pattern's exception is told as: the pattern's own line, and one line of message, whatever it is."""

from __future__ import annotations

import traceback
from pathlib import Path

from pytest_orchestrator.display import shown

_MAX_MESSAGE = 300


def describe(error: BaseException, home: Path) -> str:
    """`pattern.py:LINE: Type: message`. `home` is the folder or the file that the pattern's code is in."""
    said = f"called sys.exit({error.code!r})" if isinstance(error, SystemExit) else _said(error)
    place = _place(error, home)
    return f"{place}: {said}" if place else said


def _place(error: BaseException, home: Path) -> str:
    """The innermost line of the pattern's own code; of anybody's, when its own took no part."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(home):
        return f"{_relative(error.filename, home)}:{error.lineno}"  # its file never ran, so no frame tells
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    own = [frame for frame in frames if Path(frame[0]).is_relative_to(home)]
    for file, line in (*own[-1:], *frames[-1:]):
        return f"{_relative(file, home)}:{line}"
    return ""


def _relative(file: str, home: Path) -> str:
    return (
        Path(file).relative_to(home).as_posix()
        if file != str(home) and Path(file).is_relative_to(home)
        else Path(file).name
    )


def _said(error: BaseException) -> str:
    name = type(error).__name__
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        lines = text.strip().splitlines()
    except BaseException:  # even asking an exception what it is can raise
        return name
    message = shown(lines[0]) if lines else ""
    message = message if len(message) <= _MAX_MESSAGE else f"{message[:_MAX_MESSAGE]}..."
    return f"{name}: {message}" if message else name
