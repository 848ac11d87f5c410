"""What means the same as at the base, although git says that it differs: comments, formatting, moved files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pytest_orchestrator.git.worktree import ChangedPath
from pytest_orchestrator.spec_guard.change.moves import MAX_PAIRS, find_moves
from pytest_orchestrator.spec_guard.coverage.anchors import Anchor, PathIndex, file_globs, parse_anchor
from pytest_orchestrator.spec_guard.coverage.meaning import same_meaning
from pytest_orchestrator.spec_guard.coverage.parts import digest_of
from pytest_orchestrator.spec_guard.coverage.references import references, refers_to
from pytest_orchestrator.spec_guard.coverage.shadows import shadowed_by

ReadFile = Callable[[str], bytes | None]
"""Reads a regular file of the working tree; None where there is none."""


@dataclass(frozen=True, kw_only=True)
class Unchanged:
    """The files and anchors of a change that mean what they meant at the base."""

    files: frozenset[str] = frozenset()
    anchors: frozenset[str] = frozenset()
    """Entries of `covers` that name a part of a changed file."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """The former path of each file that was moved, by its new path."""
    edited: Mapping[str, str] = field(default_factory=dict)
    """The same for those that were moved and changed."""


def find_references(
    paths: Mapping[str, ChangedPath],
    entries: Collection[str],
    *,
    fetch: Callable[[Sequence[str]], Mapping[str, bytes]],
    read: ReadFile,
) -> Mapping[str, tuple[str, ...]]:
    """The changed files that assign to what an anchor names in another Python file, or export it, in another way than
    at the base; by the anchor."""
    anchors = [anchor for anchor in map(parse_anchor, entries) if anchor.symbol and anchor.glob.endswith(".py")]
    sources = {path: item for path, item in paths.items() if path.endswith(".py")} if anchors else {}
    contents = fetch(tuple(dict.fromkeys(item.blob for item in sources.values() if item.blob is not None)))
    found: dict[str, list[str]] = {}
    for path, item in sources.items():
        before = references(contents.get(item.blob or "", b""), path)
        after = references(read(path) or b"", path)
        differing = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
        for anchor in anchors if differing else ():
            if anchor.glob != path and any(refers_to(name, anchor) for name in differing):
                found.setdefault(anchor.text, []).append(path)
    return {text: tuple(sorted(each)) for text, each in found.items()}


def find_shadows(
    paths: Mapping[str, ChangedPath], entries: Iterable[str], files: PathIndex
) -> Mapping[str, tuple[str, ...]]:
    """The added and deleted files that are loaded in place of an existing one that an anchor matches; by the anchor.

    `files` are those that exist.
    """
    changed = [path for path, item in paths.items() if item.blob is None or path not in files]
    shadowed: dict[str, list[str]] = {}
    for path in sorted(changed):
        for other in shadowed_by(path):
            if other in files:
                shadowed.setdefault(other, []).append(path)
    index = PathIndex(shadowed)
    found = {text: index.matching(parse_anchor(text)) for text in entries} if shadowed else {}
    return {text: tuple(path for other in each for path in shadowed[other]) for text, each in found.items() if each}


def find_removed(
    paths: Mapping[str, ChangedPath],
    deleted: Collection[str],
    *,
    fetch: Callable[[Sequence[str]], Mapping[str, bytes]],
    read: ReadFile,
    docstrings: bool,
) -> frozenset[str]:
    """The files of `deleted` that no added file continues; none where there are too many files to tell."""
    blobs = {path: blob for path in deleted if (blob := paths[path].blob) is not None}
    added = [path for path, item in paths.items() if item.blob is None] if blobs else []
    if not blobs or len(blobs) * len(added) > MAX_PAIRS:
        return frozenset()
    contents = fetch(tuple(dict.fromkeys(blobs.values())))
    new = {path: data for path in added if (data := read(path)) is not None}
    moves = find_moves({path: contents[blob] for path, blob in blobs.items()}, new, docstrings=docstrings)
    return frozenset(blobs.keys() - set(moves.same.values()) - set(moves.edited.values()))


def find_unchanged(  # noqa: PLR0913 - where contents come from, and what is asked of them
    paths: Mapping[str, ChangedPath],
    entries: Collection[str],
    *,
    index: PathIndex,
    fetch: Callable[[Sequence[str]], Mapping[str, bytes]],
    read: ReadFile,
    docstrings: bool,
) -> Unchanged:
    """What means the same among the changed `paths` that `entries` of `covers` match; nothing else is compared.

    `index` holds the changed paths.
    """
    if not paths:
        return Unchanged()
    compared = {path for glob in file_globs(entries) for path in index.matching(parse_anchor(glob))}
    former = {path: blob for path in compared if (blob := paths[path].blob) is not None}
    if not former:
        return Unchanged()
    staged = {path: blob for path in compared if (blob := paths[path].staged) is not None}
    contents = fetch(tuple(dict.fromkeys((*former.values(), *staged.values()))))
    before = {path: contents[blob] for path, blob in former.items()}
    # A file that is only removed from the index will be deleted by the commit.
    there = (path for path in compared if not (paths[path].untracked and path in before))
    after = {path: data for path in there if (data := read(path)) is not None}
    # What is staged will be committed: it must mean the same as the working tree's.
    mixed = {
        path
        for path in staged.keys() & after.keys()
        if not same_meaning(contents[staged[path]], after[path], path, docstrings=docstrings)
    }
    both = (before.keys() & after.keys()) - mixed
    settled = {path: data for path, data in after.items() if path not in mixed}
    same = [path for path in both if same_meaning(before[path], after[path], path, docstrings=docstrings)]
    moves = find_moves(
        {path: before[path] for path in before.keys() - after.keys() - staged.keys()},
        {path: after[path] for path in after.keys() - before.keys()},
        mixed=mixed,
        docstrings=docstrings,
    )
    return Unchanged(
        files=frozenset(same),
        anchors=frozenset(_same_parts(map(parse_anchor, entries), before, settled, docstrings=docstrings)),
        moved=moves.same,
        edited=moves.edited,
    )


def _same_parts(
    anchors: Iterable[Anchor], before: Mapping[str, bytes], after: Mapping[str, bytes], *, docstrings: bool
) -> Iterator[str]:
    for anchor in anchors:
        if anchor.symbol and anchor.glob in before and anchor.glob in after:
            former = digest_of(before[anchor.glob], anchor.glob, anchor.symbol, docstrings=docstrings)
            present = digest_of(after[anchor.glob], anchor.glob, anchor.symbol, docstrings=docstrings)
            if former is not None and former == present:
                yield anchor.text
