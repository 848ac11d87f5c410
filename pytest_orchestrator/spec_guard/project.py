"""A project as it is now: specs, change, reviews and ledgers, each loaded when it is first needed, and once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from functools import cache, cached_property, partial
from pathlib import Path

from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.errors import GitError, InputError, RunError
from pytest_orchestrator.files import read_limited, write_atomic
from pytest_orchestrator.git.history import parse_log, read_log
from pytest_orchestrator.git.worktree import WorkTree, open_work_tree
from pytest_orchestrator.spec_guard.change.base import find_base
from pytest_orchestrator.spec_guard.change.candidates import covering, naming
from pytest_orchestrator.spec_guard.change.changes import Changes, lost_cover
from pytest_orchestrator.spec_guard.change.comparison import Comparison, compare, find_changes
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot
from pytest_orchestrator.spec_guard.document.code_owners import MAX_BYTES, PLACES, CodeOwners, parse_code_owners
from pytest_orchestrator.spec_guard.document.discovery import (
    existing_specs,
    find_folders,
    is_spec,
    read_linked,
    read_spec,
    walk_files,
)
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, owned
from pytest_orchestrator.spec_guard.ledgers.approvals import Authorship
from pytest_orchestrator.spec_guard.ledgers.authorship import email_of, find_authorships
from pytest_orchestrator.spec_guard.ledgers.loading import Ledgers, load_ledgers, read_overrides
from pytest_orchestrator.spec_guard.reviews import ledger as review_ledger
from pytest_orchestrator.spec_guard.reviews.assessment import review_states
from pytest_orchestrator.spec_guard.reviews.bulk_dates import FileEdit, committed_edits, find_bulk_date_changes
from pytest_orchestrator.spec_guard.reviews.history import History
from pytest_orchestrator.spec_guard.reviews.last_review import ReviewSources
from pytest_orchestrator.spec_guard.reviews.state import BulkDateChange, Reviews, ReviewState
from pytest_orchestrator.spec_guard.rules.rule import Rule, RuleContext


@dataclass(frozen=True, eq=False)
class Project:
    """A project, and what it is checked by. Everything that asks git raises `GitError`; the rest works without git."""

    root: Path
    _: KW_ONLY
    settings: SpecGuardSettings
    today: date
    base: str | None = None
    """The revision to compare with; None: the one that the CI service or the remote tells."""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    rules: tuple[Rule, ...] = ()
    """The rules that are checked."""
    only_concerned: bool = False
    """Whether only those specs are loaded that the change may concern, and those whose ids they need."""
    _documents: dict[str, SpecDocument] = field(init=False, repr=False, default_factory=dict)

    # Specs

    @cached_property
    def folders(self) -> tuple[str, ...]:
        """Where specs are searched, relative to `root`. Raises `InputError` for a wrong setting."""
        return find_folders(self.root, self.settings)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The paths of the specs, tracked and untracked ones, without ignored ones; sorted. Asks git."""
        if not self.folders:
            return ()
        listed = self.tree.files(self.folders)
        if self.only_concerned:
            # One at least: a project has specs even if the change concerns none.
            kept = existing_specs(self.root, self._may_be_concerned(listed), self.folders)
            return kept or existing_specs(self.root, listed, self.folders)[:1]
        return existing_specs(self.root, listed, self.folders)

    def _may_be_concerned(self, listed: Sequence[str]) -> tuple[str, ...]:
        """The files of `listed` that may be specs that the change concerns, or have an id that rules look for."""
        if any(os.path.lexists(self.root / path) for path in (self.settings.index, self.settings.overrides)):
            return tuple(listed)  # their rules look at every spec
        changed = [path for path in listed if path in self.comparison.paths]
        found = {path: self.document(path) for path in existing_specs(self.root, changed, self.folders)}
        specs = tuple(found.values())
        changes = self._changes_of(specs)
        lost = lost_cover(changes, specs, self.snapshot.covered_files)
        pattern = covering({*changes.files, *(path for paths in lost.values() for path in paths)})
        if pattern is None:
            return tuple(listed)
        ids = {spec.id for spec in (*specs, *changes.earlier) if spec.id is not None}
        for path in self.tree.search(f"{pattern}|{naming(ids)}" if ids else pattern, self.folders):
            found[path] = self.document(path)
        related = {name for spec in found.values() if spec.declaration for name in spec.declaration.relates_to}
        wanted = related - {spec.id for spec in found.values()}
        if wanted:
            for path in self.tree.search(naming(wanted), self.folders):
                found[path] = self.document(path)
            if wanted - {spec.id for spec in found.values()}:
                return tuple(listed)  # a dead reference: its message suggests one of all ids
        return tuple(path for path in listed if path in found)

    def paths_without_git(self) -> tuple[str, ...]:
        """The paths of the specs, ignored ones too; sorted."""
        return existing_specs(self.root, walk_files(self.root, self.folders), self.folders)

    @property
    def available_paths(self) -> tuple[str, ...]:
        """`paths`, or `paths_without_git` where git fails."""
        try:
            return self.paths
        except GitError:
            return self.paths_without_git()

    def document(self, path: str) -> SpecDocument:
        """The spec in the file `path`."""
        if path not in self._documents:
            self._documents[path] = owned(read_spec(self.root, path), self.code_owners.of(path))
        return self._documents[path]

    @cached_property
    def code_owners(self) -> CodeOwners:
        """The owners of specs that name none: as the base has them, so that no change appoints its own reviewer."""
        present = {place: _bytes(self.root / place) for place in PLACES if (self.root / place).is_file()}
        if not present:
            return CodeOwners()
        try:
            former = {place: self.comparison.former(place) for place in PLACES}
        except GitError:  # the check itself reports it
            former = {}
        at_base = []
        for place in PLACES:
            data = former.get(place)  # None: the change leaves the file alone; empty: the base has none
            if data or (data is None and place in present):
                at_base.append(data or present[place])
        return parse_code_owners((at_base or list(present.values()))[0])

    @cached_property
    def specs(self) -> tuple[SpecDocument, ...]:
        """All specs, sorted by path. Asks git."""
        return tuple(map(self.document, self.paths))

    # The repository

    @cached_property
    def tree(self) -> WorkTree:
        """The working tree. Asks git."""
        return open_work_tree(self.root)

    @cached_property
    def history(self) -> History:
        """All commits. Asks git."""
        return History(parse_log(read_log(self.tree), self.tree.prefix))

    @cached_property
    def snapshot(self) -> Snapshot:
        """The files as they are now. Asks git."""
        uncommitted = self.comparison.uncommitted
        untracked = (item.path for item in uncommitted if item.untracked)
        return Snapshot(
            self.root, files=self.tree.tracked(), dirty=[item.path for item in uncommitted], untracked=untracked
        )

    @cached_property
    def comparison(self) -> Comparison:
        """What differs from the base. Asks git."""
        return compare(self.tree, find_base(self.tree, explicit=self.base, environ=self.environ))

    @cached_property
    def changes(self) -> Changes:
        """The change that is checked. Asks git."""
        return self._changes_of(self.specs)

    def _changes_of(self, specs: Sequence[SpecDocument]) -> Changes:
        """The change that is checked, as it concerns `specs`."""
        return find_changes(
            self.comparison,
            specs,
            root=self.root,
            folders=self.folders,
            today=self.today,
            owners=self.code_owners,
        )

    # Reviews and ledgers

    @cached_property
    def ledgers(self) -> Ledgers:
        """The ledgers. Asks git for the approvers at the base."""
        former = self.comparison.former(self.settings.approvers)
        return load_ledgers(self.root, self.settings, approvers_at_base=former)

    def review_states(self, specs: Sequence[SpecDocument]) -> dict[str, ReviewState]:
        """The review state of each of `specs` that is in force and has a date, by path. Asks git."""
        sources = ReviewSources(
            history=self.history,
            snapshot=self.snapshot,
            records=self.ledgers.reviews.latest,
            today=self.today,
            fetch=self.tree.blobs,
            shallow=self.tree.shallow,
        )
        return review_states(specs, sources)

    # What rules judge by

    @cached_property
    def narrow_context(self) -> RuleContext:
        """The context of a rule that doesn't look across. Does not ask git."""
        try:
            overrides = read_overrides(self.root, self.settings.overrides)
        except InputError:  # SG019 reports it
            overrides = None
        return RuleContext(
            policy=self.settings,
            today=self.today,
            folders=self.folders,
            ledgers=Ledgers(overrides=overrides or ()),
            rule_ids=tuple(rule.id for rule in self.rules),
        )

    @cached_property
    def context(self) -> RuleContext:
        """The context of every rule. Asks git."""
        return self.context_for(self.specs)

    def context_for(self, checked: Sequence[SpecDocument]) -> RuleContext:
        """The context of every rule, with the review states and the authorships of the specs in `checked`. Asks git."""
        return RuleContext(
            policy=self.settings,
            today=self.today,
            folders=self.folders,
            specs=self.specs,
            changes=self.changes,
            reviews=self._reviews(checked),
            ledgers=self.ledgers,
            authorships=self._authorships(checked),
            read_text=cache(partial(read_linked, self.root)),
            find_files=self.snapshot.covered_files,
            rule_ids=tuple(rule.id for rule in self.rules),
        )

    def _reviews(self, checked: Sequence[SpecDocument]) -> Reviews:
        path = self.settings.reviews
        former = self.comparison.former(path)
        if former is None:
            added, removed = frozenset[str](), 0
        else:
            added = review_ledger.added_reviews(self.ledgers.reviews, former, path=path)
            removed = review_ledger.removed_lines(former, self._present_reviews())
        return Reviews(
            states=self.review_states(checked),
            added=added,
            removed=removed,
            bulk_date_changes=self._bulk_date_changes(),
        )

    def write(self, path: str, data: bytes) -> None:
        """Write the file `path` of the project, and its folder where that is missing. Raises `RunError`."""
        try:
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self.root / path, data)
        except OSError as error:
            raise RunError(f"can't be written: {error.strerror or error}", path=path) from error

    def _present_reviews(self) -> bytes:
        try:
            return read_limited(self.root / self.settings.reviews, max_bytes=review_ledger.MAX_BYTES)
        except InputError:
            return b""

    def _bulk_date_changes(self) -> tuple[BulkDateChange, ...]:
        uncommitted = (
            FileEdit(None, item.path, item.blob, None) for item in self.comparison.uncommitted if item.blob is not None
        )
        edits: Iterable[FileEdit] = (*committed_edits(self.history, self.comparison.base.commit), *uncommitted)
        return find_bulk_date_changes(
            (edit for edit in edits if is_spec(edit.path, self.folders)),
            limit=self.settings.bulk_dates,
            fetch=self.tree.blobs,
            read=self.snapshot.read,
        )

    def _authorships(self, checked: Sequence[SpecDocument]) -> dict[str, Authorship]:
        """The authorships of the specs that need approvals: of all if the settings ask for some, else the changed."""
        policy, changed = self.settings.approvals, frozenset(self.changes.specs)
        needed = [
            spec
            for spec in checked
            if spec.declaration
            and spec.declaration.approvals
            and (spec.path in changed or policy.required or policy.roles)
        ]
        return find_authorships(
            needed,
            history=self.history,
            fetch=self.tree.blobs,
            dirty=self.snapshot.dirty,
            author=self._author,
        )

    def _author(self) -> str:
        """The e-mail of the present git user; empty when none is configured."""
        return email_of(self.tree.git.call("var", "GIT_AUTHOR_IDENT").stdout)


def _bytes(file: Path) -> bytes:
    """The content of a file; empty for one that can't be read or is a link."""
    try:
        return read_limited(file, max_bytes=MAX_BYTES, follow=False)
    except InputError:
        return b""
