"""`patterns list` and `patterns show`: the patterns that a project can use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.commands.extensions import command_line_manager, pattern_folders
from pytest_orchestrator.pattern_engine.library.library import (
    Library,
    library_folders,
    load_library,
    named_folders,
    pattern_text,
)
from pytest_orchestrator.pattern_engine.pattern import Pattern

if TYPE_CHECKING:
    import pluggy


def project_library(
    root: Path, *, folders: Sequence[Path] = (), manager: pluggy.PluginManager | None = None
) -> Library:
    """The patterns of the project in `root`, of installed packages, and ours; those in `folders` alone, if given.

    Raises:
        InputError: a `pattern.yaml` is malformed.
        PatternError: one of `folders` does not exist.
    """
    if folders:
        return load_library(named_folders(folders))
    extra = pattern_folders(manager or command_line_manager())
    return load_library(library_folders(root, extra))


def summaries(patterns: Sequence[Pattern]) -> list[dict[str, Any]]:
    """The rows of a list of patterns, JSON-shaped."""
    keys = ("id", "kind", "safety", "minimum_python", "tags", "title")
    return [{key: encode(getattr(pattern, key)) for key in keys} for pattern in patterns]


def details(pattern: Pattern) -> dict[str, Any]:
    """A pattern's metadata and README, JSON-shaped."""
    described: dict[str, Any] = encode(pattern)
    described["folder"] = None if pattern.folder is None else str(pattern.folder)
    described["readme"] = pattern_text(pattern, "README.md")
    return described
