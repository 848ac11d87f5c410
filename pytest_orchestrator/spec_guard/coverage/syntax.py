"""Digests of Python source that stay the same when the source is only reformatted.

Comments, blank lines, quotes, parentheses, line breaks, the order of imports and docstrings don't count; everything
that runs does. Docstrings of a file that reads `__doc__` run. Digests are stored in repositories, so they must not
depend on the version of Python: the tree is written out here, without empty fields and without fields that only one
version has (`ast.dump` changes between versions).
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import groupby

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.python_syntax import parse_quietly
from pytest_orchestrator.spec_guard.coverage.indirect import indirect_changes

# PEP 723, and the directives of Cython's pure mode. The first line names an interpreter, with its line end.
_READ_COMMENT = re.compile(
    rb"\A#![^\n]*\n?|^# /// [A-Za-z0-9-]+[ \t]*\r?$(?:\n^#(?: .*)?$)+|^#[ \t]*(?:cython|distutils)[ \t]*:.*$",
    re.MULTILINE,
)
# Fields that don't change what runs: the prefix of a string, and comments for type checkers.
_IGNORED = frozenset({"kind", "type_comment", "type_ignores", "ctx"})
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = (ast.If, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.For, ast.AsyncFor, ast.While)
_PARTS = (ast.ExceptHandler, ast.match_case)
# Programs that read docstrings or source by other means than `__doc__`.
_READS_DOCSTRINGS = re.compile(rb"__doc__|getdoc|getsource|doctest|\byacc\b")
_LENGTH = 32


def text_digest(text: str) -> str:
    """The digest of the words of a text, whatever the white space."""
    return "text:" + hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


parse_python = lru_cache(maxsize=32)(parse_quietly)


def module_digest(tree: ast.Module, data: bytes, *, docstrings: bool = False) -> str:
    """The digest of a file's syntax tree, and of the comments that programs read: `#!`, `# /// script`, Cython's.

    Docstrings count if `docstrings` is true, or if the file reads them.
    """
    read = [found[0] for found in _READ_COMMENT.finditer(data)]
    words = _spell(tree, docstrings=docstrings or reads_docstrings(data))
    return _digest(words, *(comment.decode("utf-8", "surrogateescape") for comment in read))


def reads_docstrings(data: bytes) -> bool:
    """Whether the source in `data` may read docstrings, so that they are code."""
    return _READS_DOCSTRINGS.search(data) is not None


def find_symbol(tree: ast.Module, name: str) -> tuple[ast.stmt, ...]:
    """All statements that define the dotted `name`, assign to it or delete it, wherever they are in the file.

    It can have overloads, and branches for several platforms. An import defines the names that it binds.
    """
    found = _definitions(tree, name)
    outside = rebindings(tree).get(name.partition(".")[0], ())
    if not found and all(target != name for target, _ in outside):
        return ()
    concerned = (
        stmt for target, stmt in outside if f"{target}.".startswith(f"{name}.") or f"{name}.".startswith(f"{target}.")
    )
    stated = (*found, *(stmt for stmt in concerned if stmt not in found))
    return (*stated, *(stmt for stmt in indirect_changes(tree, name) if stmt not in stated))


def statement_lines(statement: ast.stmt) -> range:
    """The lines of a statement, counted from 1, with its decorators."""
    decorators = getattr(statement, "decorator_list", ())
    first = min((item.lineno for item in decorators), default=statement.lineno)
    return range(first, (statement.end_lineno or statement.lineno) + 1)


def defines_symbol(tree: ast.Module, name: str) -> bool:
    """Whether `find_symbol` finds something."""
    return bool(_definitions(tree, name)) or bool(find_symbol(tree, name))


def symbol_digest(nodes: tuple[ast.stmt, ...], *, docstrings: bool = False) -> str:
    """The digest of the statements that define a name."""
    return _digest(_spell(ast.Module(body=list(nodes), type_ignores=[]), docstrings=docstrings))


def suggest_symbol(tree: ast.Module, name: str) -> str:
    """A hint which defined name was meant."""
    return did_you_mean(name, tuple(_dotted_names(tree, "")))


def _definitions(tree: ast.Module, name: str) -> tuple[ast.stmt, ...]:
    bodies: list[ast.AST] = [tree]
    found: tuple[ast.stmt, ...] = ()
    for part in name.split("."):
        found = tuple(stmt for body in bodies for stmt in _statements(body) if part in _defined(stmt))
        bodies = [stmt for stmt in found if isinstance(stmt, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)]
    return found


def _dotted_names(node: ast.AST, prefix: str) -> Iterator[str]:
    for stmt in _statements(node):
        for defined in sorted(_defined(stmt)):
            yield prefix + defined
        if isinstance(stmt, ast.ClassDef):
            yield from _dotted_names(stmt, f"{prefix}{stmt.name}.")


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements of a body, those inside of `if`, `try`, `with` and loops too."""
    waiting: list[ast.AST] = list(reversed(getattr(node, "body", [])))
    while waiting:
        stmt = waiting.pop()
        if isinstance(stmt, ast.stmt):
            yield stmt
        if isinstance(stmt, (*_BLOCKS, *_PARTS, ast.Match)):
            for field in ("finalbody", "orelse", "handlers", "cases", "body"):
                waiting.extend(reversed(getattr(stmt, field, [])))


def _defined(stmt: ast.stmt) -> frozenset[str]:
    match stmt:
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            return frozenset({stmt.name})
        case ast.Import():
            return frozenset(alias.asname or alias.name.partition(".")[0] for alias in stmt.names)
        case ast.ImportFrom():
            return frozenset(alias.asname or alias.name for alias in stmt.names)
        case _ if isinstance(getattr(stmt, "name", None), ast.Name):  # `type X = ...`, from Python 3.12 on
            return frozenset({stmt.name.id})  # type: ignore[attr-defined]  # ast.TypeAlias, unknown to 3.11
        case ast.Assign() | ast.AnnAssign() | ast.For():
            return frozenset(target for target in _targets(stmt) if "." not in target)
        case _:
            return frozenset()


@lru_cache(maxsize=32)
def rebindings(tree: ast.Module) -> Mapping[str, Sequence[tuple[str, ast.stmt]]]:
    """The statements that change a name from outside of its definition, with the dotted name, by its first part.

    `Class.name = ...`, `Name += ...`, `del Name`, `setattr(Class, "name", ...)`, at any depth; of plain names those of
    the module, which a function declares `global`.
    """
    found: dict[str, list[tuple[str, ast.stmt]]] = {}
    waiting: list[tuple[ast.AST, bool, frozenset[str]]] = [(tree, True, frozenset())]
    while waiting:
        node, of_module, declared = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            of_module = False
            declared = frozenset(
                name for stmt in _statements(node) if isinstance(stmt, ast.Global) for name in stmt.names
            )
        elif isinstance(node, ast.ClassDef):
            of_module = False
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
                continue
            waiting.append((child, of_module, declared))
            if not isinstance(child, ast.stmt):
                continue
            for target in _targets(child):
                first = target.partition(".")[0]
                if "." in target or first in declared or of_module:
                    found.setdefault(first, []).append((target, child))
    return {first: sorted(each, key=lambda item: item[1].lineno) for first, each in found.items()}


def _targets(stmt: ast.stmt) -> Iterator[str]:
    """The dotted names that a statement assigns or deletes."""
    match stmt:
        case ast.Assign() | ast.Delete():
            waiting: list[ast.expr] = list(stmt.targets)
        case ast.AnnAssign() | ast.AugAssign() | ast.For() | ast.AsyncFor():
            waiting = [stmt.target]
        case ast.With() | ast.AsyncWith():
            waiting = [item.optional_vars for item in stmt.items if item.optional_vars is not None]
        case ast.Expr(
            value=ast.Call(
                func=ast.Name(id="setattr" | "delattr"), args=[owner, ast.Constant(value=str() as attribute), *_]
            )
        ):
            waiting = [ast.Attribute(value=owner, attr=attribute)]
        case _:
            return
    while waiting:
        target = waiting.pop()
        match target:
            case ast.Tuple() | ast.List():
                waiting += target.elts
            case ast.Starred() | ast.Subscript():
                waiting.append(target.value)
            case _:
                dotted = _dotted(target)
                if dotted:
                    yield dotted


def _dotted(node: ast.expr) -> str:
    """The dotted name that an expression is; empty for other expressions."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _digest(*words: Iterator[str] | str) -> str:
    text = "\0".join([word for each in words for word in ([each] if isinstance(each, str) else [*each, ""])])
    return "python:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def _spell(root: ast.AST, *, docstrings: bool) -> Iterator[str]:
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
                if field == "body" and isinstance(item, (*_DOCUMENTED, ast.If)):
                    value = _ordered(value if docstrings or isinstance(item, ast.If) else _undocumented(value))
                elif field == "values" and isinstance(item, ast.JoinedStr):
                    value = _joined(item.values)
                elif field == "value" and isinstance(item, ast.Constant):
                    value = f"{type(value).__name__} {_constant(value)}"
                waiting += (value, field)
        elif isinstance(item, list):
            waiting.append("]")
            waiting += reversed(item)
            waiting.append("[")
        else:
            yield repr(item)


def _constant(value: object) -> str:
    # Python refuses to write very large integers in decimal.
    return hex(value) if type(value) is int and value.bit_length() > 10_000 else repr(value)


def _ordered(body: list[ast.stmt]) -> list[ast.stmt | str]:
    """A body in which the names that adjacent imports bind are one word each, sorted.

    Where two of them bind one name to different things, the order of the imports counts.
    """
    ordered: list[ast.stmt | str] = []
    for imports, statements in groupby(body, lambda stmt: isinstance(stmt, ast.Import | ast.ImportFrom)):
        group = list(statements)
        bound = [item for stmt in group for item in _imported(stmt)] if imports else []
        sources = dict({(name, source) for name, source, _ in bound})
        distinct = "*" not in sources and len(sources) == len({(name, source) for name, source, _ in bound})
        ordered += sorted({spelled for _, _, spelled in bound}) if imports and distinct else group
    return ordered


def _imported(stmt: ast.stmt) -> Iterator[tuple[str, str, str]]:
    """Each name that an import binds, what it is bound to, and the import of it alone."""
    match stmt:
        case ast.Import():
            for alias in stmt.names:
                # `import a.b` binds `a`, as `import a.c` does.
                name = alias.asname or alias.name.partition(".")[0]
                yield name, alias.name if alias.asname else name, f"import {alias.name} as {alias.asname or ''}"
        case ast.ImportFrom():
            for alias in stmt.names:
                name, source = alias.asname or alias.name, f"{'.' * stmt.level}{stmt.module or ''} {alias.name}"
                yield name, source, f"from {source} as {name}"


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
