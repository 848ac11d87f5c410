"""A file, parsed by LibCST and by Python's own parser when it is first needed, and at most once by each.

LibCST must give a file back byte for byte before a pattern may change it or report in it.
"""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import libcst as cst

from pytest_orchestrator.pattern_engine.results import TOO_DEEP, Reason, Rejected
from pytest_orchestrator.pattern_engine.trigger import Trigger
from pytest_orchestrator.pattern_engine.worker.slicing.outline import Outline, WholeFileNeeded
from pytest_orchestrator.pattern_engine.worker.slicing.slices import mentions
from pytest_orchestrator.pattern_engine.worker.visiting.positions import common_length
from pytest_orchestrator.python_syntax import first_syntax_error, has_levels, is_valid_python, parse_quietly

_MAX_LEVELS = 1_500  # each takes a byte at least
_MANY_LINES = 50
_BELOW = ("body", "orelse", "finalbody", "handlers", "cases")


@dataclass(frozen=True, kw_only=True)
class Text:
    """A file that each parser parses when its tree is first needed, and then once."""

    path: str
    data: bytes

    @cached_property
    def module(self) -> cst.Module | Rejected:
        """The file as LibCST parses it, or why it can't. `unfaithful` says whether LibCST gives it back."""
        if self.is_too_deep:
            return Rejected(path=self.path, reason="syntax", message=TOO_DEEP)
        return _read(self.path, self.data)

    @cached_property
    def is_too_deep(self) -> bool:
        """Whether a statement nests so deeply that LibCST can't visit it, for which it takes quadratic time to parse.

        Only large statements are looked at, and those of several lines only if `tree` was needed before.
        """
        if "tree" not in vars(self) and max(map(len, self.data.splitlines()), default=0) < _MAX_LEVELS:
            return False
        if self.tree is None:
            return is_valid_python(self.data) is None  # it is too deep for Python's parser
        return any(has_levels(one, _MAX_LEVELS) for one in _large_statements(self.tree))

    @cached_property
    def code(self) -> str:
        """The text of `module`, which must not be a rejection."""
        assert isinstance(self.module, cst.Module)  # noqa: S101 - callers have checked it
        return self.module.code

    @cached_property
    def unfaithful(self) -> Rejected | None:
        """Why no pattern may change the file or report in it: LibCST does not reproduce it byte for byte.

        Finding out takes as long as parsing, so it is asked only when a pattern changes or reports something.
        """
        if isinstance(self.module, Rejected):
            return self.module
        try:
            back = self.code.encode(self.module.encoding)
        except (RecursionError, MemoryError):
            return Rejected(path=self.path, reason="syntax", message=TOO_DEEP)
        if back == self.data:
            return None
        line = _line_at(self.data, common_length(self.data, back))
        message = "LibCST does not reproduce it byte for byte"
        return Rejected(path=self.path, reason="round-trip", message=message, line=line)

    @cached_property
    def tree(self) -> ast.Module | None:
        """The tree of Python's own parser; None when it can't parse the file."""
        return parse_quietly(self.data)

    @cached_property
    def outline(self) -> Outline:
        """The file's scopes, read from `tree`, which must not be None."""
        assert self.tree is not None  # noqa: S101 - callers have checked it
        return Outline(self.tree, self.data)

    def is_searched(self, trigger: Trigger) -> bool:
        """Whether `may_hit` returns soon: the trigger was searched for, or is quick on the file."""
        return trigger in self.hits or trigger.is_quick_on(self.data)

    def may_hit(self, trigger: Trigger) -> bool:
        """Whether the trigger may match the file's bytes; each trigger is searched for once."""
        if trigger not in self.hits:
            self.hits[trigger] = trigger.may_match(self.data)
        return self.hits[trigger]

    @cached_property
    def hits(self) -> dict[Trigger, bool]:
        """The results of searches for triggers so far."""
        return {}

    def may_match(self, trigger: Trigger) -> bool:
        """Whether a pattern with this trigger may have something to do in the file."""
        if not self.may_hit(trigger):
            return False
        if trigger.within != "file" or self.tree is None:  # names and nodes are looked for in each slice
            return True
        return self._mentions(trigger) and any(trigger.may_match_kind(kind) for kind in self._kinds(trigger))

    def _mentions(self, trigger: Trigger) -> bool:
        try:
            return not trigger.names or next(mentions(self.data, self.outline, trigger), None) is not None
        except WholeFileNeeded:
            return True

    def _kinds(self, trigger: Trigger) -> frozenset[type[ast.AST]]:
        return self._all_kinds if trigger.nodes else frozenset({ast.Module})

    @cached_property
    def _all_kinds(self) -> frozenset[type[ast.AST]]:
        """The kinds of nodes in the tree of Python's parser."""
        return frozenset(map(type, ast.walk(self.tree))) if self.tree is not None else frozenset()


def parse(path: str, data: bytes) -> Text | Rejected:
    """The file, if LibCST gives it back byte for byte; otherwise why it doesn't."""
    text = Text(path=path, data=data)
    return text.unfaithful or text


def _read(path: str, data: bytes) -> cst.Module | Rejected:
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
        return cst.parse_module(data)
    except cst.ParserSyntaxError as error:
        return reject("syntax", *_syntax_problem(data, error))
    except BaseException as error:
        return reject("syntax", f"LibCST's parser fails on it: {type(error).__name__}")


def _large_statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements without a body that may have `_MAX_LEVELS` levels, to judge by their size."""
    pending: list[ast.stmt | ast.ExceptHandler | ast.match_case] = [*tree.body]
    while pending:
        node = pending.pop()
        inner = [below for name in _BELOW for below in getattr(node, name, ())]
        if inner:
            pending += inner
        elif isinstance(node, ast.stmt):
            lines = (node.end_lineno or node.lineno) - node.lineno
            if lines >= _MANY_LINES or (not lines and (node.end_col_offset or 0) - node.col_offset >= _MAX_LEVELS):
                yield node


def _encoding_problem(data: bytes, error: Exception) -> tuple[str, int | None]:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as found:
        if "missing" in str(error):
            return "is not UTF-8, and it has no encoding cookie", _line_at(data, found.start)
    return str(error) or type(error).__name__, 1


def _syntax_problem(data: bytes, error: cst.ParserSyntaxError) -> tuple[str, int | None]:
    """A message and a line. Python names the line: LibCST may notice the error lines later."""
    try:
        line = first_syntax_error(data)
    except (RecursionError, MemoryError):
        return "is not valid Python", error.raw_line
    if line is None:
        return "LibCST can't parse it, though Python can", error.raw_line
    return "is not valid Python", line


def _line_at(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1
