"""The project around the current folder, as the commands about specs take it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pytest_orchestrator.spec_guard.project import Project

today_option = click.option("--today", metavar="DATE", help="The day to judge by, as YYYY-MM-DD. Default: today.")

owner_option = click.option("--owner", metavar="NAME", help="Only the specs of this owner.")


def current_project(today: str | None = None, *, base: str | None = None, judges: bool = True) -> Project:
    """The project around the current folder, judged on the day `today`; without rules.

    A command that doesn't judge a change (`judges=False`) needs no base: the present settings count.

    Raises:
        InputError: `pyproject.toml` is invalid.
        UsageError: `today` is not a date.
    """
    from pytest_orchestrator.commands.spec.arguments import judged_day
    from pytest_orchestrator.config import find_root, load_settings
    from pytest_orchestrator.spec_guard.project import Project

    root = find_root(Path.cwd())
    settings = load_settings(root).spec_guard
    return Project(
        root, settings=settings, today=judged_day(today, option="--today"), base=base, trusts_settings=not judges
    )


def project_paths(project: Project, paths: tuple[Path, ...]) -> tuple[str, ...]:
    """Paths that were given in the current folder, relative to the project. Raises `UsageError` for one outside."""
    from pytest_orchestrator.commands.spec.arguments import relative_paths

    return relative_paths(paths, root=project.root, cwd=Path.cwd())
