"""Imports in a module: those whose names a codemod no longer uses are removed, names are added to statements."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePath

import libcst as cst

from pytest_orchestrator.pattern_engine.worker.scope import dotted_name
from pytest_orchestrator.pattern_engine.worker.scopes import read_scopes

_PLAIN_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def remove_unused_imports(module: cst.Module, names: Collection[str], filename: str | None) -> cst.Module:
    """The module without the top-level imports that bind one of `names` where nothing in the module uses that name.

    `module` must be the whole file, `names` are plain names as the file binds them (`List`, not `typing.List`), and
    `filename` is `self.context.filename`. The very same module is returned when nothing changes. An import stays in
    doubtful cases: below an `if` or `try`, with a comment, in an `__init__.py` (whose imports are for other modules),
    and when a string or a type comment may contain the name.

        def leave_Module(self, original_node, updated_node):
            return remove_unused_imports(updated_node, ["List"], self.context.filename)
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


def add_imported_name(
    statement: cst.ImportFrom, name: str, *, beside: str, asname: str | None = None
) -> cst.ImportFrom:
    """The statement with `name` (`as asname`) among its names.

    The new name keeps the alphabetical order where the names have one; otherwise it stands next to `beside`. Commas and
    line breaks follow those of the other names.

        add_imported_name(statement, "cache", beside="lru_cache")  # from functools import cache, lru_cache

    Raises:
        ValueError: the statement is `from module import *`, or its names are not in alphabetical order and `beside` is
            not among them.
    """
    names = [] if isinstance(statement.names, cst.ImportStar) else list(statement.names)
    index = _index([alias.evaluated_name for alias in names], name, beside)
    separator = _separator(names, index)
    renamed = None if asname is None else cst.AsName(cst.Name(asname))
    new = cst.ImportAlias(name=cst.Name(name), asname=renamed, comma=separator)
    if index == len(names):  # the new last one ends as the last one did
        new = new.with_changes(comma=names[-1].comma)
        names[-1] = names[-1].with_changes(comma=separator)
    return statement.with_changes(names=[*names[:index], new, *names[index:]])


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
    """The names that the string may refer to: as a forward reference, in `__all__`, in a doctest."""
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
    """The name that an import binds; None for `import x as x`, which re-exports it."""
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
    """The empty lines and comments before the statement that follows a removed one."""
    plain = [not line.comment and "\f" not in line.whitespace.value for line in below]
    blank = plain.index(False) if False in plain else len(plain)
    return below[blank:] if is_first else (*_longer(above, below[:blank]), *below[blank:])


def _index(names: Sequence[str], name: str, beside: str) -> int:
    if len(names) > 1:
        for key in (str, str.casefold):
            if sorted(names, key=key) == list(names):
                return sum(key(other) < key(name) for other in names)
    return names.index(beside) + (beside < name)


def _separator(names: Sequence[cst.ImportAlias], index: int) -> cst.Comma:
    """The comma between the names at this position, without a comment of another name."""
    model = names[max(0, min(index, len(names) - 1) - 1)].comma if len(names) > 1 else _PLAIN_COMMA
    is_plain = isinstance(model, cst.Comma) and "#" not in cst.Module([]).code_for_node(model)
    return model.deep_clone() if isinstance(model, cst.Comma) and is_plain else _PLAIN_COMMA.deep_clone()
