"""Importable modules and their classes, read from their source: nothing is imported and no code is run."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.machinery import ModuleSpec
from pathlib import Path

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import read_limited
from pytest_orchestrator.python_syntax import parse_quietly

_MAX_BYTES = 4 << 20
# The classes of these packages are known by name; reading them would take longer than everything else.
_WELL_KNOWN = frozenset({"libcst", "typing"})


@dataclass(frozen=True, kw_only=True)
class ModuleSource:
    """A module's source file. `package` is what its relative imports are relative to."""

    name: str
    package: str
    file: Path
    submodules: tuple[str, ...]
    """The dotted names of the modules directly in it, if it is a package; not of packages."""

    @cached_property
    def tree(self) -> ast.Module:
        """The module as Python's parser sees it; empty, if it can't."""
        empty = ast.Module(body=[], type_ignores=[])
        try:
            return parse_quietly(read_limited(self.file, max_bytes=_MAX_BYTES)) or empty
        except InputError:
            return empty

    @cached_property
    def bindings(self) -> Mapping[str, ast.ClassDef | str]:
        """The module's names: each is a class, or the dotted name that it is imported from or an alias of."""
        found: dict[str, ast.ClassDef | str] = {}
        for statement in _statements(self.tree.body):
            match statement:
                case ast.ClassDef(name=name):
                    found[name] = statement
                case ast.Import(names=names):
                    for alias in names:
                        found[alias.asname or alias.name.partition(".")[0]] = (
                            alias.name if alias.asname else alias.name.partition(".")[0]
                        )
                case ast.ImportFrom(names=names):
                    origin = self._origin(statement)
                    found.update({alias.asname or alias.name: f"{origin}.{alias.name}" for alias in names})
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if dotted := dotted_name(value):
                    found[name] = f"{self.name}.{dotted}"
        return found

    @cached_property
    def stars(self) -> tuple[str, ...]:
        """The modules that all names are imported from."""
        return tuple(
            self._origin(statement)
            for statement in _statements(self.tree.body)
            if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*"
        )

    def _origin(self, statement: ast.ImportFrom) -> str:
        if not statement.level:
            return statement.module or ""
        parts = self.package.split(".")
        base = ".".join(parts[: len(parts) - statement.level + 1])
        return f"{base}.{statement.module}" if statement.module else base


@dataclass(frozen=True, kw_only=True)
class ClassSource:
    """A class and the module that defines it."""

    module: ModuleSource
    definition: ast.ClassDef

    @property
    def name(self) -> str:
        """The class's dotted name."""
        return f"{self.module.name}.{self.definition.name}"


class Modules:
    """Finds modules and classes, and keeps them. Sources may change, so an instance is for one task."""

    def __init__(self) -> None:
        self._found: dict[str, ModuleSource | None] = {}

    def module(self, name: str) -> ModuleSource | None:
        """The module of this dotted name, if there is one that has a source file."""
        if name not in self._found:
            self._found[name] = _read(name)
        return self._found[name]

    def find(self, name: str, seen: frozenset[str] = frozenset()) -> ClassSource | str:
        """The class with this dotted name, followed through imports; if none is found, the last name on the way."""
        parts = name.split(".")
        if name in seen or parts[0] in _WELL_KNOWN:
            return name
        for end in range(len(parts) - 1, 0, -1):
            if module := self.module(".".join(parts[:end])):
                return self._find_in(module, parts[end:], seen | {name})
        return name

    def ancestry(self, start: ClassSource) -> tuple[tuple[ClassSource, ...], frozenset[str]]:
        """The class and its ancestors, and the names of those that were not found, such as `object`."""
        found: dict[str, ClassSource] = {}
        names: set[str] = set()
        todo = [start]
        while todo:
            current = todo.pop()
            if current.name in found:
                continue
            found[current.name] = current
            for base in current.definition.bases:
                dotted = dotted_name(base.value if isinstance(base, ast.Subscript) else base)
                ancestor = self._find_in(current.module, dotted.split("."), frozenset())
                if isinstance(ancestor, str):
                    names.add(ancestor)
                else:
                    todo.append(ancestor)
        return tuple(found.values()), frozenset(names)

    def _find_in(self, module: ModuleSource, parts: Sequence[str], seen: frozenset[str]) -> ClassSource | str:
        """The class that `a.b.c`, given in parts, names in the module."""
        bound = module.bindings.get(parts[0]) or self._through_stars(module, parts[0])
        if isinstance(bound, ast.ClassDef) and len(parts) == 1:
            return ClassSource(module=module, definition=bound)
        if not isinstance(bound, str):
            return ".".join(parts)
        return self.find(".".join([bound, *parts[1:]]), seen)

    def _through_stars(self, module: ModuleSource, name: str) -> str | None:
        origins = (self.module(origin) for origin in module.stars)
        return next((f"{origin.name}.{name}" for origin in origins if origin and name in origin.bindings), None)


def find_module(name: str) -> ModuleSpec | None:
    """The spec of a module. Unlike `importlib.util.find_spec`, this does not import its packages."""
    path: Sequence[str] | None = None
    spec: ModuleSpec | None = None
    parts = name.split(".")
    for index in range(len(parts)):
        full_name = ".".join(parts[: index + 1])
        finders = (finder.find_spec for finder in sys.meta_path if hasattr(finder, "find_spec"))
        spec = next((found for find in finders if (found := find(full_name, path)) is not None), None)
        if spec is None:
            return None
        path = spec.submodule_search_locations
        if path is None and index < len(parts) - 1:
            return None
    return spec


def installed_version(package: str) -> str:
    """The version of an installed package; empty when it is not there."""
    from importlib.metadata import PackageNotFoundError, version  # slow to import, and needed for dotted names only

    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def dotted_name(expression: ast.expr) -> str:
    """`a.b.c` as text; empty for anything but names and attributes."""
    match expression:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name) if inner := dotted_name(value):
            return f"{inner}.{name}"
    return ""


def _read(name: str) -> ModuleSource | None:
    spec = find_module(name) if all(part.isidentifier() for part in name.split(".")) else None
    if spec is None or spec.origin is None or not spec.origin.endswith(".py") or not Path(spec.origin).is_file():
        return None
    folders = spec.submodule_search_locations
    files = sorted(file for folder in folders or () for file in Path(folder).glob("*.py"))
    return ModuleSource(
        name=name,
        package=name if folders is not None else name.rpartition(".")[0],
        file=Path(spec.origin),
        submodules=tuple(f"{name}.{file.stem}" for file in files if file.stem != "__init__"),
    )


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, those in `if`, `try` and `with` too."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            inner = [*statement.body, *getattr(statement, "orelse", ()), *getattr(statement, "finalbody", ())]
            yield from _statements(
                [*inner, *(part for case in getattr(statement, "handlers", ()) for part in case.body)]
            )
