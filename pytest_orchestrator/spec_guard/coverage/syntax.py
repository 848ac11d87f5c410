"""Digests of Python source that stay the same when the source is only reformatted.

Comments, blank lines, quotes, parentheses, line breaks and docstrings don't count; everything that runs does. Digests
are stored in repositories, so they must not depend on the version of Python: the tree is written out here, without
empty fields and without fields that only one version has (`ast.dump` changes between versions).
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cache, lru_cache

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.python_syntax import parse_quietly

# Fields that don't change what runs: the prefix of a string, and comments for type checkers.
_IGNORED = frozenset({"kind", "type_comment", "type_ignores", "ctx"})
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_LENGTH = 32


def text_digest(text: str) -> str:
    """The digest of the words of a text, whatever the white space."""
    return "text:" + hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def file_digest(data: bytes, path: str) -> str:
    """The digest of a file: of its syntax tree for Python, of its words for other text, else of its bytes."""
    if path.endswith((".py", ".pyi")):
        tree = parse_python(data)
        if tree is not None:
            return node_digest(tree)
    if b"\0" in data:
        return "bytes:" + hashlib.sha256(data).hexdigest()[:_LENGTH]
    return text_digest(data.decode("utf-8", "surrogateescape"))


parse_python = lru_cache(maxsize=32)(parse_quietly)


def node_digest(node: ast.AST) -> str:
    """The digest of a syntax tree."""
    words = "\0".join([*_spell(node), ""])
    return "python:" + hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def find_symbol(tree: ast.Module, name: str) -> tuple[ast.stmt, ...]:
    """All statements that define the dotted `name`: it can have overloads, and branches for several platforms."""
    bodies: list[ast.AST] = [tree]
    found: tuple[ast.stmt, ...] = ()
    for part in name.split("."):
        found = tuple(stmt for body in bodies for stmt in _statements(body) if part in _defined(stmt))
        bodies = [stmt for stmt in found if isinstance(stmt, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)]
    return found


def symbol_digest(nodes: tuple[ast.stmt, ...]) -> str:
    """The digest of the statements that define a name."""
    return node_digest(ast.Module(body=list(nodes), type_ignores=[]))


def suggest_symbol(tree: ast.Module, name: str) -> str:
    """A hint which defined name was meant."""
    return did_you_mean(name, tuple(_dotted_names(tree, "")))


def _dotted_names(node: ast.AST, prefix: str) -> Iterator[str]:
    for stmt in _statements(node):
        for defined in sorted(_defined(stmt)):
            yield prefix + defined
        if isinstance(stmt, ast.ClassDef):
            yield from _dotted_names(stmt, f"{prefix}{stmt.name}.")


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements of a body, those inside of `if`, `try` and `with` too."""
    waiting: list[ast.AST] = list(reversed(getattr(node, "body", [])))
    while waiting:
        stmt = waiting.pop()
        if isinstance(stmt, ast.stmt):
            yield stmt
        if isinstance(stmt, ast.If | ast.Try | ast.TryStar | ast.With | ast.ExceptHandler):
            for field in ("finalbody", "orelse", "handlers", "body"):
                waiting.extend(reversed(getattr(stmt, field, [])))


def _defined(stmt: ast.stmt) -> frozenset[str]:
    match stmt:
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            return frozenset({stmt.name})
        case ast.Assign():
            return frozenset(target.id for target in stmt.targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            return frozenset({name})
        case _ if isinstance(getattr(stmt, "name", None), ast.Name):  # `type X = ...`, from Python 3.12 on
            return frozenset({stmt.name.id})  # type: ignore[attr-defined]  # ast.TypeAlias, unknown to 3.11
        case _:
            return frozenset()


def _spell(root: ast.AST) -> Iterator[str]:
    """The tree as a sequence of words, without recursion: source can nest deeper than Python's stack."""
    waiting: list[object] = [root]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, ast.AST):
            yield type(item).__name__
            waiting.append(")")
            for field in _counted(item._fields):
                value = getattr(item, field, None)
                if value is None or value == []:
                    continue
                if field == "body" and isinstance(item, _DOCUMENTED):
                    value = _undocumented(value)
                elif field == "values" and isinstance(item, ast.JoinedStr):
                    value = _joined(item.values)
                elif field == "value" and isinstance(item, ast.Constant):
                    value = f"{type(value).__name__} {value!r}"
                waiting += (value, field)
        elif isinstance(item, list):
            waiting.append("]")
            waiting += reversed(item)
            waiting.append("[")
        else:
            yield repr(item)


@cache
def _counted(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(field for field in reversed(fields) if field not in _IGNORED)


def _joined(parts: list[ast.expr]) -> list[ast.expr]:
    """The parts of an f-string with adjacent texts joined; versions of Python split them differently."""
    merged: list[ast.expr] = []
    text = ""
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            text += part.value
            continue
        merged += [ast.Constant(value=text), part] if text else [part]
        text = ""
    return [*merged, ast.Constant(value=text)] if text else merged


def _undocumented(body: list[ast.stmt]) -> list[ast.stmt]:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            # A body with only a docstring does the same as `pass`.
            return rest or [ast.Pass()]
        case _:
            return body
