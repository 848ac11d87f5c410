"""Statements of Python that may change what a name means without naming it as a target.

The search is coarse: a statement at the top of the file counts as a whole. It can only make a digest depend on more.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

_ANY_NAME = ""
_RUNS_TEXT = frozenset({"exec", "eval", "globals", "vars", "locals", "__import__"})
_INTERNALS = frozenset({"__code__", "__dict__", "__setattr__", "__globals__", "__defaults__", "modules"})


def indirect_changes(tree: ast.Module, name: str) -> Sequence[ast.stmt]:
    """The statements at the top of the file that may rebind the dotted `name`, in the order of the file.

    They contain `:=`, `except ... as`, a captured pattern or a second name for it, or define it anew where it is
    `global`; or `import *`, code that is text, or internals of Python, which can change any name.
    """
    first, _, attribute = name.partition(".")
    return [
        stmt
        for stmt, names, second_names in _bindings(tree)
        if first in names or _ANY_NAME in names or (attribute and first in second_names)
    ]


@lru_cache(maxsize=32)
def _bindings(tree: ast.Module) -> Sequence[tuple[ast.stmt, frozenset[str], frozenset[str]]]:
    """For each statement that binds names indirectly: these names, and those that get a second name."""
    found = []
    for stmt in tree.body:
        names, second_names = set[str](), set[str]()
        declared, defined = set[str](), set[str]()
        for node in ast.walk(stmt):
            names.update(_bound(node))
            match node:
                case ast.Global():
                    declared.update(node.names)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    defined.add(name)
                case ast.alias():
                    defined.add(node.asname or node.name.partition(".")[0])
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
                second_names.add(node.value.id)
        names |= declared & defined
        if names or second_names:
            found.append((stmt, frozenset(names), frozenset(second_names)))
    return found


def _bound(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.NamedExpr(target=ast.Name(id=name)) | ast.MatchMapping(rest=str() as name):
            yield name
        case (
            ast.ExceptHandler(name=str() as name) | ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name)
        ):
            yield name
        case ast.ImportFrom() if any(alias.name == "*" for alias in node.names):
            yield _ANY_NAME
        case ast.Name(id=name) if name in _RUNS_TEXT:
            yield _ANY_NAME
        case ast.Attribute(attr=name) if name in _INTERNALS:
            yield _ANY_NAME
        case ast.comprehension(target=ast.Attribute() | ast.Subscript()):
            yield _ANY_NAME
