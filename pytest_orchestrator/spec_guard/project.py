"""A project as it is now: specs, change, reviews and ledgers, each loaded when it is first needed, and once."""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import date
from functools import cache, cached_property, partial
from pathlib import Path

from pytest_orchestrator.codec.suggest import did_you_mean, limited
from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.errors import GitError, InputError, OrchestratorError, RunError
from pytest_orchestrator.files import append_whole, decode_utf8, inside, read_limited, write_atomic
from pytest_orchestrator.git.history import author_days, parse_log, read_log
from pytest_orchestrator.git.objects import LINK, SUBMODULE
from pytest_orchestrator.git.worktree import ChangedPath, WorkTree, open_work_tree
from pytest_orchestrator.spec_guard.change.base import find_base
from pytest_orchestrator.spec_guard.change.candidates import covering, naming
from pytest_orchestrator.spec_guard.change.changes import Changes
from pytest_orchestrator.spec_guard.change.comparison import (
    Comparison,
    FormerSettings,
    compare,
    find_changes,
    former_settings,
)
from pytest_orchestrator.spec_guard.change.duties import lost_code
from pytest_orchestrator.spec_guard.change.policy import Loosening, Policy, strictest
from pytest_orchestrator.spec_guard.change.pytest_settings import FILES
from pytest_orchestrator.spec_guard.change.scope import is_concerned
from pytest_orchestrator.spec_guard.coverage.anchors import parse_anchor
from pytest_orchestrator.spec_guard.coverage.links import find_linked
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot
from pytest_orchestrator.spec_guard.coverage.syntax import text_digest
from pytest_orchestrator.spec_guard.document.code_owners import MAX_BYTES, PLACES, CodeOwners, parse_code_owners
from pytest_orchestrator.spec_guard.document.discovery import (
    existing_specs,
    find_folders,
    ignored_files,
    is_no_spec,
    is_spec,
    may_be_no_spec,
    plain_folders,
    read_beside,
    read_linked,
    read_spec,
    walk_files,
)
from pytest_orchestrator.spec_guard.document.mapping import Reading
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, dated, parse
from pytest_orchestrator.spec_guard.ledgers.approvals import Authorship
from pytest_orchestrator.spec_guard.ledgers.authorship import email_of, find_authorships
from pytest_orchestrator.spec_guard.ledgers.baseline import (
    NEVER_HELD,
    Baseline,
    BaselineEntry,
    baseline_in_force,
    what_of,
)
from pytest_orchestrator.spec_guard.ledgers.loading import Ledgers, load_ledgers, read_reviews
from pytest_orchestrator.spec_guard.ledgers.loosenings import (
    folder_loosenings,
    index_loosenings,
    project_loosenings,
    pytest_loosenings,
    setting_loosenings,
)
from pytest_orchestrator.spec_guard.ledgers.overrides import Override
from pytest_orchestrator.spec_guard.ledgers.standing import (
    Additions,
    added_overrides,
    approver_loosenings,
    change_authors,
    find_adders,
    override_refusal,
)
from pytest_orchestrator.spec_guard.reviews import ledger as review_ledger
from pytest_orchestrator.spec_guard.reviews.assessment import review_states
from pytest_orchestrator.spec_guard.reviews.bulk_dates import FileEdit, committed_edits, find_bulk_date_changes
from pytest_orchestrator.spec_guard.reviews.history import History
from pytest_orchestrator.spec_guard.reviews.last_review import ReviewSources
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord
from pytest_orchestrator.spec_guard.reviews.state import BulkDateChange, Reviews, ReviewState
from pytest_orchestrator.spec_guard.rules.rule import Rule, RuleContext

_MAX_SUGGESTIONS = 50


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
    only_concerned: bool = False
    """Whether only those specs are loaded that the change may concern, and those whose ids they need."""
    _documents: dict[str, SpecDocument] = field(init=False, repr=False, default_factory=dict)
    _digests: dict[str, str] = field(init=False, repr=False, default_factory=dict)

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
        return (*self.folders, *plain_folders(self.root, set(self._former_folders) - set(self.folders)))

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The paths of the specs, tracked and untracked ones, without ignored ones; sorted. Asks git."""
        if not self.searched:
            return ()
        if not self.only_concerned:
            return self._existing(self.listed)
        # One at least: a project has specs even if the change concerns none.
        return self._existing(self._may_be_concerned()) or self._existing(self.listed)[:1]

    def _existing(self, listed: Iterable[str]) -> tuple[str, ...]:
        return self._specs_among(
            existing_specs(self.root, listed, self.searched, self._discovery, absent=self._is_absent)
        )

    @property
    def _discovery(self) -> SpecGuardSettings:
        """The settings by which specs are found: what only the change excludes stays a spec. Asks git."""
        return replace(self.settings, exclude=self.policy.settings.exclude)

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """The files below the folders of specs, tracked and untracked ones, without ignored ones; sorted. Asks git."""
        return self.tree.files(self.searched) if self.searched else ()

    @cached_property
    def ignored(self) -> Mapping[str, int]:
        """How many files in the folders of specs look like specs and are none, by the reason. Asks git."""
        others = (path for path in self.listed if path not in self._known_paths)
        return ignored_files(self.root, others, self.searched, self._discovery)

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
            or any(mode == SUBMODULE for mode, _ in self._tracked.values())
        ):
            return self.listed
        edited = [path for path in self.listed if path in changed]
        found = {path: self.document(path) for path in self._existing(edited)}
        specs = tuple(found.values())
        changes = self._changes_of(specs)
        lost = lost_code(changes, specs, self.snapshot.covered_files, lambda spec: spec.in_force)
        pattern = covering({*changes.files, *(path for paths in lost.values() for path in paths)})
        if pattern is None:
            return self.listed
        ids = {spec.id for spec in (*specs, *changes.earlier) if spec.id is not None}
        for path in self.tree.search(f"{pattern}|{naming(ids)}" if ids else pattern, self.folders):
            found[path] = self.document(path)
        related = {name for spec in found.values() if spec.declaration for name in spec.declaration.relates_to}
        wanted = related - {spec.id for spec in found.values()}
        if wanted:
            for path in self.tree.search(naming(wanted), self.folders):
                found[path] = self.document(path)
            if wanted - {spec.id for spec in found.values()}:
                return self.listed  # a dead reference: its message suggests one of all ids
        return [path for path in self.listed if path in found]

    def paths_without_git(self) -> tuple[str, ...]:
        """The paths of the specs, ignored ones too; sorted."""
        return self._specs_among(
            existing_specs(self.root, walk_files(self.root, self.folders), self.folders, self.settings)
        )

    def _specs_among(self, found: Iterable[str]) -> tuple[str, ...]:
        return tuple(path for path in found if not (may_be_no_spec(path) and is_no_spec(self.document(path))))

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
            spec = read_spec(self.root, path, self.reading)
            if spec.declaration is None and not os.path.lexists(self.root / path) and self._is_absent(path):
                spec = parse(self._stored(path) or b"", path=path, reading=self.reading)
            record = None if self.reading.native or spec.last_review else self._records.get(spec.id or "")
            if record is not None:
                spec = dated(spec, record.on)
            self._documents[path] = spec
        return self._documents[path]

    @cached_property
    def _records(self) -> Mapping[str, ReviewRecord]:
        """The last record of each spec, by id; none where the ledger can't be read: SG015 reports it."""
        try:
            ledger = read_reviews(self.root, self.settings.reviews)
        except InputError:
            return {}
        return {} if ledger is None else ledger.latest

    def _owners_of(self, path: str) -> tuple[str, ...]:
        return self.code_owners.of(path)

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
        uncommitted = self._uncommitted
        untracked = [item.path for item in uncommitted if item.untracked]
        links = {path: self._target(path) for path, (mode, _) in self._tracked.items() if mode == LINK}
        return Snapshot(
            self.root,
            files=self._tracked,
            dirty=[item.path for item in uncommitted],
            untracked=untracked,
            linked=find_linked(links, (*self._tracked, *untracked)) if links else {},
            absent=self._stored,
            docstrings=self.policy.settings.docstrings,
        )

    @cached_property
    def _tracked(self) -> Mapping[str, tuple[int, str]]:
        return self.tree.tracked()

    @cached_property
    def _uncommitted(self) -> Sequence[ChangedPath]:
        return self.tree.uncommitted_changes()

    def _is_absent(self, path: str) -> bool:
        """Whether a file that does not exist is only not checked out: git doesn't call it deleted."""
        return all(item.path != path for item in self._uncommitted)

    def _stored(self, path: str) -> bytes | None:
        """The content of a tracked file as git's index has it; of a submodule, the name of its commit."""
        mode, name = self._tracked.get(path, (0, ""))
        if mode == SUBMODULE:
            return f"Subproject commit {name}\n".encode()
        return self.tree.blobs([name])[name] if name else None

    def _target(self, link: str) -> str:
        """Where a symbolic link leads."""
        where = self.root / link
        return os.fspath(where.readlink()) if where.is_symlink() else os.fsdecode(self._stored(link) or b"")

    @cached_property
    def comparison(self) -> Comparison:
        """What differs from the base. Asks git."""
        base = find_base(self.tree, explicit=self.base, environ=self.environ)
        return compare(self.tree, base, self._uncommitted)

    @cached_property
    def changes(self) -> Changes:
        """The change that is checked. Asks git."""
        changes = self._changes_of(self.specs)
        if self.reading.native:
            return changes
        records = self._records_at_base()
        earlier = (dated(old, record.on) if (record := records.get(old.id or "")) else old for old in changes.earlier)
        return replace(changes, earlier=tuple(earlier))

    def _records_at_base(self) -> Mapping[str, ReviewRecord]:
        path = self.settings.reviews
        former = self.comparison.former(path)
        if former is None:
            return self._records
        try:
            return review_ledger.parse_reviews(decode_utf8(former, display_path=path), path=path).latest
        except InputError:
            return {}

    def _changes_of(self, specs: Sequence[SpecDocument]) -> Changes:
        """The change that is checked, as it concerns `specs`."""
        return find_changes(
            self.comparison,
            specs,
            root=self.root,
            folders=tuple(dict.fromkeys((*self.searched, *self._former_folders))),
            settings=self.settings,
            former=self.former.settings,
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
    def former(self) -> FormerSettings:
        """The settings at the base. Asks git."""
        if self.trusts_settings:
            return FormerSettings(settings=self.settings)
        return former_settings(self.comparison, self.settings)

    @cached_property
    def policy(self) -> Policy:
        """The settings of the base, and what the change tightens. Asks git."""
        found = strictest(self.former.settings, self.settings) if self._guarded else Policy(settings=self.settings)
        if self.max_age_days is None:
            return found
        return replace(found, settings=replace(found.settings, max_age_days=self.max_age_days, max_age={}))

    @cached_property
    def _guarded(self) -> bool:
        """Whether the base had settings of ours, or specs that can be read; else nothing of it can be loosened."""
        former = self.former
        if former.settings is self.settings or former.has_table:
            return True
        changed = self.comparison.paths
        blobs = {
            path: item.blob
            for path, item in changed.items()
            if item.blob and is_spec(path, former.folders, former.settings)
        }
        contents = self.tree.blobs(list(dict.fromkeys(blobs.values())))
        folders = plain_folders(self.root, former.folders)
        same = set(self.tree.files(folders)) - changed.keys() if folders else ()
        reading = replace(self.reading, settings=former.settings.reading)
        then = (parse(contents[blob], path=path, reading=reading) for path, blob in blobs.items())
        paths = existing_specs(self.root, same, folders, former.settings)
        specs = (*(read_spec(self.root, path, reading) for path in paths), *then)
        return any(spec.declaration is not None for spec in specs)

    @property
    def _former_folders(self) -> tuple[str, ...]:
        return self.former.folders if self._guarded else ()

    @cached_property
    def loosened(self) -> tuple[Loosening, ...]:
        """What the change loosens in settings and ledgers. Asks git."""
        if self.comparison.base.commit is None or self.trusts_settings:
            return ()
        ledgers, former = self.ledgers, self.former
        earlier = tuple(spec.path for spec in self.changes.earlier)
        found = [
            *setting_loosenings(self.root, former, self.policy, self.settings, self.snapshot.files),
            *folder_loosenings(self.root, former, self._discovery, self.paths, earlier),
            *project_loosenings(self.comparison, self.root),
            *pytest_loosenings(self.comparison, self.root, self.pytest_folder, lambda: (*self.paths, "spec-guard::")),
            *index_loosenings(self.ledger_at_base("index"), ledgers.index_text, path=self.settings.index),
        ]
        if self.ledger_at_base("approvers"):
            found += approver_loosenings(
                ledgers.approvers or {}, ledgers.present_approvers, path=self.settings.approvers
            )
        return tuple(found)

    # Reviews and ledgers

    @cached_property
    def ledgers(self) -> Ledgers:
        """The ledgers. Asks git for the approvers and the overrides at the base."""
        loaded = load_ledgers(self.root, self.settings, approvers_at_base=self.ledger_at_base("approvers"))
        return replace(loaded, unproven=self._unproven(loaded))

    def ledger_at_base(self, name: str) -> bytes | None:
        """The content at the base of the ledger that the setting `name` names; None where the change leaves it alone.

        Empty where the base has no such ledger. A ledger that moves together with its setting is the same one.
        """
        path, before = getattr(self.settings, name), getattr(self.former.settings, name)
        if self.comparison.base.commit is None or not self._guarded:
            return None
        return self.comparison.former(path) if path == before else self.comparison.at_base(before) or b""

    def _unproven(self, ledgers: Ledgers) -> Mapping[Override, str]:
        """Why an override that the change adds does not count."""
        former, base, path = self.ledger_at_base("overrides"), self.comparison.base.commit, self.settings.overrides
        if former is None or base is None or self.trusts_settings:
            return {}
        added = added_overrides(ledgers.overrides, former, path=path)
        approvers = ledgers.approvers or {}
        additions = Additions(added_by={}, authors=frozenset())
        if any(override.approved_by in approvers for override in added):
            uncommitted = {item.path for item in self.comparison.uncommitted}
            written_now = {self._author()} if uncommitted - {path} else frozenset[str]()
            additions = Additions(
                added_by=find_adders(
                    added,
                    path,
                    history=self.history,
                    fetch=self.tree.blobs,
                    uncommitted_by=self._author() if path in uncommitted else None,
                ),
                authors=change_authors(self.history, base, beside=path) | written_now,
            )
        own_commit = self.policy.settings.approvals.own_commit
        refusals = {item: override_refusal(item, additions, approvers, own_commit=own_commit) for item in added}
        return {override: why for override, why in refusals.items() if why is not None}

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
        former = self.ledger_at_base("baseline")
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
        if item.rule in NEVER_HELD:
            return None
        digest = self._content_digest(item.path)
        entry = BaselineEntry(rule=item.rule, path=item.path, what=what_of(item), digest=digest or "")
        return entry if digest else None

    def _content_digest(self, path: str) -> str | None:
        """The digest of what a finding on a file depends on: its words, those of its keys, and the covered code.

        None for a file that can't be read.
        """
        if path not in self._digests:
            parts = (self.snapshot.read(path), self.reading.beside(path))
            if parts[0] is None and os.path.lexists(self.root / path):
                return None
            texts = [text_digest((part or b"").decode("utf-8", "surrogateescape")) for part in parts]
            covers = self.document(path).covers if path in self._known_paths else ()
            texts += [str(self.snapshot.digest(parse_anchor(anchor))) for anchor in covers]
            self._digests[path] = text_digest("\n".join(texts))
        return self._digests[path]

    @cached_property
    def _known_paths(self) -> frozenset[str]:
        return frozenset(self.paths)

    def is_touched(self, path: str) -> bool:
        """Whether the change edits a file, or code that the spec in it governs. Asks git."""
        if path in self.changes.specs or path in self.changes.files:
            return True
        return path in self._known_paths and is_concerned(self.document(path), self.changes)

    # What rules judge by

    @cached_property
    def narrow_context(self) -> RuleContext:
        """The context of a rule that doesn't look across. Where git fails, the present settings judge, and no override
        counts: nobody can tell what stood in the base."""
        try:
            policy, ledgers = self.policy.settings, self.ledgers
        except GitError:  # the repository's item reports it
            policy, ledgers = self.settings, Ledgers()
        return RuleContext(
            policy=policy,
            today=self.today,
            folders=self.folders,
            ledgers=Ledgers(overrides=ledgers.overrides, unproven=ledgers.unproven),
            rule_ids=tuple(rule.id for rule in self.rules),
            is_known=self.is_in_baseline,
        )

    @cached_property
    def context(self) -> RuleContext:
        """The context of every rule. Asks git."""
        return self.context_for(self.specs)

    def context_for(self, checked: Sequence[SpecDocument]) -> RuleContext:
        """The context of every rule, with the review states and the authorships of the specs in `checked`. Asks git."""
        return RuleContext(
            policy=self.policy.settings,
            today=self.today,
            folders=self.folders,
            specs=self.specs,
            changes=self.changes,
            reviews=self._reviews(checked),
            ledgers=self.ledgers,
            authorships=self._authorships(checked),
            read_text=cache(partial(read_linked, self.root)),
            suggest=limited(did_you_mean, at_most=_MAX_SUGGESTIONS),
            find_files=self.snapshot.covered_files,
            rule_ids=tuple(rule.id for rule in self.rules),
            loosened=self.loosened,
            baseline=self.baseline,
            is_known=self.is_in_baseline,
        )

    def _reviews(self, checked: Sequence[SpecDocument]) -> Reviews:
        path = self.settings.reviews
        former = self.ledger_at_base("reviews")
        if former is None:
            recorded, removed = tuple[ReviewRecord, ...](), 0
        else:
            recorded = review_ledger.added_records(self.ledgers.reviews, former, path=path)
            removed = review_ledger.removed_lines(former, self._present_reviews())
        return Reviews(
            states=self.review_states(checked),
            added=frozenset(item.spec for item in recorded if self.ledgers.reviews.latest[item.spec] is item),
            recorded=recorded,
            removed=removed,
            bulk_date_changes=self._bulk_date_changes(),
        )

    def write(self, path: str, data: bytes) -> None:
        """Write the file `path` of the project, and its folder where that is missing.

        Raises:
            InputError: `path` leaves the project, or goes through a symbolic link.
            RunError: it can't be written.
        """
        self._put(path, partial(write_atomic, data=data))

    def append(self, path: str, lines: bytes) -> None:
        """Append `lines` to the file `path` of the project, all or nothing. Raises as `write`."""
        self._put(path, partial(append_whole, data=lines, sync=True))

    def _put(self, path: str, put: Callable[[Path], None]) -> None:
        where = inside(self.root, path)
        try:
            where.parent.mkdir(parents=True, exist_ok=True)
            put(where)
        except OSError as error:
            raise RunError(f"can't be written: {error.strerror or error}", path=path, fix=_write_fix(error)) from error

    def _present_reviews(self) -> bytes:
        try:
            return read_limited(inside(self.root, self.settings.reviews), max_bytes=review_ledger.MAX_BYTES)
        except InputError:
            return b""

    def _bulk_date_changes(self) -> tuple[BulkDateChange, ...]:
        uncommitted = (
            FileEdit(None, item.path, item.blob, None) for item in self.comparison.uncommitted if item.blob is not None
        )
        edits: Iterable[FileEdit] = (*committed_edits(self.history, self.comparison.base.commit), *uncommitted)
        return find_bulk_date_changes(
            (edit for edit in edits if self._holds_date(edit.path)),
            limit=self.policy.settings.bulk_dates,
            fetch=self.tree.blobs,
            read=self.snapshot.read,
            reading=self.reading,
        )

    def _holds_date(self, path: str) -> bool:
        """Whether a file is a spec, or holds the keys of specs."""
        beside = self.settings.reading.beside
        return is_spec(path, self.searched, self._discovery) or (beside != "" and posixpath.basename(path) == beside)

    def _authorships(self, checked: Sequence[SpecDocument]) -> dict[str, Authorship]:
        """The authorships of the specs that need approvals: of all if the settings ask for some, else the changed."""
        policy, changed = self.policy.settings.approvals, frozenset(self.changes.specs)
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
            reading=self.reading,
        )

    def _author(self) -> str:
        """The e-mail of the present git user; empty when none is configured."""
        return email_of(self.tree.git.call("var", "GIT_AUTHOR_IDENT").stdout)


def _write_fix(error: OSError) -> str:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return "free some space" if full else "make it a plain file that you may write"


def _bytes(file: Path) -> bytes:
    """The content of a file; empty for one that can't be read or is a link."""
    try:
        return read_limited(file, max_bytes=MAX_BYTES, follow=False)
    except InputError:
        return b""
