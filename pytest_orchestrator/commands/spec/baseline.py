"""`spec baseline`: records what is wrong in the specs today, and removes from the record what was corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pytest_orchestrator.commands.spec.check import check_specs
from pytest_orchestrator.errors import UsageError
from pytest_orchestrator.files import write_inside
from pytest_orchestrator.spec_guard.ledgers.baseline import BaselineEntry, BaselineFile, render_baseline
from pytest_orchestrator.spec_guard.ledgers.loading import read_baseline
from pytest_orchestrator.spec_guard.project import Project


@dataclass(frozen=True, kw_only=True)
class BaselineUpdate:
    """What became of a baseline."""

    entries: tuple[BaselineEntry, ...]
    """What it holds now."""
    removed: int = 0
    """How many entries were removed, because their finding is gone or what it depends on changed."""
    added: int = 0
    left: int = 0
    """How many findings it doesn't hold."""


def find_baseline(project: Project) -> BaselineUpdate:
    """A first baseline: the violations in what the present change leaves alone. Nothing is written.

    Raises:
        GitError, InputError: the project can't be checked.
    """
    found, left = _judged(project)
    # It would not hold for what the change touches.
    entries = tuple(entry for entry in found if not project.is_touched(entry.path))
    return BaselineUpdate(entries=entries, added=len(entries), left=left + len(found) - len(entries))


def create_baseline(project: Project) -> BaselineUpdate:
    """Write the first baseline.

    Raises:
        UsageError: there is a baseline.
        GitError, InputError: the project can't be checked.
        RunError: the file can't be written.
    """
    path = project.settings.baseline
    if read_baseline(project.root, path) is not None:
        raise UsageError(f"{path} exists already", fix="remove what was corrected: spec baseline --update")
    found = find_baseline(project)
    write_inside(project.root, path, render_baseline(found.entries).encode())
    return found


def baseline_entries(project: Project) -> tuple[BaselineEntry, ...]:
    """What the baseline holds, in its order.

    Raises:
        UsageError: there is no baseline.
        InputError: it can't be read.
    """
    return _present(project).entries


def update_baseline(project: Project, *, reason: str = "") -> BaselineUpdate:
    """Remove the entries whose finding is gone. With a `reason`, add the findings that the baseline lacks.

    Raises:
        UsageError: there is no baseline.
        GitError, InputError: the project can't be checked, or the baseline can't be read.
        RunError: the file can't be written.
    """
    path, present = project.settings.baseline, _present(project)
    found, left = _judged(project)
    before = {replace(entry, reason=None): entry for entry in present.entries}
    there = frozenset(found)
    kept = [entry for plain, entry in before.items() if plain in there]
    new = [plain for plain in found if plain not in before]
    added = [replace(plain, reason=reason) for plain in new] if reason else []
    entries = (*kept, *added)
    if len(kept) < len(present.entries) or added:
        write_inside(project.root, path, render_baseline(entries).encode())
    return BaselineUpdate(
        entries=entries,
        removed=len(before) - len(kept),
        added=len(added),
        left=left + (0 if reason else len(new)),
    )


def _present(project: Project) -> BaselineFile:
    path = project.settings.baseline
    present = read_baseline(project.root, path)
    if present is None:
        raise UsageError(f"there is no {path}", fix="write it: spec baseline")
    return present


def _judged(project: Project) -> tuple[Sequence[BaselineEntry], int]:
    """An entry for each violation of the project, and how many violations no baseline can hold."""
    judged = replace(project, use_baseline=False)
    entries = [judged.baseline_entry(item) for item in check_specs(judged, scope="all").errors]
    held = dict.fromkeys(entry for entry in entries if entry is not None)
    return tuple(held), entries.count(None)
