"""An exception of a pattern as one line: the location in the pattern's own code, the type and the message."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import libcst as cst

import pytest_orchestrator
from pytest_orchestrator.display import printable
from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.pattern_engine.results import TOO_DEEP, Reason, Rejected

_MAX_MESSAGE = 300
_MAX_CALLS = 50  # LibCST calls a pattern's methods one after the other, so that few of them are active at a time
_LIBRARIES = (Path(cst.__file__).parent, Path(pytest_orchestrator.__file__).parent)


def describe(error: BaseException, home: Path) -> str:
    """`patterns/ID/pattern.py:LINE: Type: message`. `home` is the folder or the file of the pattern's code."""
    if isinstance(error, PatternError):  # one of ours: it says what to do
        return printable(f"{error.message}: {error.fix}" if error.fix else error.message)
    if message := _wrong_return(error, home):
        return message
    message = f"called sys.exit({error.code!r})" if isinstance(error, SystemExit) else _message(error)
    location = _location(error, home)
    return f"{location}: {message}" if location else message


def thrown(error: BaseException, path: str, *, pattern: str, home: Path) -> Rejected:
    """The rejection of a file on which the pattern raised an exception or called `sys.exit`.

    If LibCST's own recursion reached the limit, the file is the reason.
    """
    if isinstance(error, RecursionError) and not _recurses_itself(error, home):
        return Rejected(path=path, reason="syntax", message=TOO_DEEP)
    reason: Reason = "exited" if isinstance(error, SystemExit) else "raised"
    return Rejected(path=path, reason=reason, pattern=pattern, message=describe(error, home))


def _recurses_itself(error: RecursionError, home: Path) -> bool:
    """Whether the pattern's code is a part of the recursion, not only LibCST's and the engine's."""
    files = (Path(frame.f_code.co_filename) for frame, _ in traceback.walk_tb(error.__traceback__))
    own = (file for file in files if file.is_relative_to(home) or not any(map(file.is_relative_to, _LIBRARIES)))
    return sum(1 for _ in own) > _MAX_CALLS


def location_of(pattern_class: type, methods: Sequence[str], home: Path) -> str:
    """`FILE:LINE: ` of the first of the methods that the pattern's own code defines; empty when it defines none."""
    for name in methods:
        code = getattr(getattr(pattern_class, name, None), "__code__", None)
        if code is not None and Path(code.co_filename).is_relative_to(home):
            return f"{_relative(code.co_filename, home)}:{code.co_firstlineno}: "
    return ""


def _wrong_return(error: BaseException, home: Path) -> str:
    """The message for a `leave_X` method that returned something other than a node; empty for any other error."""
    if not isinstance(error, cst.CSTValidationError):
        return ""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    visitor, node, result = (frame.f_locals.get(name) for name in ("visitor", "self", "leave_result"))
    name = f"leave_{type(node).__name__}"
    code = getattr(getattr(type(visitor), name, None), "__code__", None)
    if code is None or isinstance(result, cst.CSTNode):
        return ""
    location = f"{_relative(code.co_filename, home)}:{code.co_firstlineno}"
    kind = "None" if result is None else printable(type(result).__name__)
    return f"{location}: {name} returned {kind}, not a node: return updated_node where nothing changes"


def _location(error: BaseException, home: Path) -> str:
    """The innermost line of the pattern's own code, or of any code when the pattern's did not run."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(home):
        return f"{_relative(error.filename, home)}:{error.lineno}"  # the file never ran, so it has no frame
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    own = [frame for frame in frames if Path(frame[0]).is_relative_to(home)]
    if not own and isinstance(error, SyntaxError) and not error.filename:
        return ""  # a file with a NUL byte, which Python does not name. LibCST raises such errors too
    if not own and frames[-1:] and frames[-1][0].startswith("<frozen "):
        return ""  # the import machinery did not find the entry's module
    for file, line in (*own[-1:], *frames[-1:]):
        return f"{_relative(file, home)}:{line}"
    return ""


def _relative(file: str, home: Path) -> str:
    """A pattern's file relative to the project of its library; another one relative to its folder on `sys.path`."""
    path = Path(file)
    if path != home and path.is_relative_to(home):
        return path.relative_to(home.parent.parent).as_posix()
    folders = [folder for folder in map(Path, sys.path) if folder.is_absolute() and path.is_relative_to(folder)]
    nearest = max(folders, key=lambda folder: len(folder.parts), default=path.parent)
    return path.relative_to(nearest).as_posix()


def _message(error: BaseException) -> str:
    name = type(error).__name__
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        lines = text.strip().splitlines()
    except BaseException:  # an exception's own __str__ can raise
        return name
    message = printable(lines[0]) if lines else ""
    message = message if len(message) <= _MAX_MESSAGE else f"{message[:_MAX_MESSAGE]}..."
    return f"{name}: {message}" if message else name
