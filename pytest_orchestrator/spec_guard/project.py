"""A project as it is now: specs, change, reviews and ledgers, each loaded when it is first needed, and once."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import date
from functools import cache, cached_property, partial
from pathlib import Path

from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.errors import GitError, OrchestratorError
from pytest_orchestrator.git.history import author_days, parse_log, read_log
from pytest_orchestrator.git.worktree import WorkTree, open_work_tree
from pytest_orchestrator.spec_guard.change.base import find_base
from pytest_orchestrator.spec_guard.change.candidates import find_candidates
from pytest_orchestrator.spec_guard.change.changes import Changes
from pytest_orchestrator.spec_guard.change.comparison import Comparison, compare, find_changes
from pytest_orchestrator.spec_guard.change.policy import Loosening, Policy
from pytest_orchestrator.spec_guard.change.policy_in_force import PolicyInForce
from pytest_orchestrator.spec_guard.change.pytest_settings import FILES
from pytest_orchestrator.spec_guard.change.scope import is_concerned
from pytest_orchestrator.spec_guard.coverage.anchors import parse_anchor
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot
from pytest_orchestrator.spec_guard.coverage.tracked import TrackedFiles
from pytest_orchestrator.spec_guard.document.code_owners import CodeOwners, load_code_owners
from pytest_orchestrator.spec_guard.document.discovery import (
    find_folders,
    plain_folders,
    read_beside,
    read_spec,
    walk_files,
)
from pytest_orchestrator.spec_guard.document.mapping import Reading
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, dated, parse
from pytest_orchestrator.spec_guard.document.spec_files import SpecFiles
from pytest_orchestrator.spec_guard.ledgers.authorship import email_of
from pytest_orchestrator.spec_guard.ledgers.baseline import (
    Baseline,
    BaselineEntry,
    ContentDigests,
    baseline_in_force,
    entry_of,
)
from pytest_orchestrator.spec_guard.ledgers.loading import Ledgers, load_ledgers
from pytest_orchestrator.spec_guard.ledgers.loosenings import find_loosenings
from pytest_orchestrator.spec_guard.ledgers.standing import unproven_overrides
from pytest_orchestrator.spec_guard.reviews.assessment import review_states
from pytest_orchestrator.spec_guard.reviews.history import History
from pytest_orchestrator.spec_guard.reviews.last_review import ReviewSources
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord, latest_records, read_lines
from pytest_orchestrator.spec_guard.reviews.state import ReviewState
from pytest_orchestrator.spec_guard.rules.rule import Rule


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
    max_age_days: int | None = None
    """The limit that a person asked for; it counts whatever the settings say."""
    trusts_settings: bool = False
    """Whether `settings` judge whatever the base says, because a person chose them, or nothing is judged."""
    pytest_folder: str = ""
    """Where pytest's settings are, relative to `root`: empty, or ending with a slash."""
    use_baseline: bool = True
    """Whether findings in the baseline are no errors."""
    texts: Mapping[str, bytes] = field(default_factory=dict)
    """Read in place of the files of these names, such as what an editor has not saved yet."""
    only_concerned: bool = False
    """Whether only those specs are loaded that the change may concern, and those whose ids they need."""
    _documents: dict[str, SpecDocument] = field(init=False, repr=False, default_factory=dict)

    def narrowed(self) -> Project:
        """The same project, of which only those specs are loaded that the change may concern."""
        return replace(self, only_concerned=True)

    # Specs

    @cached_property
    def folders(self) -> tuple[str, ...]:
        """Where the present settings search specs, relative to `root`. Raises `InputError` for a wrong setting."""
        return find_folders(self.root, self.settings)

    @cached_property
    def searched(self) -> tuple[str, ...]:
        """Where specs are searched: in `folders`, and in those of the base, unless links took their place. Asks git."""
        return (*self.folders, *plain_folders(self.root, set(self.policy_in_force.former_folders) - set(self.folders)))

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The paths of the specs, tracked and untracked ones, without ignored ones; sorted. Asks git."""
        if not self.searched:
            return ()
        if not self.only_concerned:
            return self.spec_files.among(self.listed)
        # One at least: a project has specs even if the change concerns none.
        return self.spec_files.among(self._may_be_concerned()) or self.spec_files.among(self.listed)[:1]

    @cached_property
    def spec_files(self) -> SpecFiles:
        """Tells which files are specs, by the settings in force. Asks git."""
        return SpecFiles(
            root=self.root,
            folders=self.searched,
            settings=self.policy_in_force.discovery,
            document=self.document,
            absent=self._tracked.is_absent,
        )

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """The files below the folders of specs, tracked and untracked ones, without ignored ones; sorted. Asks git."""
        return self.tree.files(self.searched) if self.searched else ()

    @cached_property
    def ignored(self) -> Mapping[str, int]:
        """How many files in the folders of specs look like specs and are none, by the reason. Asks git."""
        others = (path for path in self.listed if path not in self._known_paths)
        return self.spec_files.ignored(others)

    @cached_property
    def reading(self) -> Reading:
        """How front matter is read."""
        return Reading(
            settings=self.settings.reading,
            read=cache(partial(read_beside, self.root)),
            owners=self._owners_of,
        )

    def _may_be_concerned(self) -> Sequence[str]:
        """The files of `listed` that may be specs that the change concerns, or have an id that rules look for."""
        changed = self.comparison.paths
        read_whole = (self.settings.index, self.settings.overrides, self.settings.baseline)  # their rules look at all
        if (
            any(os.path.lexists(self.root / path) for path in read_whole)
            or not self.reading.native
            or not changed.keys().isdisjoint(FILES)
            or self.snapshot.linked
            or self._tracked.has_submodules
        ):
            return self.listed
        edited = self.spec_files.among(path for path in self.listed if path in changed)
        specs = tuple(map(self.document, edited))
        return find_candidates(
            self.listed,
            specs,
            self._changes_of(specs),
            tree=self.tree,
            folders=self.folders,
            find_files=self.snapshot.covered_files,
            document=self.document,
        )

    def paths_without_git(self) -> tuple[str, ...]:
        """The paths of the specs, ignored ones too; sorted."""
        files = SpecFiles(root=self.root, folders=self.folders, settings=self.settings, document=self.document)
        return files.among(walk_files(self.root, self.folders))

    @property
    def available_paths(self) -> tuple[str, ...]:
        """`paths`, or `paths_without_git` where git fails."""
        try:
            return self.paths
        except GitError:
            return self.paths_without_git()

    def document(self, path: str) -> SpecDocument:
        """The spec in the file `path`. One in the format of another tool may have its date in the ledger alone."""
        if path not in self._documents:
            spec = self._read(path)
            if spec.declaration is None and not os.path.lexists(self.root / path) and self._tracked.is_absent(path):
                spec = parse(self._tracked.stored(path) or b"", path=path, reading=self.reading)
            record = None if self.reading.native or spec.last_review else self._records.get(spec.id or "")
            if record is not None:
                spec = dated(spec, record.on)
            self._documents[path] = spec
        return self._documents[path]

    def _read(self, path: str) -> SpecDocument:
        text = self.texts.get(path)
        return (
            read_spec(self.root, path, self.reading) if text is None else parse(text, path=path, reading=self.reading)
        )

    @cached_property
    def _records(self) -> Mapping[str, ReviewRecord]:
        """The last record of each spec, by id; none where the ledger can't be read: SG015 reports it."""
        path = self.settings.reviews
        return latest_records(read_lines(self.root, path), path=path)

    def _owners_of(self, path: str) -> tuple[str, ...]:
        return self.code_owners.of(path)

    @cached_property
    def code_owners(self) -> CodeOwners:
        """The owners of specs that name none: as the base has them, so that no change appoints its own reviewer."""
        return load_code_owners(self.root, self._at_base)

    def _at_base(self, path: str) -> bytes | None:
        return self.comparison.former(path)

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
        return self._tracked.snapshot(docstrings=self.policy.settings.docstrings)

    @cached_property
    def _tracked(self) -> TrackedFiles:
        return TrackedFiles(self.root, self.tree, self.texts)

    @cached_property
    def comparison(self) -> Comparison:
        """What differs from the base. Asks git."""
        base = find_base(self.tree, explicit=self.base, environ=self.environ)
        return compare(self.tree, base, self._tracked.uncommitted)

    @cached_property
    def changes(self) -> Changes:
        """The change that is checked. Asks git."""
        changes = self._changes_of(self.specs)
        if self.reading.native:
            return changes
        path = self.settings.reviews
        former = self.comparison.former(path)
        records = self._records if former is None else latest_records(former, path=path)
        earlier = (dated(old, record.on) if (record := records.get(old.id or "")) else old for old in changes.earlier)
        return replace(changes, earlier=tuple(earlier))

    def _changes_of(self, specs: Sequence[SpecDocument]) -> Changes:
        """The change that is checked, as it concerns `specs`."""
        return find_changes(
            self.comparison,
            specs,
            root=self.root,
            folders=tuple(dict.fromkeys((*self.searched, *self.policy_in_force.former_folders))),
            settings=self.settings,
            former=self.policy_in_force.former.settings,
            reading=self.reading,
            snapshot=self.snapshot,
            today=self.today,
            days_since=self.days_since,
        )

    def days_since(self, commit: str) -> Mapping[str, date]:
        """For each file, the newest author's day of the commits after `commit` that touch it. Asks git."""
        return author_days(self.tree, commit)

    # The policy

    @cached_property
    def policy_in_force(self) -> PolicyInForce:
        """What judges the change: the settings of the base, and what the change tightens."""
        return PolicyInForce(
            root=self.root,
            present=self.settings,
            reading=self.reading,
            compare=lambda: self.comparison,
            trusts_present=self.trusts_settings,
            max_age_days=self.max_age_days,
        )

    @property
    def policy(self) -> Policy:
        """The settings that judge the change. Asks git."""
        return self.policy_in_force.policy

    @cached_property
    def loosened(self) -> tuple[Loosening, ...]:
        """What the change loosens in settings and ledgers. Asks git."""
        if self.comparison.base.commit is None or self.trusts_settings:
            return ()
        return find_loosenings(
            self.policy_in_force,
            self.ledgers,
            paths=self.paths,
            earlier=tuple(spec.path for spec in self.changes.earlier),
            files=self.snapshot.files,
            pytest_folder=self.pytest_folder,
        )

    # Reviews and ledgers

    @cached_property
    def ledgers(self) -> Ledgers:
        """The ledgers. Asks git for the approvers and the overrides at the base."""
        policy = self.policy_in_force
        loaded = load_ledgers(self.root, self.settings, approvers_at_base=policy.ledger_at_base("approvers"))
        unproven = unproven_overrides(policy, loaded, history=lambda: self.history, author=self.author)
        return replace(loaded, unproven=unproven)

    def author(self) -> str:
        """The e-mail of the present git user; empty when none is configured."""
        return email_of(self.tree.git.call("var", "GIT_AUTHOR_IDENT").stdout)

    def review_states(self, specs: Sequence[SpecDocument]) -> dict[str, ReviewState]:
        """The review state of each of `specs` that is in force and has a date, by path. Asks git."""
        sources = ReviewSources(
            history=self.history,
            snapshot=self.snapshot,
            records=self.ledgers.reviews.latest,
            today=self.today,
            fetch=self.tree.blobs,
            shallow=self.tree.shallow,
            reading=self.reading,
            moved=self.changes.unchanged.moved,
        )
        return review_states(specs, sources)

    @cached_property
    def baseline(self) -> Baseline:
        """The baseline as it counts for the change. Asks git."""
        path = self.settings.baseline
        present = self.ledgers.baseline
        if present is None:
            return Baseline()
        former = self.policy_in_force.ledger_at_base("baseline")
        if former is None and not self.snapshot.files.matching(parse_anchor(path)):
            former = b""  # git ignores it, so the base has none
        return baseline_in_force(present, former, path=path)

    def is_in_baseline(self, item: Diagnostic) -> bool:
        """Whether the baseline holds a finding. A baseline that can't be compared with the base's holds none.

        One that the change itself brings holds no finding on what the change touches.
        """
        if not self.use_baseline or not os.path.lexists(self.root / self.settings.baseline):
            return False
        try:
            entry = self.baseline_entry(item)
            if entry is None or entry not in self.baseline.entries:
                return False
            return not (self.baseline.adopted and self.is_touched(item.path))
        except OrchestratorError:
            return False

    def baseline_entry(self, item: Diagnostic) -> BaselineEntry | None:
        """A finding as the baseline records it; None for one that no baseline can hold. Asks git."""
        return entry_of(item, self._content_digests)

    @cached_property
    def _content_digests(self) -> ContentDigests:
        return ContentDigests(root=self.root, snapshot=self.snapshot, reading=self.reading, spec=self._spec_in)

    def _spec_in(self, path: str) -> SpecDocument | None:
        return self.document(path) if path in self._known_paths else None

    @cached_property
    def _known_paths(self) -> frozenset[str]:
        return frozenset(self.paths)

    def is_touched(self, path: str) -> bool:
        """Whether the change edits a file, or code that the spec in it governs. Asks git."""
        if path in self.changes.specs or path in self.changes.files:
            return True
        return path in self._known_paths and is_concerned(self.document(path), self.changes)
