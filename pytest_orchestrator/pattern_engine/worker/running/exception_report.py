"""What a pattern's exception is told as: the pattern's own line, and one line of message, whatever it is."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import libcst as cst

from pytest_orchestrator.display import printable
from pytest_orchestrator.errors import PatternError

_MAX_MESSAGE = 300


def describe(error: BaseException, home: Path) -> str:
    """`patterns/ID/pattern.py:LINE: Type: message`. `home` is the folder or the file that the pattern's code is in."""
    if isinstance(error, PatternError):  # ours, and it says what to do
        return printable(f"{error.message}: {error.fix}" if error.fix else error.message)
    if said := _no_node(error, home):
        return said
    said = f"called sys.exit({error.code!r})" if isinstance(error, SystemExit) else _said(error)
    place = _place(error, home)
    return f"{place}: {said}" if place else said


def _no_node(error: BaseException, home: Path) -> str:
    """That a `leave_X` method returned something that is no node, where that is what LibCST complains of."""
    if not isinstance(error, cst.CSTValidationError):
        return ""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    visitor, node, result = (frame.f_locals.get(name) for name in ("visitor", "self", "leave_result"))
    name = f"leave_{type(node).__name__}"
    code = getattr(getattr(type(visitor), name, None), "__code__", None)
    if code is None or isinstance(result, cst.CSTNode):
        return ""
    place = f"{_relative(code.co_filename, home)}:{code.co_firstlineno}"
    kind = "None" if result is None else printable(type(result).__name__)
    return f"{place}: {name} returned {kind}, not a node: return updated_node where there is nothing to change"


def _place(error: BaseException, home: Path) -> str:
    """The innermost line of the pattern's own code; of anybody's, when its own took no part."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(home):
        return f"{_relative(error.filename, home)}:{error.lineno}"  # its file never ran, so no frame tells
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    own = [frame for frame in frames if Path(frame[0]).is_relative_to(home)]
    if not own and isinstance(error, SyntaxError) and not error.filename:
        return ""  # it holds a NUL byte; where, the importing machinery doesn't say. LibCST has such errors, too
    if not own and frames[-1:] and frames[-1][0].startswith("<frozen "):
        return ""  # the entry's module was looked for, and nobody's code has run
    for file, line in (*own[-1:], *frames[-1:]):
        return f"{_relative(file, home)}:{line}"
    return ""


def _relative(file: str, home: Path) -> str:
    """A pattern's file from the project that its library is in, any other from where it is imported from."""
    path = Path(file)
    if path != home and path.is_relative_to(home):
        return path.relative_to(home.parent.parent).as_posix()
    folders = [folder for folder in map(Path, sys.path) if folder.is_absolute() and path.is_relative_to(folder)]
    nearest = max(folders, key=lambda folder: len(folder.parts), default=path.parent)
    return path.relative_to(nearest).as_posix()


def _said(error: BaseException) -> str:
    name = type(error).__name__
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        lines = text.strip().splitlines()
    except BaseException:  # even asking an exception what it is can raise
        return name
    message = printable(lines[0]) if lines else ""
    message = message if len(message) <= _MAX_MESSAGE else f"{message[:_MAX_MESSAGE]}..."
    return f"{name}: {message}" if message else name
