"""The pure core: a file's bytes and a pattern's class in, diagnostics or new bytes out. Nothing is read or written.

Nothing is trusted either: LibCST must give back a file byte for byte before a pattern sees it, and what a codemod made
of it must be valid Python that says in its own encoding what the tree says.
"""

from __future__ import annotations

import sys
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.codemod import CodemodCommand, CodemodContext, SkipFile
from libcst.helpers import ModuleNameAndPackage, calculate_module_and_package

from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.pattern_engine.results import Reason, Rejected
from pytest_orchestrator.pattern_engine.trigger import ALWAYS, Trigger
from pytest_orchestrator.pattern_engine.worker.linter import Finding, Linter
from pytest_orchestrator.pattern_engine.worker.python_syntax import first_syntax_error, is_valid_python
from pytest_orchestrator.pattern_engine.worker.running.exception_report import describe
from pytest_orchestrator.pattern_engine.worker.visiting.batched_visit import Stage
from pytest_orchestrator.pattern_engine.worker.visiting.construction import construct, transform
from pytest_orchestrator.pattern_engine.worker.visiting.metadata import Metadata, file_facts
from pytest_orchestrator.records import Diagnostic


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file as LibCST sees it."""

    path: str
    data: bytes
    module: cst.Module

    @cached_property
    def code(self) -> str:
        """The file's text, as LibCST gives it back."""
        return self.module.code

    @cached_property
    def unfaithful(self) -> Rejected | None:
        """Why no pattern may touch the file: LibCST does not give it back byte for byte.

        Finding out costs as much as parsing: it is asked only when a pattern has something to say about the file.
        """
        try:
            back = self.code.encode(self.module.encoding)
        except (RecursionError, MemoryError):
            return Rejected(path=self.path, reason="syntax", message="is nested too deeply for LibCST")
        if back == self.data:
            return None
        message = "LibCST does not give it back byte for byte"
        return Rejected(path=self.path, reason="round-trip", message=message, line=_first_difference(self.data, back))


@dataclass(frozen=True, kw_only=True)
class LoadedPattern:
    """A pattern's class with the values of its parameters. `home` is the folder or file that its code is in."""

    id: str
    entry_class: type[CodemodCommand] | type[Linter]
    parameters: Mapping[str, Any]
    minimum_python: str
    home: Path
    trigger: Trigger = ALWAYS

    def linter(self) -> Linter:
        """A new linter for one file."""
        linter = self.linter_class(**self.parameters)
        if not hasattr(linter, "findings"):
            raise PatternError("its __init__ leaves the linter half made", fix="call super().__init__() in it")
        return linter

    @property
    def linter_class(self) -> type[Linter]:
        """The class of a linter."""
        assert issubclass(self.entry_class, Linter)  # noqa: S101 - checked when it was loaded
        return self.entry_class

    def codemod(self, context: CodemodContext) -> CodemodCommand:
        """A new codemod for one file."""
        assert issubclass(self.entry_class, CodemodCommand)  # noqa: S101 - checked when it was loaded
        command = construct(self.entry_class, context, self.parameters)
        if not hasattr(command, "context"):
            raise PatternError("its __init__ leaves the codemod half made", fix="call super().__init__(context) in it")
        return command


def parse(path: str, data: bytes) -> Source | Rejected:
    """A file that LibCST gives back byte for byte, or why no pattern may touch it."""
    source = read(path, data)
    return source.unfaithful or source if isinstance(source, Source) else source


def read(path: str, data: bytes) -> Source | Rejected:
    """The file as LibCST sees it, faithful or not, or why it can't see it."""

    def reject(reason: Reason, message: str, line: int | None = None) -> Rejected:
        return Rejected(path=path, reason=reason, message=message, line=line)

    if b"\0" in data:
        return reject("not-text", "holds a NUL byte", _line_at(data, data.index(b"\0")))
    try:
        encoding = tokenize.detect_encoding(BytesIO(data).readline)[0]
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return reject("encoding", f"is not {encoding} text: {error.reason}", _line_at(data, error.start))
    except (SyntaxError, LookupError, UnicodeError) as error:
        return reject("encoding", *_encoding_problem(data, error))
    try:
        module = cst.parse_module(data)
    except cst.ParserSyntaxError as error:
        return reject("syntax", *_syntax_problem(data, error))
    except BaseException as error:
        return reject("syntax", f"LibCST's parser fails on it: {type(error).__name__}")
    return Source(path=path, data=data, module=module)


class LintedSource:
    """A source that several linters look at; what they need to know about it is computed once."""

    def __init__(self, source: Source, patterns: Sequence[LoadedPattern] = (), *, root: Path = Path("/")) -> None:
        """`patterns` are the linters that are expected, `root` is the folder that `source.path` is relative to."""
        self._source = source
        self._metadata = Metadata(source.module, lambda: file_facts(root / source.path, _names(root, source.path)))
        self._stage = Stage(self._metadata, [pattern.linter_class.watcher_class() for pattern in patterns])

    def lint(self, pattern: LoadedPattern) -> tuple[Diagnostic, ...] | Rejected:
        """What the linter finds, sorted by place."""
        try:
            linter = pattern.linter()
            for watcher in linter.watchers():
                self._stage.show(watcher)
            findings = linter.reported(self._metadata)
        except BaseException as error:
            return self._source.unfaithful or thrown(error, self._source.path, pattern)
        if findings:
            vars(self._source).setdefault("code", self._metadata.code)  # written out for its places already
            if self._source.unfaithful is not None:  # the places would not be those of the file
                return self._source.unfaithful
        return diagnostics(pattern, self._source.path, findings)


def diagnostics(pattern: LoadedPattern, path: str, findings: Sequence[Finding]) -> tuple[Diagnostic, ...]:
    """What a linter found, in the words of reports."""
    return tuple(
        Diagnostic(
            rule=pattern.id, severity="warning", message=item.message, path=path, range=item.range, edit=item.edit
        )
        for item in findings
    )


def rewrite(source: Source, pattern: LoadedPattern, *, root: Path) -> Source | Rejected:
    """What the codemod makes of the file; `source` itself when that is the same bytes.

    `root` is the folder that `source.path` is relative to, for codemods that ask for their file or module name.
    """

    def reject(reason: Reason, message: str) -> Rejected:
        return Rejected(path=source.path, reason=reason, pattern=pattern.id, message=message)

    if problem := unsupported(source.path, pattern):
        return problem
    try:
        module = run_codemod(pattern, source.module, root, source.path)
        if module is source.module:
            return source
        text, encoding = module.code, module.encoding
    except SkipFile:
        return source
    except BaseException as error:
        return source.unfaithful or thrown(error, source.path, pattern)
    try:
        data = text.encode(encoding)
    except LookupError as error:
        return reject("encoding", f"the pattern gave the file an encoding that does not exist: {error}")
    except UnicodeEncodeError as error:
        return reject("encoding", f"its {encoding} can't hold the new character {text[error.start]!r}")
    if data == source.data:
        return source
    if source.unfaithful is not None:
        return source.unfaithful
    return _verified(source, data, text, pattern)


def run_codemod(pattern: LoadedPattern, module: cst.Module, root: Path, path: str) -> cst.Module:
    """What the codemod makes of a module fresh from the parser; whatever it raises comes out."""
    result: object = transform(pattern.codemod(_context(root, path)), module)
    if not isinstance(result, cst.Module):
        kind = "None" if result is None else type(result).__name__
        raise PatternError(f"transform_module returned {kind}", fix="return the module, changed or as it came")
    return result


def unsupported(path: str, pattern: LoadedPattern) -> Rejected | None:
    """Why the running Python is too old for what the pattern writes, if it is."""
    if tuple(map(int, pattern.minimum_python.split("."))) <= sys.version_info[:2]:
        return None
    running = ".".join(map(str, sys.version_info[:2]))
    message = f"needs Python {pattern.minimum_python}, this is {running}"
    return Rejected(path=path, reason="unsupported-python", pattern=pattern.id, message=message)


def _verified(source: Source, data: bytes, text: str, pattern: LoadedPattern) -> Source | Rejected:
    result = parse(source.path, data)
    problem = ""
    if isinstance(result, Rejected):
        problem = result.message + (f" (line {result.line} of it)" if result.line else "")
    elif result.code != text:
        problem = "read back in its encoding it says something else"
    elif is_valid_python(data) is False and is_valid_python(source.data):
        problem = "Python can't parse it any more"
    if not problem and isinstance(result, Source):
        return result
    return broken_output(source.path, pattern, problem)


def broken_output(path: str, pattern: LoadedPattern, problem: str) -> Rejected:
    """The pattern made something of the file that must not be written."""
    message = f"what the pattern makes of it is refused: {problem}"
    return Rejected(path=path, reason="broken-output", pattern=pattern.id, message=message)


def _context(root: Path, path: str) -> CodemodContext:
    """What LibCST's own command line tells a codemod about its file, with the root as the repository's."""
    names = _names(root, path)
    return CodemodContext(filename=str(root / path), full_module_name=names.name, full_package_name=names.package)


def _names(root: Path, path: str) -> ModuleNameAndPackage:
    return calculate_module_and_package(root, root / path)


def thrown(error: BaseException, path: str, pattern: LoadedPattern) -> Rejected:
    """The pattern raised something, or wanted to end the process."""
    reason: Reason = "exited" if isinstance(error, SystemExit) else "raised"
    return Rejected(path=path, reason=reason, pattern=pattern.id, message=describe(error, pattern.home))


def _encoding_problem(data: bytes, error: Exception) -> tuple[str, int | None]:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as found:
        if "missing" in str(error):
            return "is not UTF-8, and no encoding cookie says what else", _line_at(data, found.start)
    return str(error) or type(error).__name__, 1


def _syntax_problem(data: bytes, error: cst.ParserSyntaxError) -> tuple[str, int | None]:
    """A sentence and a line: Python's, for LibCST may notice lines later."""
    try:
        line = first_syntax_error(data)
    except (RecursionError, MemoryError):
        return "is not valid Python", error.raw_line
    if line is None:
        return "LibCST can't parse it, though Python can", error.raw_line
    return "is not valid Python", line


def _line_at(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _first_difference(one: bytes, other: bytes) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    offset = next((place for place, (left, right) in pairs if left != right), min(len(one), len(other)))
    return _line_at(one, offset)
