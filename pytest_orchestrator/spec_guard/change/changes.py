"""Who has a part in a change: the files that a spec governs, and what the spec itself says about it.

A spec takes part when its text differs from what the base holds, or when its `last_review` moved to the day of the
change, which says "read, still true". What it governs is what it covers now and what it covered at the base, so that
a change can't make room for itself by narrowing `covers` or by retiring the spec.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from pytest_orchestrator.spec_guard.change.base import Base
from pytest_orchestrator.spec_guard.coverage.anchors import PathIndex, file_globs, parse_anchor
from pytest_orchestrator.spec_guard.document.spec import SpecDocument

# A day for time zones: the author's clock and the reviewer's need not agree.
GRACE = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """A change: what differs between a base and the working tree, specs apart."""

    base: Base | None = None
    files: tuple[str, ...] = ()
    """What changed, but for specs; deleted files too."""
    specs: tuple[str, ...] = ()
    """The specs that changed; deleted ones too."""
    days: Mapping[str, date] = field(default_factory=dict)
    """The day on which each of `files` changed last."""
    earlier: tuple[SpecDocument, ...] = ()
    """The specs of `specs` that the base holds, as it holds them."""
    same: frozenset[str] = frozenset()
    """The anchors inside of changed files whose own code is as it was."""
    gone: tuple[SpecDocument, ...] = ()
    """Those of `earlier` whose id and place no spec has any more; see `find_gone`."""

    def narrowed(self, wanted: Callable[[str], bool]) -> Changes:
        """The same change, as if only the files that are `wanted` had changed."""
        return replace(self, files=tuple(path for path in self.files if wanted(path)))

    def before(self, spec: SpecDocument) -> SpecDocument | None:
        """What `spec` was at the base, wherever it lay; None when it is new.

        The id tells; a new id with an old file or an old text is still the old spec.
        """
        if spec.path not in self._changed_specs:
            return spec
        found = self._earlier_ids.get(spec.id or "") or self._earlier_places.get(spec.path)
        if found is None:
            found = next((old for old in self.gone if old.body.strip() and old.says_the_same(spec)), None)
        return found

    def governed(self, spec: SpecDocument) -> tuple[str, ...]:
        """The changed files that `spec` covers or covered."""
        if not self.files:
            return ()
        before = self.before(spec)
        versions = [version for version in (spec, before) if version is not None and is_in_force(version)]
        anchors = [text for version in versions if version.declaration for text in version.declaration.covers]
        return self.covered_by(file_globs(text for text in anchors if text not in self.same))

    def covered_by(self, globs: Iterable[str]) -> tuple[str, ...]:
        """The changed files that any of `globs` matches."""
        found = (self._index.matching(parse_anchor(glob)) for glob in globs)
        return tuple(sorted({path for paths in found for path in paths}))

    def takes_part(self, spec: SpecDocument) -> bool:
        """Whether `spec` says something about the change."""
        before = self.before(spec)
        if before is None or before.declaration is None:
            return True
        if before is spec:
            return False
        return not spec.says_the_same(before) or self._is_reviewed(spec, before)

    def deleted(self, specs: Sequence[SpecDocument]) -> Iterator[SpecDocument]:
        """The specs of the base that are none of `specs`, by whatever name, and that were in force."""
        if not self.gone:
            return
        left = {old.path for spec in specs if (old := self.before(spec)) is not None}
        for old in self.gone:
            if old.path not in left and is_in_force(old):
                yield old

    def orphans(self, deleted: SpecDocument, specs: Sequence[SpecDocument]) -> tuple[str, ...]:
        """The changed files that a deleted spec covered and that no spec speaks for that takes part."""
        covered = self.covered_by(deleted.declaration.covered_globs if deleted.declaration else ())
        if not covered:
            return ()
        spoken_for = {path for spec in specs if self.takes_part(spec) for path in self.governed(spec)}
        return tuple(path for path in covered if path not in spoken_for)

    @cached_property
    def _index(self) -> PathIndex:
        return PathIndex(self.files)

    @cached_property
    def _changed_specs(self) -> frozenset[str]:
        return frozenset(self.specs)

    @cached_property
    def _earlier_ids(self) -> Mapping[str, SpecDocument]:
        return {old.id: old for old in reversed(self.earlier) if old.id is not None}

    @cached_property
    def _earlier_places(self) -> Mapping[str, SpecDocument]:
        return {old.path: old for old in self.earlier}

    def _is_reviewed(self, spec: SpecDocument, before: SpecDocument) -> bool:
        if spec.last_review is None or spec.last_review == before.last_review:
            return False
        newest = max((self.days[path] for path in self.governed(spec) if path in self.days), default=date.min + GRACE)
        return spec.last_review >= newest - GRACE


def find_gone(earlier: Sequence[SpecDocument], specs: Sequence[SpecDocument]) -> tuple[SpecDocument, ...]:
    """The specs of `earlier` whose id no spec of `specs` has, and whose place none has but those that moved there."""
    ids = {spec.declaration.id for spec in specs if spec.declaration is not None}
    former = {old.declaration.id for old in earlier if old.declaration is not None}
    stayed = {spec.path for spec in specs if spec.declaration is None or spec.declaration.id not in former}
    return tuple(
        old for old in earlier if old.path not in stayed and (old.declaration is None or old.declaration.id not in ids)
    )


def is_in_force(spec: SpecDocument) -> bool:
    """Whether what the spec says binds anybody."""
    return spec.declaration is not None and spec.declaration.status != "retired"
