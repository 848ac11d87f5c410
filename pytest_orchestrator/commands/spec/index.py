"""`spec index`: writes the index of specs."""

from __future__ import annotations

from pytest_orchestrator.files import write_inside
from pytest_orchestrator.spec_guard.guard import check_ledgers
from pytest_orchestrator.spec_guard.ledgers.task_index import index_of, render_index
from pytest_orchestrator.spec_guard.project import Project


def write_index(project: Project) -> tuple[str, int, int]:
    """Write the index that agrees with the specs; its path, how many specs it lists, and how many cannot be read.

    Raises:
        InputError: the setting `index` leads out of the project.
        RunError: the file can't be written.
    """
    check_ledgers(project.root, project.settings)
    index = index_of(project.specs)
    path = project.settings.index
    write_inside(project.root, path, render_index(index).encode())
    return path, len(index.specs), len(project.specs) - len(index.specs)
