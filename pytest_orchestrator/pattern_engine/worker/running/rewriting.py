"""Runs one codemod on one file: on slices of it where the trigger allows that, else on the whole file.

Both give the same result. Where slices can't give it, the whole file is used. A result is kept only if it is valid
Python that reads back as the same text in its own encoding. Nothing is read from disk or written.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import libcst as cst
from libcst.codemod import CodemodContext, SkipFile
from libcst.helpers import calculate_module_and_package

from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.pattern_engine.results import Reason, Rejected
from pytest_orchestrator.pattern_engine.worker.exception_report import location_of, thrown
from pytest_orchestrator.pattern_engine.worker.running.source import Text, parse
from pytest_orchestrator.pattern_engine.worker.slicing.outline import WholeFileNeeded
from pytest_orchestrator.pattern_engine.worker.slicing.slices import SliceContext, cut, in_slice_context
from pytest_orchestrator.pattern_engine.worker.slicing.top import top_of
from pytest_orchestrator.pattern_engine.worker.visiting.construction import LoadedPattern, transform
from pytest_orchestrator.python_syntax import is_valid_python


def revise(text: Text, pattern: LoadedPattern, *, root: Path) -> Text | Rejected:
    """The file after the codemod; `text` itself when no byte changes. `root` is the folder of `text.path`."""
    trigger = pattern.trigger
    if not text.may_hit(trigger):
        return text
    if problem := _unsupported(text.path, pattern):
        return problem
    if trigger.within != "file":
        revise_part = _revise_top if trigger.within == "top" else _revise_slices
        if (
            text.tree is not None
            and not text.is_too_deep
            and (revised := revise_part(text, text.tree, pattern, root)) is not None
        ):
            return revised
    elif not text.may_match(trigger):
        return text
    return rewrite(text, pattern, root=root)


def rewrite(text: Text, pattern: LoadedPattern, *, root: Path) -> Text | Rejected:
    """The file after the codemod has run on all of it; `text` itself when no byte changes.

    `root` is the folder that `text.path` is relative to, for codemods that ask for the file's or module's name.
    """

    def reject(reason: Reason, message: str) -> Rejected:
        return Rejected(path=text.path, reason=reason, pattern=pattern.id, message=message)

    module = text.module
    if isinstance(module, Rejected):
        return module
    try:
        revised = run_codemod(pattern, module, root, text.path)
        if revised is module:
            return text
        code, encoding = revised.code, revised.encoding
    except SkipFile:
        return text
    except BaseException as error:
        return text.unfaithful or thrown(error, text.path, pattern=pattern.id, home=pattern.home)
    try:
        data = code.encode(encoding)
    except LookupError as error:
        return reject("encoding", f"the pattern gave the file an encoding that does not exist: {error}")
    except UnicodeEncodeError as error:
        return reject("encoding", f"its {encoding} can't hold the new character {code[error.start]!r}")
    if data == text.data:
        return text
    return text.unfaithful or _verified(text, data, code, pattern)


def run_codemod(pattern: LoadedPattern, module: cst.Module, root: Path, path: str) -> cst.Module:
    """The module after the codemod; `module` must come fresh from the parser.

    Raises:
        PatternError: the codemod returns something that is not a module.
        BaseException: what the codemod raises.
    """
    command = pattern.codemod(_context(root, path))
    result: object = transform(command, module)
    if not isinstance(result, cst.Module):
        kind = "None" if result is None else type(result).__name__
        methods = ["transform_module", "transform_module_impl", "leave_Module"]
        location = location_of(type(command), methods, pattern.home)
        raise PatternError(f"{location}transform_module returned {kind}", fix="return the module, changed or unchanged")
    return result


def _revise_slices(text: Text, tree: ast.Module, pattern: LoadedPattern, root: Path) -> Text | Rejected | None:
    """The file after the codemod has run on the slices that its trigger matches; None: run it on the whole file."""
    piece = cut(text.data, tree, text.outline, [pattern.trigger])
    if piece is None:
        return None
    if not piece.slices:
        return text
    try:
        module = cst.parse_module(piece.text)
        try:
            with in_slice_context(SliceContext(module=module, cut=piece, outline=text.outline)):
                revised = run_codemod(pattern, module, root, text.path)
            result = piece.text if revised is module else revised.code
        except (SkipFile, RecursionError, MemoryError, WholeFileNeeded):
            return None
        except BaseException as error:
            return thrown(error, text.path, pattern=pattern.id, home=pattern.home)
        if result == piece.text:
            return text
        data = piece.joined(result)
        if data is None or module.code != piece.text or revised.encoding != module.encoding:
            return None
        return _valid(text, data, pattern)
    # LibCST also validates when it parses: `except:` before other handlers, for example.
    except (cst.ParserSyntaxError, cst.CSTValidationError, UnicodeEncodeError, RecursionError, MemoryError):
        return None


def _revise_top(text: Text, tree: ast.Module, pattern: LoadedPattern, root: Path) -> Text | None:
    """The file after the codemod has run on the top alone; None: run it on the whole file."""
    top = top_of(text.data, tree)
    if top is None:
        return None
    try:
        module = cst.parse_module(top.module_bytes)
        revised = run_codemod(pattern, module, root, text.path).bytes
    except BaseException:  # the run on the whole file reports it
        return None
    if revised == top.module_bytes:
        return text
    data = top.joined(revised) if module.bytes == top.module_bytes else None
    return None if data is None else Text(path=text.path, data=data)


def _valid(text: Text, data: bytes, pattern: LoadedPattern) -> Text | Rejected:
    """The file with these bytes, or a rejection when Python can't parse them."""
    new = Text(path=text.path, data=data)
    return _broken_output(text.path, pattern, "Python can't parse it") if new.tree is None else new


def _unsupported(path: str, pattern: LoadedPattern) -> Rejected | None:
    """The rejection of a pattern that needs a newer Python than the running one; None when it doesn't."""
    if tuple(map(int, pattern.minimum_python.split("."))) <= sys.version_info[:2]:
        return None
    running = ".".join(map(str, sys.version_info[:2]))
    message = f"needs Python {pattern.minimum_python}, this is {running}"
    return Rejected(path=path, reason="unsupported-python", pattern=pattern.id, message=message)


def _broken_output(path: str, pattern: LoadedPattern, problem: str) -> Rejected:
    """The rejection of a result that must not be written; `problem` says why."""
    message = f"the pattern's result is refused: {problem}"
    return Rejected(path=path, reason="broken-output", pattern=pattern.id, message=message)


def _verified(text: Text, data: bytes, code: str, pattern: LoadedPattern) -> Text | Rejected:
    """The file with these bytes, or a rejection when they are not valid Python that reads back as `code`."""
    result = parse(text.path, data)
    if isinstance(result, Rejected):
        problem = result.message + (f" (line {result.line} of it)" if result.line else "")
    elif result.code != code:
        problem = "its text changes when it is read back in its encoding"
    elif is_valid_python(data) is False and is_valid_python(text.data):
        problem = "Python can't parse it"
    else:
        return result
    return _broken_output(text.path, pattern, problem)


def _context(root: Path, path: str) -> CodemodContext:
    """The context that LibCST's own command line gives a codemod, with `root` as the repository's root."""
    names = calculate_module_and_package(root, root / path)
    return CodemodContext(filename=str(root / path), full_module_name=names.name, full_package_name=names.package)
