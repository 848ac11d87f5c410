"""The learning library: patterns found by folder, or by dotted name. No pattern's code is run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.files import read_text, shipped_path
from pytest_orchestrator.pattern_engine.foreign.dotted_name import named_pattern, named_patterns
from pytest_orchestrator.pattern_engine.foreign.modules import find_module
from pytest_orchestrator.pattern_engine.library.order import check_order
from pytest_orchestrator.pattern_engine.pattern import METADATA_FILE, Pattern, read_pattern

WELL_KNOWN = frozenset({"libcst", "fixit"})
"""The packages whose patterns are run as those that are shipped."""


@dataclass(frozen=True, kw_only=True)
class Library:
    """Patterns by id, sorted; where two folders hold the same id, the folder named first won."""

    patterns: tuple[Pattern, ...]

    def get(self, name: str) -> Pattern:
        """The pattern with this id, or the LibCST command or Fixit rule with this dotted name.

        Raises:
            PatternError: there is none; with the nearest id.
        """
        for pattern in self.patterns:
            if pattern.id == name:
                return pattern
        if "." in name:
            return named_pattern(name)
        raise self._unknown(name)

    def problem_with(self, name: str) -> str:
        """Why no pattern of this name can be run; empty if one can, or if it is of Fixit, which is not installed."""
        if name.startswith("fixit.") and find_module("fixit") is None:
            return ""
        try:
            pattern = self.get(name)
        except PatternError as error:
            return error.message
        return f"{name} is a template, and templates are not run" if pattern.kind == "template" else ""

    def find(self, name: str) -> tuple[Pattern, ...]:
        """The pattern that `get` returns, or all Fixit rules in the module or package with this dotted name.

        Raises:
            PatternError: there is none.
        """
        if all(pattern.id != name for pattern in self.patterns) and ("." in name or find_module(name) is not None):
            return named_patterns(name)
        return (self.get(name),)

    def _unknown(self, name: str) -> PatternError:
        known = [pattern.id for pattern in self.patterns]
        return PatternError(
            f"there is no pattern {name!r}: {did_you_mean(name, known)}",
            fix="list them: pytest-orchestrator patterns list",
        )


def library_folders(root: Path, extra: Iterable[Path] = ()) -> tuple[Path, ...]:
    """The folders of patterns: the project's own, those of plugins, the shipped one. The first one wins."""
    found = [root / "patterns", *extra, shipped_folder()]
    return tuple(dict.fromkeys(folder.resolve() for folder in found if folder.is_dir()))


def named_folders(names: Iterable[Path]) -> tuple[Path, ...]:
    """The folders that a user names in place of the default ones; `shipped` stands for the shipped one."""
    return tuple(shipped_folder() if name == Path("shipped") else name for name in names)


@cache
def shipped_folder() -> Path:
    """The folder of the patterns that come with this package."""
    return shipped_path("patterns")


def origin_of(pattern: Pattern) -> str:
    """Where the pattern's code comes from: the folder of its library, or the package that its dotted name begins with.

    Empty for the code that is shipped, and for that of LibCST and Fixit.
    """
    if pattern.folder is None:
        package = pattern.entry.partition(".")[0]
        return "" if package in WELL_KNOWN else package
    return "" if pattern.folder.parent == shipped_folder() else str(pattern.folder.parent)


def load_library(folders: Sequence[Path]) -> Library:
    """All patterns in `folders`, where each sits in a folder of its own.

    Raises:
        InputError: a `pattern.yaml` is malformed.
        PatternError: one of `folders` does not exist, or a pattern names another one that is in none of them.
    """
    found: dict[str, Pattern] = {}
    for folder in folders:
        if not folder.is_dir():
            raise PatternError(f"the pattern folder {folder} does not exist")
        metadata_files = (home / METADATA_FILE for home in folder.iterdir())
        for metadata in sorted(path for path in metadata_files if os.path.lexists(path)):  # a broken link is an error
            if metadata.parent.name not in found:  # a shadowed pattern is not read
                pattern = read_pattern(
                    metadata.parent, display_path=f"{folder.name}/{metadata.parent.name}/{METADATA_FILE}"
                )
                found[pattern.id] = pattern
    check_order(found.values())
    return Library(patterns=tuple(found[id_] for id_ in sorted(found)))


def pattern_text(pattern: Pattern, file: str) -> str:
    """The text of a file in the pattern's folder; empty when there is no such file.

    Raises:
        InputError: the file is not UTF-8, or larger than 1 MiB.
    """
    if pattern.folder is None or not (pattern.folder / file).is_file():
        return ""
    display_path = f"{pattern.id}/{file}"
    return read_text(pattern.folder / file, max_bytes=1 << 20, display_path=display_path)
