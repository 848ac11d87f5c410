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


def computed_changes(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """The dotted name of each object whose attributes a simple statement may change by a computed name, and how."""
    for stmt in ast.walk(tree):
        if isinstance(stmt, ast.stmt) and not hasattr(stmt, "body"):
            for node in ast.walk(stmt):
                owner = _computed(node)
                name = "" if owner is None else dotted_name(owner)
                if name:
                    yield name, stmt


def _computed(node: ast.AST) -> ast.expr | None:
    match node:
        case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[owner, attribute, *_]):
            return None if isinstance(attribute, ast.Constant) else owner
        case ast.Call(func=ast.Name(id="vars"), args=[owner]) | ast.Attribute(value=owner, attr="__dict__"):
            return owner
        case _:
            return None


def dotted_name(node: ast.expr) -> str:
    """The dotted name that an expression is; empty for other expressions."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


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
        module = ast.Module(body=[stmt], type_ignores=[])
        names |= {owner.partition(".")[0] for owner, _ in computed_changes(module)}
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
