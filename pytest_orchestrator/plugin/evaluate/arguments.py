"""Which of pytest's arguments name scenarios, and what pytest has to collect so that none is missed."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pytest_orchestrator.evaluation.plan.scenario import FOLDER, SUFFIX


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What to collect."""

    arguments: tuple[str, ...]
    """For pytest."""
    shipped: Mapping[Path, tuple[str, ...]] = field(default_factory=dict)
    """Scenario files outside the project, each with the cases that were named; none named means all."""


def choose(  # noqa: PLR0913 - a choice depends on that much
    arguments: Sequence[str],
    *,
    named: Sequence[str],
    cwd: Path,
    root: Path,
    own: Sequence[Path],
    shipped: Sequence[Path],
    only: bool,
    approved: Collection[str] = (),
) -> Chosen:
    """What to collect for `arguments`, of which `named` are those that a person typed.

    Scenarios that are named are the only ones that are run. When none is, the project's `own` ones are, or when it
    has none the `shipped` ones, and the cases of the project's patterns with them. With `only`, nothing stays
    but scenarios and what another of our features has `approved`.
    """
    theirs: dict[Path, tuple[str, ...]] = {}
    mine, rest = [], []
    offered = {root / FOLDER / path.name: path for path in shipped} if not own else {}
    for argument in arguments:
        place, _, case = argument.partition("::")
        path = Path(os.path.normpath(cwd / place))
        if argument in named and path in offered and not path.exists():
            theirs[offered[path]] = (*theirs.get(offered[path], ()), *([case] if case else []))
        elif argument in named and (path.name.endswith(SUFFIX) or path == root / FOLDER):
            mine.append(argument)
        elif argument in approved or not only or (argument in named and not os.path.lexists(path)):
            # What is not there stays, so that pytest says so.
            rest.append(argument)
    if mine or theirs:
        return Chosen(arguments=(*rest, *mine), shipped=theirs)
    found = [*own, *(() if only else sorted((root / "patterns").glob("*/pattern.yaml")))]
    # "./" keeps --pyargs from taking a file for a module.
    added = (os.path.join(".", os.path.relpath(path, cwd)) for path in found)  # noqa: PTH118
    return Chosen(arguments=(*rest, *added), shipped={} if own else dict.fromkeys(shipped, ()))
