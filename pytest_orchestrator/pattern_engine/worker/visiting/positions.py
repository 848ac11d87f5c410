"""The positions of nodes in a file: LibCST's position metadata, computed when a node's is asked for.

LibCST counts lines and columns of each token and makes three objects for each node. Here only offsets are counted for
all nodes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import libcst as cst
from libcst.metadata import CodePosition, CodeRange

from pytest_orchestrator.diagnostics import Range

_NEWLINE = re.compile(r"\r\n?|\n")


def range_of(position: CodeRange) -> Range:
    """LibCST's position as the range of a diagnostic: there columns count from 1."""
    return Range(
        start_line=position.start.line,
        start_column=position.start.column + 1,
        end_line=position.end.line,
        end_column=position.end.column + 1,
    )


def common_length(one: Sequence[object], other: Sequence[object]) -> int:
    """How many characters or bytes the two have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (left, right) in pairs if left != right), min(len(one), len(other)))


@dataclass(frozen=True, kw_only=True)
class Span:
    """The characters of a node's code, including white space. `indent` are the indentations of the blocks it is in."""

    start: int
    end: int
    indent: tuple[str, ...]


class Layout:
    """A module's `code`, and the span of each of its nodes in it."""

    def __init__(self, module: cst.Module) -> None:
        state = _Counting(module)
        module._codegen(state)  # type: ignore[arg-type]  # it has all methods of LibCST's own state
        text = state.full_text()
        self.code = "".join(state.tokens)
        self._syntactic = state.syntactic
        self._inclusive = state.inclusive
        self._starts = [0, *(match.end() for match in _NEWLINE.finditer(text))]

    def span(self, node: cst.CSTNode) -> Span:
        """The node's span, including white space.

        Raises:
            KeyError: the node is not in the tree.
        """
        start, end, indent = self._inclusive[node]
        return Span(start=start, end=end, indent=indent)

    def range(self, node: cst.CSTNode) -> CodeRange:
        """The node's position as LibCST's `PositionProvider` gives it."""
        start, end = self._syntactic.get(node) or self._inclusive[node][:2]
        return CodeRange(self.position(start), self.position(end))

    def position(self, offset: int) -> CodePosition:
        """Line (counted from 1) and column (from 0) of a character."""
        line = bisect_right(self._starts, offset)
        return CodePosition(line, offset - self._starts[line - 1])

    def nodes(self) -> Iterator[cst.CSTNode]:
        """All nodes of the tree."""
        yield from self._inclusive


class Positions(Mapping[cst.CSTNode, object]):
    """The metadata of LibCST's `PositionProvider`, backed by a layout."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def __getitem__(self, node: cst.CSTNode) -> CodeRange:
        return self._layout.range(node)

    def __iter__(self) -> Iterator[cst.CSTNode]:
        return self._layout.nodes()

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Counting:
    """Has the methods of LibCST's `CodegenState`, to which nodes write their code, and counts characters."""

    def __init__(self, module: cst.Module) -> None:
        self.default_indent, self.default_newline = module.default_indent, module.default_newline
        self.tokens: list[str] = []
        self.inclusive: dict[cst.CSTNode, tuple[int, int, tuple[str, ...]]] = {}
        self.syntactic: dict[cst.CSTNode, tuple[int, int]] = {}
        self._offset = 0
        self._stack: list[tuple[int, tuple[str, ...]]] = []
        self._indent: tuple[str, ...] = ()
        self._popped = ""

    @property
    def indent_tokens(self) -> list[str]:
        return list(self._indent)

    def full_text(self) -> str:
        """The text with a newline at its end, even where the file has none."""
        return "".join(self.tokens) + self._popped

    def increase_indent(self, value: str) -> None:
        self._indent = (*self._indent, value)

    def decrease_indent(self) -> None:
        self._indent = self._indent[:-1]

    def add_indent_tokens(self) -> None:
        for token in self._indent:
            self.add_token(token)

    def add_token(self, value: str) -> None:
        self.tokens.append(value)
        self._offset += len(value)

    def pop_trailing_newline(self) -> None:
        if self.tokens:
            self._popped = self.tokens.pop()

    def before_codegen(self, _: cst.CSTNode) -> None:
        self._stack.append((self._offset, self._indent))

    def after_codegen(self, node: cst.CSTNode) -> None:
        start, indent = self._stack.pop()
        self.inclusive[node] = (start, self._offset, indent)

    @contextmanager
    def record_syntactic_position(
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> Iterator[None]:
        start = self._offset
        yield
        start = self._known(start_node)[0] if start_node is not None else start
        end = self._known(end_node)[1] if end_node is not None else self._offset
        self.syntactic[node] = (start, end)

    def _known(self, node: cst.CSTNode) -> Any:
        return self.syntactic.get(node) or self.inclusive[node]
