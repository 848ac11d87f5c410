"""Imports at the top level of a module, and what becomes of them when a codemod took the last use of a name away."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePath

import libcst as cst

from pytest_orchestrator.pattern_engine.worker.scope import dotted_name
from pytest_orchestrator.pattern_engine.worker.scopes import read_scopes


def without_unused(module: cst.Module, names: Collection[str], filename: str | None) -> cst.Module:
    """The module without the imports that bind one of `names`, where nothing in it needs the name any more.

    An import stays when in doubt: below an `if` or `try`, with a comment, in an `__init__.py` (whose imports are for
    others), or when a string or a type comment may speak of the name.
    """
    if filename is not None and PurePath(filename).name == "__init__.py":
        return module
    unused = _unused(module, names)
    if not unused:
        return module
    body: list[cst.SimpleStatementLine | cst.BaseCompoundStatement] = []
    lines_above: Sequence[cst.EmptyLine] | None = None
    for statement in module.body:
        kept = _trimmed(statement, unused, module) if isinstance(statement, cst.SimpleStatementLine) else statement
        if kept is None:
            lines_above = _longer(lines_above or (), statement.leading_lines) if body else ()
            continue
        if lines_above is not None:
            kept = kept.with_changes(leading_lines=_joined(lines_above, kept.leading_lines, is_first=not body))
        lines_above = None
        body.append(kept)
    return module.with_changes(body=body)


def _unused(module: cst.Module, names: Collection[str]) -> frozenset[str]:
    nodes = read_scopes(module, cst.CSTNode)  # type: ignore[type-abstract] # nodes of all types
    attributes = {node.attr for node in nodes if isinstance(node, cst.Attribute)}
    unused = set(names)
    for node in nodes:
        match node:
            case cst.Name() if node not in attributes:
                unused.discard(node.value)
            case cst.SimpleString() | cst.FormattedStringText():
                unused.difference_update(_mentioned(node, unused))
    code = module.code if unused else ""
    return frozenset(name for name in unused if not re.search(rf"#\s*type:.*\b{name}\b", code))


def _mentioned(node: cst.SimpleString | cst.FormattedStringText, names: Collection[str]) -> Iterator[str]:
    """The names that the string may mean: as a forward reference, in `__all__`, in an example."""
    text = node.value if isinstance(node, cst.FormattedStringText) else node.raw_value
    words = [name for name in names if re.search(rf"\b{name}\b", text)]
    if not words:
        return
    if ">>>" in text:
        yield from words
        return
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for part in ast.walk(tree):
        if isinstance(part, ast.Name):
            yield part.id


def _trimmed(
    statement: cst.SimpleStatementLine, unused: Collection[str], module: cst.Module
) -> cst.SimpleStatementLine | None:
    """The statement without the imports of these names; None when nothing is left of it."""
    body = [_without(small, unused, module) for small in statement.body]
    if all(map(operator.is_, body, statement.body)):
        return statement
    if body == [None]:
        return statement if re.search("[#\f]", module.code_for_node(statement)) else None
    comment = statement.trailing_whitespace.comment
    if None in body or (comment and re.search("noqa|lint|type:", comment.value)):
        return statement
    return statement.with_changes(body=body)


def _without(
    small: cst.BaseSmallStatement, unused: Collection[str], module: cst.Module
) -> cst.BaseSmallStatement | None:
    if not isinstance(small, cst.Import | cst.ImportFrom) or isinstance(small.names, cst.ImportStar):
        return small
    names = [alias for alias in small.names if _bound(alias) not in unused]
    if len(names) == len(small.names) or "#" in module.code_for_node(small):
        return small
    if not names:
        return None
    if names[-1] is not small.names[-1]:  # the new last one ends as the last one did
        names[-1] = names[-1].with_changes(comma=small.names[-1].comma)
    return small.with_changes(names=names)


def _bound(alias: cst.ImportAlias) -> str | None:
    """The name that an import binds; None when it says, by its `as`, that it is meant for others."""
    full = dotted_name(alias.name)
    if alias.asname is None:
        return full
    name = dotted_name(alias.asname.name) if isinstance(alias.asname.name, cst.Name) else None
    return None if name == full else name


def _longer(one: Sequence[cst.EmptyLine], other: Sequence[cst.EmptyLine]) -> Sequence[cst.EmptyLine]:
    return one if len(one) >= len(other) else other


def _joined(
    above: Sequence[cst.EmptyLine], below: Sequence[cst.EmptyLine], *, is_first: bool
) -> Sequence[cst.EmptyLine]:
    """The empty lines and comments before the statement that comes after one that is gone."""
    plain = [not line.comment and "\f" not in line.whitespace.value for line in below]
    blank = plain.index(False) if False in plain else len(plain)
    return below[blank:] if is_first else (*_longer(above, below[:blank]), *below[blank:])
