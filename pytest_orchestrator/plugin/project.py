"""The project of a pytest run, the location of the run's record, and the items that no plugin of ours may drop."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_orchestrator.config import find_root
from pytest_orchestrator.runs.manifest import TASK_ID

KEEP_WITH_ONLY = pytest.StashKey[bool]()
"""Set on items that another feature's `--...-only` must keep: with `--spec-guard-only --evaluate-only` both run."""


@dataclass(frozen=True, kw_only=True)
class RecordLocation:
    """Where a run is recorded: below `runs_dir`, in the folder of its task."""

    runs_dir: Path
    task_id: str


def record_location(config: pytest.Config, root: Path, *, default_task: str) -> RecordLocation:
    """The values of `--run-dir` and `--task-id`. Raises `pytest.UsageError` when they are invalid."""
    option = config.option
    if not option.run_dir:
        raise pytest.UsageError("--run-dir is empty: name a folder")
    task_id: str = default_task if option.task_id is None else option.task_id
    if re.fullmatch(TASK_ID, task_id) is None:
        allowed = "letters, digits, '.', '_' and '-', with a letter or digit first"
        raise pytest.UsageError(f"--task-id: {task_id!r} is not a task id: use {allowed}")
    return RecordLocation(runs_dir=root / option.run_dir, task_id=task_id)


def project_root(rootpath: Path) -> Path:
    """The root of the project around pytest's root. Symbolic links in pytest's spelling of the path are kept."""
    root = find_root(rootpath)
    return next((folder for folder in (rootpath, *rootpath.parents) if folder.resolve() == root), root)
