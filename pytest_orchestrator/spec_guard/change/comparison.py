"""Compares the working tree with the base: asks git which paths differ, and reads the specs as the base has them."""

from __future__ import annotations

import posixpath
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from pytest_orchestrator.codec.decode import decode_json
from pytest_orchestrator.config import PROJECT_FILE, SpecGuardSettings
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.git.worktree import ChangedPath, WorkTree
from pytest_orchestrator.spec_guard.change.base import Base
from pytest_orchestrator.spec_guard.change.changes import Changes, find_gone
from pytest_orchestrator.spec_guard.coverage.anchors import Anchor, parse_anchor
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot, digest_of
from pytest_orchestrator.spec_guard.document.code_owners import CodeOwners
from pytest_orchestrator.spec_guard.document.discovery import DEFAULT_PATHS, is_spec
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, owned, parse


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
        # A path in both has its former content at the base, not at HEAD.
        return {item.path: item for item in (*self.uncommitted, *self.committed)}

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


def find_changes(  # noqa: PLR0913 - what the project knows
    comparison: Comparison,
    specs: Sequence[SpecDocument],
    *,
    root: Path,
    folders: Sequence[str],
    today: date,
    owners: CodeOwners,
) -> Changes:
    """The change that `comparison` makes to a project with `specs`. Raises `GitError`."""
    changed = comparison.paths
    searched = _folders_then_and_now(comparison, folders)
    of_specs = {path: item for path, item in changed.items() if is_spec(path, searched)}
    contents = comparison.tree.blobs([item.blob for item in of_specs.values() if item.blob is not None])
    earlier = tuple(
        owned(parse(contents[item.blob], path=path), owners.of(path))
        for path, item in of_specs.items()
        if item.blob is not None
    )
    return Changes(
        base=comparison.base,
        files=tuple(sorted(changed.keys() - of_specs.keys())),
        specs=tuple(sorted(of_specs)),
        days=_days(comparison, today) if earlier else {},
        earlier=earlier,
        same=_unchanged_symbols(comparison, (*specs, *earlier), root),
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


def _unchanged_symbols(comparison: Comparison, specs: Sequence[SpecDocument], root: Path) -> frozenset[str]:
    """The anchors `file.py::Name` in changed files whose own code is as it was at the base."""
    anchors: dict[str, Anchor] = {}
    for spec in specs:
        for text in spec.covers:
            if "::" in text and text not in anchors:
                anchors[text] = parse_anchor(text)
    changed = comparison.paths
    former = {
        text: blob for text, anchor in anchors.items() if (item := changed.get(anchor.glob)) and (blob := item.blob)
    }
    if not former:
        return frozenset()
    contents = comparison.tree.blobs(list(dict.fromkeys(former.values())))
    snapshot = Snapshot(root, files=(), dirty=())
    return frozenset(
        text
        for text, blob in former.items()
        if (before := digest_of(contents[blob], anchors[text].glob, anchors[text].symbol)) is not None
        and before == snapshot.part_digest(anchors[text].glob, anchors[text].symbol)
    )


def _days(comparison: Comparison, today: date) -> dict[str, date]:
    """The day on which each path changed last."""
    days: dict[str, date] = {}
    if comparison.base.commit is not None and comparison.committed:
        written = comparison.tree.author_days(comparison.base.commit)
        newest = max(written.values(), default=today)
        days = {item.path: written.get(item.path, newest) for item in comparison.committed}
    return {**days, **{item.path: today for item in comparison.uncommitted}}
