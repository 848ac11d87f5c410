"""Which of pytest's arguments name specs, and what pytest has to collect so that it meets every spec once."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.plugin.spec.items import REPOSITORY


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What to collect."""

    arguments: tuple[str, ...]
    """For pytest."""
    repository: bool
    """Whether the rules of the repository are checked."""
    everything: bool
    """Whether every spec is checked, because none was named."""


def select(  # noqa: PLR0913 - the parts of a command line
    arguments: Sequence[str],
    *,
    named: Collection[str],
    cwd: Path,
    root: Path,
    folders: Sequence[str],
    only: bool,
) -> Selection:
    """What to collect for `arguments`; `named` are those that a person typed, the others come from the configuration.

    When specs are named, only those are checked. When none is, all are, whatever else is run. pytest itself drops a
    folder that is in another one.
    """
    asked_repository = REPOSITORY in named
    others = tuple(item for item in arguments if item != REPOSITORY)
    specs = tuple(item for item in others if item in named and _lies_in(item, cwd, root, folders))
    # Missing files stay, so that pytest reports them: a mistyped name must not mean "check everything".
    rest = tuple(item for item in others if item in named and not _exists(item, cwd)) if only else others
    if specs or asked_repository:
        return Selection(arguments=specs if only else others, repository=asked_repository, everything=False)
    # "./" keeps --pyargs from taking a folder for a module of that name.
    everything = tuple(os.path.join(".", os.path.relpath(root / folder, cwd)) for folder in folders)  # noqa: PTH118
    return Selection(arguments=(*rest, *everything), repository=True, everything=True)


def _exists(argument: str, cwd: Path) -> bool:
    return os.path.lexists(cwd / argument.partition("::")[0])


def _lies_in(argument: str, cwd: Path, root: Path, folders: Sequence[str]) -> bool:
    path = Path(os.path.normpath(cwd / argument.split("::", 1)[0]))
    return any(path == (top := root / folder) or top in path.parents for folder in folders)
