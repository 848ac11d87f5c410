"""Compares the working tree with the base: asks git which paths differ, and reads the specs as the base has them."""

from __future__ import annotations

import posixpath
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from pytest_orchestrator.codec.decode import decode_json
from pytest_orchestrator.config import PROJECT_FILE, SpecGuardSettings
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.git.worktree import ChangedPath, WorkTree
from pytest_orchestrator.spec_guard.change.base import Base
from pytest_orchestrator.spec_guard.change.changes import Changes, find_gone
from pytest_orchestrator.spec_guard.change.unchanged import find_references, find_unchanged
from pytest_orchestrator.spec_guard.coverage.anchors import PathIndex
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot
from pytest_orchestrator.spec_guard.document.discovery import DEFAULT_PATHS, is_spec
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, parse


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The paths that differ from the base."""

    tree: WorkTree
    base: Base
    committed: tuple[ChangedPath, ...]
    """What differs between the base and HEAD."""
    uncommitted: tuple[ChangedPath, ...]
    """What differs between HEAD and the working tree."""

    @cached_property
    def paths(self) -> Mapping[str, ChangedPath]:
        """Every path that differs from the base, with its content there."""
        found = {item.path: item for item in self.uncommitted}
        for item in self.committed:
            # A path in both has its former content at the base, not at HEAD.
            found[item.path] = replace(found.get(item.path, item), blob=item.blob)
        return found

    def former(self, path: str) -> bytes | None:
        """The content of a file at the base; empty for a new file, None for a file that did not change."""
        changed = self.paths.get(path)
        if changed is None:
            return None
        return b"" if changed.blob is None else self.tree.blobs([changed.blob])[changed.blob]


def compare(tree: WorkTree, base: Base) -> Comparison:
    """What differs from `base`. Raises `GitError`."""
    is_apart = base.commit is not None and base.commit != tree.head
    return Comparison(
        tree=tree,
        base=base,
        committed=tree.committed_changes(base.commit) if is_apart and base.commit else (),
        uncommitted=tree.uncommitted_changes(),
    )


def find_changes(  # noqa: PLR0913 - a project then and now
    comparison: Comparison,
    specs: Sequence[SpecDocument],
    *,
    folders: Sequence[str],
    settings: SpecGuardSettings,
    snapshot: Snapshot,
    today: date,
) -> Changes:
    """The change that `comparison` makes to a project with `specs`. Raises `GitError`."""
    changed = comparison.paths
    searched = _folders_then_and_now(comparison, folders)
    of_specs = {path: item for path, item in changed.items() if is_spec(path, searched)}
    contents = comparison.tree.blobs([item.blob for item in of_specs.values() if item.blob is not None])
    earlier = tuple(parse(contents[item.blob], path=path) for path, item in of_specs.items() if item.blob is not None)
    files = sorted(changed.keys() - of_specs.keys())
    entries = frozenset(text for spec in (*specs, *earlier) for text in spec.covers) | frozenset(settings.code)
    python = any(path.endswith(".py") for path in files)
    imported = {text: found for text in entries if (found := snapshot.origins(text))} if python else {}
    entries |= {text for found in imported.values() for text in found}
    literal = snapshot.literal(entries)
    unchanged = find_unchanged(
        changed,
        entries,
        index=PathIndex(files, literal=literal),
        fetch=comparison.tree.blobs,
        read=snapshot.read_regular,
        docstrings=settings.docstrings,
    )
    return Changes(
        base=comparison.base,
        files=tuple(files),
        specs=tuple(sorted(of_specs)),
        days=_days(comparison, today) if earlier else {},
        earlier=earlier,
        literal=literal,
        unchanged=unchanged,
        imported=imported,
        references=find_references(changed, entries, fetch=comparison.tree.blobs, read=snapshot.read_regular),
        gone=find_gone(earlier, specs) if earlier else (),
    )


def _folders_then_and_now(comparison: Comparison, folders: Sequence[str]) -> tuple[str, ...]:
    """The folders of specs, and those of the base: specs must not vanish by a change of the setting `paths`."""
    project_file = comparison.former(PROJECT_FILE)
    if project_file is None:
        return tuple(folders)
    former = _paths(project_file) or DEFAULT_PATHS
    return tuple(dict.fromkeys((*folders, *map(posixpath.normpath, former))))


def _paths(project_file: bytes) -> tuple[str, ...] | None:
    """The setting `paths` of a former `pyproject.toml`; None where it is absent or cannot be read."""
    try:
        table = tomllib.loads(project_file.decode())["tool"]["pytest_orchestrator"]["spec_guard"]
        return decode_json(SpecGuardSettings, table, path=PROJECT_FILE).paths
    except (ValueError, KeyError, TypeError, InputError):
        return None


def _days(comparison: Comparison, today: date) -> dict[str, date]:
    """The day on which each path changed last."""
    days: dict[str, date] = {}
    if comparison.base.commit is not None and comparison.committed:
        written = comparison.tree.author_days(comparison.base.commit)
        newest = max(written.values(), default=today)
        days = {item.path: written.get(item.path, newest) for item in comparison.committed}
    return {**days, **{item.path: today for item in comparison.uncommitted}}
