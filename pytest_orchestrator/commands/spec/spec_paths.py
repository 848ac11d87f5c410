"""The specs that a command is about. A project without any is an error, not an empty answer."""

from __future__ import annotations

from pytest_orchestrator.errors import GitError, UsageError
from pytest_orchestrator.spec_guard.document.discovery import folder_names
from pytest_orchestrator.spec_guard.project import Project


def known_paths(project: Project) -> tuple[str, ...]:
    """The paths of the specs, sorted. Works without git, too.

    Raises:
        GitError: git fails, and no spec is found without it.
        InputError: the setting `paths` is wrong.
        UsageError: there is no spec.
    """
    try:
        return git_paths(project)
    except GitError:
        found = project.paths_without_git()
        if not found:
            raise
        return found


def git_paths(project: Project) -> tuple[str, ...]:
    """The paths of the specs that git does not ignore, sorted. Raises as `known_paths` does, whatever is found."""
    _ = project.tree  # without a folder of specs, `paths` would not ask git
    if not project.paths:
        raise UsageError(
            f"there is no spec in {', '.join(folder_names(project.settings))}, below {project.root}",
            fix="write one: pytest-orchestrator spec new; or set paths in [tool.pytest_orchestrator.spec_guard]",
        )
    return project.paths
