"""Which statements lines belong to. Lines count from 0 here, as those of differences do."""

from __future__ import annotations

import ast
import math
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence

from pytest_orchestrator.pattern_engine.worker.slicing.lines import first_line


def with_their_statements(lines: Collection[int], tree: ast.Module | None) -> set[int]:
    """`lines`, and all lines of the smallest statements (of compound ones, the headers) that hold them."""
    ordered, found = sorted(lines), set(lines)
    pending: list[ast.AST] = [] if tree is None else [tree]
    while pending:
        for node in ast.iter_child_nodes(pending.pop()):
            if isinstance(node, ast.match_case):
                pending.append(node)
            elif isinstance(node, ast.stmt | ast.ExceptHandler):
                first, last = _first_line(node), node.end_lineno or node.lineno
                if _next(ordered, first) < last:
                    pending.append(node)
                    header = range(first, max(min([last, *map(_first_line, _inner(node))]), first + 1))
                    if _next(ordered, header.start) < header.stop:
                        found.update(header)
    return found


def _inner(node: ast.AST) -> Iterator[ast.stmt | ast.ExceptHandler]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.ExceptHandler):
            yield child
        elif isinstance(child, ast.match_case):
            yield child.body[0]


def _first_line(node: ast.stmt | ast.ExceptHandler) -> int:
    return (first_line(node) if isinstance(node, ast.stmt) else node.lineno) - 1


def _next(ordered: Sequence[int], line: int) -> float:
    place = bisect_left(ordered, line)
    return ordered[place] if place < len(ordered) else math.inf
