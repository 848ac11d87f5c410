"""Python files that refer to a definition in another file: imports that export it again, and assignments to it."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping

from pytest_orchestrator.spec_guard.coverage.anchors import Anchor
from pytest_orchestrator.spec_guard.coverage.indirect import computed_changes
from pytest_orchestrator.spec_guard.coverage.syntax import parse_python, rebindings, symbol_digest

_TEST = re.compile(r"(?:.*/)?(?:tests?/.*|test_[^/]*|[^/]*_test\.py|conftest\.py)")
_MAX_STEPS = 8
ANY_ATTRIBUTE = "*"
"""Stands in a dotted name for an attribute whose name is computed."""


def origins(anchor: Anchor, *, read: Callable[[str], bytes | None]) -> tuple[str, ...]:
    """The anchors of what a definition is imported from, where the file of `anchor` only imports it."""
    found: dict[str, None] = {}
    waiting = [(anchor.glob, anchor.symbol)]
    while waiting and len(found) < _MAX_STEPS:
        path, symbol = waiting.pop()
        first, _, rest = symbol.partition(".")
        for name, module, original in _imports(read(path), path):
            if name == first:
                part = f"{original}.{rest}" if rest else original
                where = next((each for each in _files(module, path) if read(each) is not None), None)
                if where is not None and f"{where}::{part}" not in found:
                    found[f"{where}::{part}"] = None
                    waiting.append((where, part))
    return tuple(found)


def references(data: bytes, path: str) -> Mapping[str, frozenset[str]]:
    """What a file assigns in other modules, deletes there or exports from them again, and how, by dotted name.
    A computed name is `*`.

    Tests change modules for themselves only, so nothing in them counts.
    """
    tree = None if _TEST.fullmatch(path) else parse_python(data)
    if tree is None:
        return {}
    found: dict[str, set[str]] = {}
    bound = {name: f"{module}.{original}".strip(".") for name, module, original in _imports(data, path)}
    for owner, call in computed_changes(tree):
        first, dot, rest = owner.partition(".")
        if first in bound:
            found.setdefault(f"{bound[first]}{dot}{rest}.{ANY_ATTRIBUTE}", set()).add(symbol_digest((call,)))
    for name, statements in rebindings(tree).items():
        for target, stmt in statements if name in bound else ():
            dotted = bound[name] + target[len(name) :]
            found.setdefault(dotted, set()).add(symbol_digest((stmt,)))
    if posixpath.basename(path) == "__init__.py":
        for name, dotted in bound.items():
            found.setdefault(dotted, set()).add(f"as {name}")
    return {dotted: frozenset(ways) for dotted, ways in found.items()}


def refers_to(dotted: str, anchor: Anchor) -> bool:
    """Whether a dotted name, from its package on, is the definition of an anchor or inside of it."""
    parts = re.sub(r"(?:/__init__)?\.pyi?\Z", "", anchor.glob).split("/")
    symbol = anchor.symbol.split(".")
    words = dotted.split(".")
    for start in range(len(parts)):
        module = parts[start:]
        if words[-1] == ANY_ATTRIBUTE:
            owner = words[len(module) : -1]
            if words[: len(module)] == module and symbol[: len(owner)] == owner:
                return True
            continue
        # A package may export the definition again, so that inner modules are left out.
        for length in range(1, len(module) + 1):
            if words[:length] == module[:length] and words[length : length + len(symbol)] == symbol:
                return True
    return False


def _imports(data: bytes | None, path: str) -> Iterator[tuple[str, str, str]]:
    """Each name that a file imports, the module that it is from, and its name there; empty for a module itself."""
    tree = parse_python(data or b"")
    for stmt in ast.walk(tree) if tree is not None else ():
        if isinstance(stmt, ast.Import):
            for alias in stmt.names:
                package = alias.name.partition(".")[0]
                yield (alias.asname, alias.name, "") if alias.asname else (package, package, "")
        elif isinstance(stmt, ast.ImportFrom):
            folder = path.split("/")[: -stmt.level] if stmt.level else []
            module = ".".join([*folder, *filter(None, [stmt.module])])
            for alias in stmt.names:
                yield alias.asname or alias.name, module, alias.name


def _files(module: str, path: str) -> Iterator[str]:
    """Where a module can be: below one of the folders that the importing file is in."""
    name = module.replace(".", "/")
    folders = path.split("/")[:-1]
    for end in range(len(folders) + 1):
        for suffix in (".py", "/__init__.py"):
            yield posixpath.join(*folders[:end], name + suffix) if folders[:end] else name + suffix
