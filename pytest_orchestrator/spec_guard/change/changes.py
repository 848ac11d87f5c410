"""A change: which files differ from the base, which of them a spec governs, and whether the spec was updated.

A spec was updated when its body differs from the base's, or when its `last_review` moved to the day of the change:
somebody read it and found it still true. A spec governs what it covers now and what it covered at the base, so that a
change cannot escape by narrowing `covers` or by retiring the spec.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from pytest_orchestrator.spec_guard.change.base import Base
from pytest_orchestrator.spec_guard.change.unchanged import Unchanged
from pytest_orchestrator.spec_guard.coverage.anchors import Anchor, PathIndex, file_globs, parse_anchor
from pytest_orchestrator.spec_guard.document.spec import SpecDocument

FindFiles = Callable[[str], tuple[str, ...]]
"""The files of the project that an entry of `covers` matches."""

# A day for time zones: the author's clock and the reviewer's need not agree.
GRACE = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What differs between a base and the working tree; specs and other files apart."""

    base: Base | None = None
    files: tuple[str, ...] = ()
    """The changed files that are not specs, deleted ones too."""
    specs: tuple[str, ...] = ()
    """The changed specs, deleted ones too."""
    days: Mapping[str, date] = field(default_factory=dict)
    """The day on which each of `files` changed last."""
    earlier: tuple[SpecDocument, ...] = ()
    """The specs of `specs` that the base holds, as it holds them."""
    unchanged: Unchanged = field(default_factory=Unchanged)
    """What means the same as at the base, although it differs."""
    imported: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The anchors of what an anchor's definition is imported from, by the anchor."""
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The files that began or ceased to assign to what an anchor names, to export it again, or to be loaded in place of
    it, by the anchor."""
    literal: frozenset[str] = frozenset()
    """The globs that name a path as they are written, in spite of their wildcards."""
    gone: tuple[SpecDocument, ...] = ()
    """The specs of `earlier` whose id and path no spec has any more; see `find_gone`."""
    linked: Mapping[str, str] = field(default_factory=dict)
    """For each path that goes through a symbolic link the changed file behind it, or the changed link."""
    removed: frozenset[str] = frozenset()
    """The deleted code of specs that are gone, as far as no new file continues it."""
    taken_over: Mapping[str, SpecDocument] = field(default_factory=dict)
    """The spec of `gone` whose code a new spec covers, by the path of the new one; see `find_taken_over`."""

    def narrowed(self, wanted: Callable[[str], bool]) -> Changes:
        """The same change, with only those files for which `wanted` is true."""
        linked = {path: real for path, real in self.linked.items() if wanted(real)}
        return replace(self, files=tuple(path for path in self.files if wanted(path)), linked=linked)

    def before(self, spec: SpecDocument) -> SpecDocument | None:
        """The spec as it was at the base, under whatever path; None when it is new.

        The id identifies it. A spec with a new id is still the old one when its path or its body is, or when the old
        one is gone and the new one covers its code.
        """
        if spec.path not in self._changed_specs:
            return spec
        found = self._earlier_ids.get(spec.id or "") or self._earlier_paths.get(spec.path)
        if found is None:
            alike = (old for old in self.gone if old.body.strip() and old.says_the_same(spec))
            found = next((old for old in alike if not self._ended(old)), None)
        return found or self.taken_over.get(spec.path)

    def governed(self, spec: SpecDocument) -> tuple[str, ...]:
        """The changed files that `spec` covers or covered."""
        if not self.files:
            return ()
        before = self.before(spec)
        now = self.governed_by(spec)
        then = now if before is spec else self.governed_by(before)
        if not now and not then:
            return ()
        # A moved file is the same code where the spec covered it and still does.
        moved = {path for pair in self.unchanged.moved.items() if pair[0] in now and pair[1] in then for path in pair}
        return tuple(sorted((now | then) - moved))

    def covered_by(self, globs: Iterable[str]) -> tuple[str, ...]:
        """The changed files that any of `globs` matches, and that don't mean any more what they meant at the base.

        A changed submodule or link that a glob leads into counts, too.
        """
        found = {self.linked.get(path, path) for glob in globs for path in self._changed_by(parse_anchor(glob))}
        return tuple(sorted(found - self.unchanged.files)) if found else ()

    def _changed_by(self, anchor: Anchor) -> Iterator[str]:
        yield from self._index.matching(anchor)
        folder = anchor.prefix.rpartition("/")[0]
        while folder:
            if folder in self._index:
                yield folder
            folder = folder.rpartition("/")[0]

    def is_updated(self, spec: SpecDocument) -> bool:
        """Whether `spec` was updated in this change."""
        before = self.before(spec)
        if before is None or before.declaration is None:
            return True
        if before is spec:
            return False
        return not spec.says_the_same(before) or self._is_reviewed(spec, before)

    def shares_code(self, spec: SpecDocument) -> bool:
        """Whether another spec can answer for the code of `spec`: a change can't begin to allow itself that."""
        before = self.before(spec)
        return spec.shares_code and before is not None and before.shares_code

    def deleted(self, specs: Sequence[SpecDocument]) -> Iterator[SpecDocument]:
        """The specs of the base that were in force and that none of `specs` continues."""
        if not self.gone:
            return
        left = {old.path for spec in specs if (old := self.before(spec)) is not None}
        for old in self.gone:
            if old.path not in left and old.in_force:
                yield old

    def orphans(self, deleted: SpecDocument, specs: Sequence[SpecDocument]) -> tuple[str, ...]:
        """The changed files that a deleted spec covered and that no updated spec governs."""
        covered = self.covered_by(deleted.declaration.covered_globs if deleted.declaration else ())
        if not covered:
            return ()
        governed = {path for spec in specs if self.is_updated(spec) for path in self.governed(spec)}
        return tuple(path for path in covered if path not in governed and path not in self.removed)

    def _ended(self, old: SpecDocument) -> bool:
        """Whether a spec that is gone covered code, and all of that is gone, too."""
        covered = self.covered_by(file_globs(old.covers))
        return bool(covered) and self.removed.issuperset(covered)

    def governed_by(self, version: SpecDocument | None) -> frozenset[str]:
        """The changed files that one version of a spec covers, moved ones too."""
        if version is None or not version.in_force:
            return frozenset()
        entries: Sequence[str] = version.covers
        if self.imported:
            entries = [text for each in entries for text in (each, *self.imported.get(each, ()))]
        changed = self.covered_by(file_globs(text for text in entries if text not in self.unchanged.anchors))
        outside = [path for text in entries for path in self.references.get(text, ()) if path in self._known]
        return frozenset((*changed, *outside))

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.files)

    @cached_property
    def _index(self) -> PathIndex:
        return PathIndex((*self.files, *self.linked), literal=self.literal)

    @cached_property
    def _changed_specs(self) -> frozenset[str]:
        return frozenset(self.specs)

    @cached_property
    def _earlier_ids(self) -> Mapping[str, SpecDocument]:
        return {old.id: old for old in reversed(self.earlier) if old.id is not None}

    @cached_property
    def former_id(self) -> Mapping[str, str]:
        """The id that each changed spec of the base had, by its path there."""
        return {old.path: old.id for old in self.earlier if old.id is not None}

    @cached_property
    def _earlier_paths(self) -> Mapping[str, SpecDocument]:
        return {old.path: old for old in self.earlier}

    def _is_reviewed(self, spec: SpecDocument, before: SpecDocument) -> bool:
        if spec.last_review is None or spec.last_review == before.last_review:
            return False
        newest = max((self.days[path] for path in self.governed(spec) if path in self.days), default=date.min + GRACE)
        return spec.last_review >= newest - GRACE


def find_gone(earlier: Sequence[SpecDocument], specs: Sequence[SpecDocument]) -> tuple[SpecDocument, ...]:
    """The specs of `earlier` whose id no spec has, and whose path none has but a spec that moved there."""
    ids = {spec.declaration.id for spec in specs if spec.declaration is not None}
    former = {old.declaration.id for old in earlier if old.declaration is not None}
    stayed = {spec.path for spec in specs if spec.declaration is None or spec.declaration.id not in former}
    return tuple(
        old for old in earlier if old.path not in stayed and (old.declaration is None or old.declaration.id not in ids)
    )


def find_taken_over(
    gone: Sequence[SpecDocument], new: Sequence[SpecDocument], find: FindFiles
) -> Mapping[str, SpecDocument]:
    """By the path of each of the specs `new` the one of `gone` of whose existing code it covers most, if it covers any.

    Deleting a spec and writing another one for its code is an edit of that spec.
    """
    left = {old.path: _matched(old.covers, find) for old in gone if old.in_force}
    found: dict[str, SpecDocument] = {}
    for spec in new:
        covered = _matched(spec.covers, find)
        common = {old.path: len(covered & left[old.path]) for old in gone if old.path in left}
        most = max(common, key=lambda path: common[path], default="")
        if common.get(most):
            found[spec.path] = next(old for old in gone if old.path == most)
    return found


def _matched(anchors: Iterable[str], find: FindFiles) -> frozenset[str]:
    return frozenset(path for text in anchors for path in find(text))
