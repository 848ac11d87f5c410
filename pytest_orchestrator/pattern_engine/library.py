"""The learning library: patterns found by folder, stock LibCST commands by dotted name. No pattern's code is run."""

from __future__ import annotations

import hashlib
import importlib.metadata
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.pattern_engine.order import check_order
from pytest_orchestrator.pattern_engine.pattern import METADATA_FILE, Pattern, read_pattern
from pytest_orchestrator.pattern_engine.stock import stock_trigger

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Library:
    """Patterns by id, sorted; where two folders hold the same id, the folder named first won."""

    patterns: tuple[Pattern, ...]

    def get(self, name: str) -> Pattern:
        """The pattern with this id, or the stock LibCST command with this dotted name (`package.module.ClassName`).

        Raises:
            PatternError: there is none; with the nearest id.
        """
        for pattern in self.patterns:
            if pattern.id == name:
                return pattern
        if "." in name:
            return _stock_command(name)
        known = [pattern.id for pattern in self.patterns]
        raise PatternError(
            f"there is no pattern {name!r}: {did_you_mean(name, known)}",
            fix="list them: pytest-orchestrator patterns list",
        )


def library_folders(root: Path, extra: Iterable[Path] = ()) -> tuple[Path, ...]:
    """The folders that hold patterns, first one wins: the project's own, those of plugins, the shipped one."""
    shipped = _PACKAGE / "_library" / "patterns"
    if not shipped.is_dir():  # an editable checkout has its library beside the package
        shipped = _PACKAGE.parent / "patterns"
    found = [root / "patterns", *extra, shipped]
    return tuple(dict.fromkeys(folder.resolve() for folder in found if folder.is_dir()))


def load_library(folders: Sequence[Path]) -> Library:
    """All patterns in `folders`, where each sits in a folder of its own.

    Raises:
        InputError: a `pattern.yaml` is malformed.
        PatternError: one of `folders` is no folder, or patterns name others that are in none of them.
    """
    found: dict[str, Pattern] = {}
    for folder in folders:
        if not folder.is_dir():
            raise PatternError(f"the pattern folder {folder} does not exist")
        for metadata in sorted(folder.glob(f"*/{METADATA_FILE}")):
            if metadata.parent.name not in found:  # what is shadowed is not even read
                pattern = read_pattern(metadata.parent, shown=f"{folder.name}/{metadata.parent.name}/{METADATA_FILE}")
                found[pattern.id] = pattern
    check_order(found.values())
    return Library(patterns=tuple(found[id_] for id_ in sorted(found)))


def _stock_command(name: str) -> Pattern:
    module, _, class_name = name.rpartition(".")
    spec = find_module(module) if class_name.isidentifier() else None
    if spec is None or spec.origin is None or not Path(spec.origin).is_file():
        raise PatternError(
            f"there is no module {module!r} to load the LibCST command {class_name!r} from",
            fix="name it as package.module.ClassName, and install its package into this environment",
        )
    digest = hashlib.sha256(Path(spec.origin).read_bytes())
    digest.update(f"\0{class_name}\0libcst {importlib.metadata.version('libcst')}".encode())
    return Pattern(
        id=name,
        kind="codemod",
        title=class_name,
        description=f"The LibCST command {class_name} of the module {module}.",
        tags=(),
        safety="unsafe",  # nobody said otherwise
        minimum_python="3.0",
        entry=f"{module}:{class_name}",
        parameters={},
        trigger=stock_trigger(name),
        folder=None,
        digest=digest.hexdigest(),
    )


def find_module(name: str) -> ModuleSpec | None:
    """Where a module would be imported from. Unlike `importlib.util.find_spec`, its packages are not run for it."""
    path: Sequence[str] | None = None
    spec: ModuleSpec | None = None
    parts = name.split(".")
    for place in range(len(parts)):
        full_name = ".".join(parts[: place + 1])
        finders = (finder.find_spec for finder in sys.meta_path if hasattr(finder, "find_spec"))
        spec = next((found for find in finders if (found := find(full_name, path)) is not None), None)
        if spec is None:
            return None
        path = spec.submodule_search_locations
        if path is None and place < len(parts) - 1:
            return None
    return spec
