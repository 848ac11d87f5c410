"""Which option is missing where somebody names a spec, a scenario, or an item of theirs.

pytest says no more than that it found nothing; beside tests it says nothing at all.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from pytest_orchestrator.commands.spec.arguments import judged_day
from pytest_orchestrator.config import load_settings
from pytest_orchestrator.display import printable
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.plugin.project import project_root
from pytest_orchestrator.spec_guard.project import Project

_REPOSITORY = "spec-guard::"
_SCENARIO = ".scenario.yaml"


def missing_options(config: pytest.Config, collected: Collection[Path], *, found_nothing: bool) -> Iterator[str]:
    """A line for each argument of which pytest collected nothing, and which an option of ours would collect.

    `collected` are the files of the collected items; on xdist's controller there are none. `found_nothing` is whether
    pytest ended because it found nothing.
    """
    option = config.option
    guarded = option.spec_guard or option.spec_guard_only
    evaluated = option.evaluate or option.evaluate_only or option.update_expected
    if not collected and not found_nothing:
        return
    specs: Collection[Path] | None = None
    for name in dict.fromkeys(config.args):
        where = Path(os.path.normpath(config.invocation_params.dir / name.partition("::")[0]))
        if any(path == where or where in path.parents for path in collected):
            continue
        if name.startswith(_REPOSITORY) and not guarded:
            yield f"{printable(name)} is an item of the spec guard: add --spec-guard"
        elif where.name.endswith(_SCENARIO) and not evaluated:
            yield f"{printable(name)} is a scenario: add --evaluate"
        elif not guarded and where.suffix != ".py":
            specs = _specs(config) if specs is None else specs
            if where in specs:
                yield f"{printable(name)} is a spec: add --spec-guard"
            elif any(where in spec.parents for spec in specs):
                yield f"{printable(name)} holds specs: add --spec-guard"


def _specs(config: pytest.Config) -> Collection[Path]:
    root = project_root(config.rootpath)
    try:
        project = Project(root, settings=load_settings(root).spec_guard, today=judged_day(None, option="today"))
        return frozenset(root / path for path in project.available_paths)
    except OrchestratorError:  # settings that can't be read: this run doesn't need them
        return ()
