"""Compares the working tree with the base: asks git which paths differ, and reads the specs as the base has them."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path

from pytest_orchestrator.config import PROJECT_FILE, SpecGuardSettings, parse_settings
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import decode_utf8, read_limited
from pytest_orchestrator.git.worktree import ChangedPath, WorkTree
from pytest_orchestrator.spec_guard.change.base import Base
from pytest_orchestrator.spec_guard.change.changes import Changes, find_gone, find_taken_over
from pytest_orchestrator.spec_guard.change.unchanged import find_references, find_removed, find_shadows, find_unchanged
from pytest_orchestrator.spec_guard.coverage.anchors import PathIndex, file_globs
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot
from pytest_orchestrator.spec_guard.document.discovery import folder_names, is_inside, is_spec, read_beside
from pytest_orchestrator.spec_guard.document.mapping import Reading, path_beside
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, parse

_MAX_BYTES = 256 << 20


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

    def at_base(self, path: str) -> bytes | None:
        """The content of a file at the base, whether it changed or not; None when there was no such regular file."""
        if not is_inside(path):
            return None
        changed = self.paths.get(path)
        if changed is not None:
            return None if changed.blob is None else self.former(path)
        try:
            return read_limited(self.tree.git.cwd / path, max_bytes=_MAX_BYTES, display_path=path, follow=False)
        except InputError:
            return None


def compare(tree: WorkTree, base: Base, uncommitted: Sequence[ChangedPath]) -> Comparison:
    """What differs from `base`; `uncommitted` is what differs from HEAD. Raises `GitError`."""
    is_apart = base.commit is not None and base.commit != tree.head
    return Comparison(
        tree=tree,
        base=base,
        committed=tree.committed_changes(base.commit) if is_apart and base.commit else (),
        uncommitted=tuple(uncommitted),
    )


def _behind_link(comparison: Comparison, path: str) -> bytes | None:
    """The content at the base of the file in the repository that a link leads to; None where it did not change."""
    tree, base = comparison.tree, comparison.base.commit
    where = tree.git.cwd / path
    if not where.is_symlink():
        return None
    target = posixpath.normpath(posixpath.join(tree.prefix, path, "..", os.fspath(where.readlink())))
    if posixpath.isabs(target) or target.split("/")[0] == "..":
        return None  # no change can reach it
    completed = tree.git.call("cat-file", "blob", f"{base}:{target}")
    former = completed.stdout if completed.returncode == 0 else b""
    present = where.read_bytes() if where.is_file() else b""
    return None if former == present else former


@dataclass(frozen=True, kw_only=True)
class FormerSettings:
    """The spec guard's settings at the base; the present ones where the change leaves them alone."""

    settings: SpecGuardSettings
    has_table: bool = False
    """Whether the change edits the project's file, and that held settings of ours."""
    problem: str = ""
    """Why they can't be read by this version; `settings` are then the present ones, but for the default `paths`."""

    @property
    def folders(self) -> tuple[str, ...]:
        """The names of the folders of specs, whether they exist or not."""
        return folder_names(self.settings)


def former_settings(comparison: Comparison, present: SpecGuardSettings) -> FormerSettings:
    """The settings at the base. Raises `GitError`."""
    data = None if comparison.base.commit is None else comparison.former(PROJECT_FILE)
    if data is None and comparison.base.commit is not None:
        data = _behind_link(comparison, PROJECT_FILE)
    if data is None:
        return FormerSettings(settings=present)
    try:
        text = decode_utf8(data, display_path=PROJECT_FILE)
        settings = parse_settings(text).spec_guard
    except InputError as error:
        return FormerSettings(settings=replace(present, paths=None), has_table=True, problem=error.message)
    return FormerSettings(settings=settings, has_table="pytest_orchestrator" in text)


def find_changes(  # noqa: PLR0913 - a project then and now
    comparison: Comparison,
    specs: Sequence[SpecDocument],
    *,
    root: Path,
    folders: Sequence[str],
    settings: SpecGuardSettings,
    former: SpecGuardSettings,
    reading: Reading,
    snapshot: Snapshot,
    today: date,
    days_since: Callable[[str], Mapping[str, date]],
) -> Changes:
    """The change that `comparison` makes to a project with `specs`. Raises `GitError`.

    `former` are the settings of the base; `reading` is how specs are read now; `folders` are those of the base and now;
    `days_since` is `Project.days_since`.
    """
    changed = comparison.paths
    # What the change excludes must not vanish from its own check.
    policies = [settings] if former is settings else [settings, former]
    of_specs = {
        path: item for path, item in changed.items() if any(is_spec(path, folders, policy) for policy in policies)
    }
    contents = comparison.tree.blobs([item.blob for item in of_specs.values() if item.blob is not None])
    reading = Reading(settings=reading.settings, read=partial(_at_base, comparison, root), owners=reading.owners)
    earlier = [
        parse(contents[item.blob], path=path, reading=reading)
        for path, item in of_specs.items()
        if item.blob is not None
    ]
    # A spec whose keys are in another file changes with that file.
    beside = {spec.path: name for spec in specs if (name := path_beside(spec.path, settings.reading)) in changed}
    earlier += [
        parse(read_beside(root, path) or b"", path=path, reading=reading)
        for path in sorted(beside.keys() - of_specs.keys())
    ]
    files = sorted(changed.keys() - of_specs.keys() - set(beside.values()))
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
        docstrings=snapshot.docstrings,
    )
    references = find_references(changed, entries, fetch=comparison.tree.blobs, read=snapshot.read_regular)
    shadows = find_shadows(changed, entries, snapshot.files)
    changes = Changes(
        base=comparison.base,
        files=tuple(files),
        specs=tuple(sorted({*of_specs, *beside})),
        days=_days(comparison, days_since, today) if earlier else {},
        earlier=tuple(earlier),
        literal=literal,
        unchanged=unchanged,
        imported=imported,
        references={text: (*references.get(text, ()), *shadows.get(text, ())) for text in (*references, *shadows)},
        gone=find_gone(earlier, specs) if earlier else (),
        linked={path: source for path, real in snapshot.linked.items() if (source := _source(path, real, changed))},
    )
    if not changes.gone:
        return changes
    covered = changes.covered_by(glob for old in changes.gone if old.in_force for glob in file_globs(old.covers))
    removed = find_removed(
        changed,
        [path for path in covered if path not in snapshot.files],
        fetch=comparison.tree.blobs,
        read=snapshot.read_regular,
        docstrings=snapshot.docstrings,
    )
    changes = replace(changes, removed=removed)
    new = [spec for spec in specs if changes.before(spec) is None]
    return replace(changes, taken_over=find_taken_over(changes.gone, new, snapshot.covered_files))


def _source(path: str, real: str, changed: Mapping[str, ChangedPath]) -> str:
    """What changed the content at a path that goes through a link: the file behind it, or the link; else empty."""
    if real in changed:
        return real
    while path and path not in changed:
        path = path.rpartition("/")[0]
    return path


def _at_base(comparison: Comparison, root: Path, path: str) -> bytes | None:
    """A file of the base; None where it has none."""
    former = comparison.former(path)
    return read_beside(root, path) if former is None else former or None


def _days(comparison: Comparison, days_since: Callable[[str], Mapping[str, date]], today: date) -> dict[str, date]:
    """The day on which each path changed last."""
    days: dict[str, date] = {}
    if comparison.base.commit is not None and comparison.committed:
        written = days_since(comparison.base.commit)
        newest = max(written.values(), default=today)
        days = {item.path: written.get(item.path, newest) for item in comparison.committed}
    return {**days, **{item.path: today for item in comparison.uncommitted}}
