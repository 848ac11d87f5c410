"""The paths that pytest must collect so that the wanted scenarios are found."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pytest_orchestrator.evaluation.plan.scenario import FOLDER, SUFFIX


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What to collect."""

    arguments: tuple[str, ...]
    """For pytest."""
    shipped: Mapping[Path, tuple[str, ...]] = field(default_factory=dict)
    """Scenario files outside the project, each with the names of the wanted cases; empty means all cases."""


def select(  # noqa: PLR0913 - a selection depends on that much
    arguments: Sequence[str],
    *,
    named: Sequence[str],
    cwd: Path,
    root: Path,
    own: Sequence[Path],
    shipped: Sequence[Path],
    only: bool,
    approved: Collection[str] = (),
) -> Selection:
    """What to collect for `arguments`. `named` are those on the command line, `approved` those of the spec guard.

    Named scenarios are the only ones that run. When none is named, the project's `own` scenarios run, and the cases of
    its patterns; in a project without scenarios, the `shipped` ones. With `only`, all other arguments are dropped
    except `approved`.
    """
    named_shipped: dict[Path, tuple[str, ...]] = {}
    scenarios, others = [], []
    available = {root / FOLDER / path.name: path for path in shipped} if not own else {}
    for argument in arguments:
        file, _, case = argument.partition("::")
        path = Path(os.path.normpath(cwd / file))
        if argument in named and path in available and not path.exists():
            named_shipped[available[path]] = (*named_shipped.get(available[path], ()), *([case] if case else []))
        elif argument in named and (path.name.endswith(SUFFIX) or path == root / FOLDER):
            scenarios.append(argument)
        elif argument in approved or not only or (argument in named and not os.path.lexists(path)):
            # A path that does not exist stays, so that pytest reports it.
            others.append(argument)
    if scenarios or named_shipped:
        return Selection(arguments=(*others, *scenarios), shipped=named_shipped)
    found = [*own, *(() if only else sorted((root / "patterns").glob("*/pattern.yaml")))]
    # "./" keeps --pyargs from taking a file for a module.
    added = (os.path.join(".", os.path.relpath(path, cwd)) for path in found)  # noqa: PTH118
    return Selection(arguments=(*others, *added), shipped={} if own else dict.fromkeys(shipped, ()))
