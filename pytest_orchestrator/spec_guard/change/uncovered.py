"""Which code a change leaves without a spec: it is still there, was covered at the base, and is covered no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from pytest_orchestrator.spec_guard.change.changes import Changes, is_in_force
from pytest_orchestrator.spec_guard.coverage.anchors import PathIndex, parse_anchor
from pytest_orchestrator.spec_guard.document.spec import SpecDocument

FindFiles = Callable[[str], tuple[str, ...]]
"""The files of the project that an entry of `covers` points at or into."""


def lost_cover(changes: Changes, specs: Sequence[SpecDocument], find: FindFiles) -> Mapping[str, tuple[str, ...]]:
    """The files that specs of the base covered and that no spec covers now, by the path that the spec had there."""
    left = {old.path: _files(_anchors(old), find) for old in changes.earlier if is_in_force(old)}
    index = PathIndex(path for paths in left.values() for path in paths)
    globs = {
        glob for spec in specs if is_in_force(spec) and spec.declaration for glob in spec.declaration.covered_globs
    }
    covered = {path for glob in globs for path in index.matching(parse_anchor(glob))}
    return {
        place: lost for place, paths in left.items() if (lost := tuple(path for path in paths if path not in covered))
    }


def _anchors(spec: SpecDocument) -> tuple[str, ...]:
    return spec.declaration.covers if spec.declaration else ()


def _files(anchors: Iterable[str], find: FindFiles) -> tuple[str, ...]:
    return tuple(sorted({path for text in anchors for path in find(text)}))
