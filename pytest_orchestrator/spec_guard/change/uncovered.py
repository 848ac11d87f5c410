"""The code that a change leaves without a spec: it exists, a spec of the base covered it, and no spec covers it now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from pytest_orchestrator.spec_guard.change.changes import Changes
from pytest_orchestrator.spec_guard.coverage.anchors import PathIndex, file_globs, parse_anchor
from pytest_orchestrator.spec_guard.document.spec import SpecDocument

FindFiles = Callable[[str], tuple[str, ...]]
"""The files of the project that an entry of `covers` matches."""


def lost_cover(changes: Changes, specs: Sequence[SpecDocument], find: FindFiles) -> Mapping[str, tuple[str, ...]]:
    """The files that each spec of the base covered and that no spec covers now, by the spec's path at the base."""
    left = {old.path: _files(old.covers, find) for old in changes.earlier if old.in_force}
    index = PathIndex(path for paths in left.values() for path in paths)
    globs = {glob for spec in specs if spec.in_force for glob in file_globs(spec.covers)}
    covered = {path for glob in globs for path in index.matching(parse_anchor(glob))}
    return {
        former: lost for former, paths in left.items() if (lost := tuple(path for path in paths if path not in covered))
    }


def _files(anchors: Iterable[str], find: FindFiles) -> tuple[str, ...]:
    return tuple(sorted({path for text in anchors for path in find(text)}))
