"""The fast way to what `transform` does: on as little of a file as the pattern's trigger asks for.

The result is the one that running the pattern on the whole file has. Whatever is out of the ordinary (an exception, a
slice that doesn't come back) is left to the whole file to decide.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import libcst as cst
from libcst.codemod import SkipFile

from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.trigger import Trigger
from pytest_orchestrator.pattern_engine.worker.running.source import (
    LoadedPattern,
    Source,
    broken_output,
    read,
    rewrite,
    run_codemod,
    thrown,
    unsupported,
)
from pytest_orchestrator.pattern_engine.worker.slicing.context import Shown, showing
from pytest_orchestrator.pattern_engine.worker.slicing.outline import Outline, WholeFileNeeded
from pytest_orchestrator.pattern_engine.worker.slicing.slices import cut, mentions, parse_quietly
from pytest_orchestrator.pattern_engine.worker.slicing.top import top_of


@dataclass(frozen=True, kw_only=True)
class Text:
    """A file that is parsed when somebody needs to see it parsed, and then once."""

    path: str
    data: bytes

    @staticmethod
    def of(source: Source) -> Text:
        """The text of a file that is parsed already."""
        text = Text(path=source.path, data=source.data)
        vars(text)["source"] = source
        return text

    @cached_property
    def source(self) -> Source | Rejected:
        """The file as LibCST sees it, or why no pattern may touch it."""
        return read(self.path, self.data)

    @cached_property
    def tree(self) -> ast.Module | None:
        """The file as Python's own parser sees it, None when it can't."""
        return parse_quietly(self.data)

    @cached_property
    def outline(self) -> Outline:
        """The file's scopes as Python's own parser sees them."""
        assert self.tree is not None  # noqa: S101 - who asks has looked at it
        return Outline(self.tree, self.data)

    def may_hit(self, trigger: Trigger) -> bool:
        """Whether the file's bytes hold what the trigger looks for; they are searched once."""
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
        if trigger.within != "file" or self.tree is None:  # slices are asked for names and nodes one by one
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


def revise(text: Text, pattern: LoadedPattern, *, root: Path) -> Text | Rejected:
    """What the codemod makes of the file; `text` itself when that is the same bytes.

    `root` is the folder that `text.path` is relative to.
    """
    trigger = pattern.trigger
    if not text.may_hit(trigger):
        return text
    if problem := unsupported(text.path, pattern):
        return problem
    if trigger.within != "file":
        revise_part = _revise_top if trigger.within == "top" else _revise_slices
        if text.tree is not None and (revised := revise_part(text, text.tree, pattern, root)) is not None:
            return revised
    elif not text.may_match(trigger):
        return text
    source = text.source
    if isinstance(source, Rejected):
        return source
    result = rewrite(source, pattern, root=root)
    if isinstance(result, Rejected):
        return result
    return text if result is source else Text.of(result)


def _revise_slices(text: Text, tree: ast.Module, pattern: LoadedPattern, root: Path) -> Text | Rejected | None:
    """What the codemod makes of the statements that it may have something to do in; None: ask the whole file."""
    piece = cut(text.data, tree, text.outline, [pattern.trigger])
    if piece is None:
        return None
    if not piece.slices:
        return text
    try:
        module = cst.parse_module(piece.text)
        try:
            with showing(Shown(module=module, cut=piece, outline=text.outline)):
                revised = run_codemod(pattern, module, root, text.path)
            result = piece.text if revised is module else revised.code
        except (SkipFile, RecursionError, MemoryError, WholeFileNeeded):
            return None
        except BaseException as error:
            return thrown(error, text.path, pattern)
        if result == piece.text:
            return text
        data = piece.joined(result)
        if data is None or module.code != piece.text or revised.encoding != module.encoding:
            return None
        return _valid(text, data, pattern)
    # The whole file tells. LibCST validates when it parses: `except:` before others, say.
    except (cst.ParserSyntaxError, cst.CSTValidationError, UnicodeEncodeError, RecursionError, MemoryError):
        return None


def _revise_top(text: Text, tree: ast.Module, pattern: LoadedPattern, root: Path) -> Text | None:
    """What the codemod makes of the comments above the first statement; None: ask the whole file."""
    top = top_of(text.data, tree)
    if top is None:
        return None
    try:
        module = cst.parse_module(top.shown)
        shown = run_codemod(pattern, module, root, text.path).bytes
    except BaseException:  # the whole file tells
        return None
    if shown == top.shown:
        return text
    data = top.joined(shown) if module.bytes == top.shown else None
    return None if data is None else Text(path=text.path, data=data)


def _valid(text: Text, data: bytes, pattern: LoadedPattern) -> Text | Rejected:
    """The file with these bytes, if Python can parse them."""
    new = Text(path=text.path, data=data)
    return broken_output(text.path, pattern, "Python can't parse it any more") if new.tree is None else new
