"""`patterns build`: write the index of a project's own patterns, or report that it is stale."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.commands.patterns.list import project_library
from pytest_orchestrator.errors import InputError, UsageError
from pytest_orchestrator.files import write_atomic
from pytest_orchestrator.pattern_engine.library.index import build_index, index_files
from pytest_orchestrator.pattern_engine.library.library import Library
from pytest_orchestrator.pattern_engine.pattern import Pattern


@dataclass(frozen=True, kw_only=True)
class Built:
    """`stale` are the files that were out of date, relative to the project; `patterns` is the number of patterns."""

    patterns: int
    stale: tuple[str, ...]


def build(root: Path, *, write: bool) -> Built:
    """Bring `patterns/index.json` and the table in `patterns/README.md` up to date, or with `write=False` only look.

    Raises:
        UsageError: the project has no `patterns/`.
        InputError, PatternError: a pattern is malformed, or a file can't be written.
    """
    folder = root / "patterns"
    if not folder.is_dir():
        raise UsageError(f"{root} has no folder 'patterns'", fix="run this in the project that contains the patterns")
    # All patterns that the project can use, for its own may name others.
    own = [pattern for pattern in project_library(root).patterns if _is_in(pattern, folder)]
    index = build_index(Library(patterns=tuple(own)))
    wanted = index_files(folder, index)
    stale = {name: data for name, data in wanted.items() if _read(folder / name) != data}
    if write:
        for name, data in stale.items():
            try:
                write_atomic(folder / name, data)
            except OSError as error:
                raise InputError(f"can't be written: {error.strerror or error}", path=f"patterns/{name}") from error
    return Built(patterns=len(index.patterns), stale=tuple(f"patterns/{name}" for name in sorted(stale)))


def _is_in(pattern: Pattern, folder: Path) -> bool:
    return pattern.folder is not None and pattern.folder.parent == folder.resolve()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
