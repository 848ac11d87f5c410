"""Loads a project's background from its files and its history."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import decode_utf8, read_limited
from pytest_orchestrator.git.history import parse_log
from pytest_orchestrator.git.worktree import ChangedPath, WorkTree
from pytest_orchestrator.records import Diagnostic, Range
from pytest_orchestrator.spec_guard.background import Background
from pytest_orchestrator.spec_guard.change.changes import Changes
from pytest_orchestrator.spec_guard.coverage.anchors import parse_anchor
from pytest_orchestrator.spec_guard.coverage.snapshot import Snapshot
from pytest_orchestrator.spec_guard.document.discovery import is_spec
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, parse
from pytest_orchestrator.spec_guard.ledgers import approvals, overrides, task_index
from pytest_orchestrator.spec_guard.ledgers.approvals import Approver, Authorship
from pytest_orchestrator.spec_guard.ledgers.authorship import authorship
from pytest_orchestrator.spec_guard.ledgers.overrides import Override
from pytest_orchestrator.spec_guard.reviews import ledger as reviews
from pytest_orchestrator.spec_guard.reviews.assessment import Survey
from pytest_orchestrator.spec_guard.reviews.history import History
from pytest_orchestrator.spec_guard.reviews.inquiry import answer
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewLedger
from pytest_orchestrator.spec_guard.reviews.state import BulkMove, Standings

T = TypeVar("T")

_MAX_LINKED_BYTES = 10 << 20


class Surroundings:
    """A project as it lies around its specs. Everything is loaded when it is first asked for, and once."""

    def __init__(  # noqa: PLR0913 - everything that a background depends on
        self,
        root: Path,
        *,
        tree: WorkTree,
        settings: SpecGuardSettings,
        today: date,
        dirty: Sequence[ChangedPath],
        base: Mapping[str, ChangedPath],
        log: Callable[[], bytes],
    ) -> None:
        self._root = root
        self._tree = tree
        self._settings = settings
        self._today = today
        self._dirty = {item.path: item for item in dirty}
        self._base = base
        self._log = log
        self._broken: list[Diagnostic] = []
        self._texts: dict[str, str | None] = {}

    @cached_property
    def history(self) -> History:
        """The repository's history. Raises `GitError`."""
        return History(parse_log(self._log(), self._tree.prefix))

    @cached_property
    def snapshot(self) -> Snapshot:
        """The files as they are. Raises `GitError`."""
        # Git has walked the working tree once already, to say what differs.
        untracked = (path for path, item in self._dirty.items() if item.untracked)
        return Snapshot(self._root, files=self._tree.tracked(), dirty=self._dirty, untracked=untracked)

    @cached_property
    def ledger(self) -> ReviewLedger:
        """The reviews; none when the ledger can't be read, which is said in the background's `broken`."""
        found = self._load("SG015", self._settings.reviews, reviews.MAX_BYTES, reviews.parse_reviews)
        return found or ReviewLedger()

    def check_ledger(self) -> None:
        """Raises `InputError` when there are reviews that can't be read."""
        _read(self._root, self._settings.reviews, reviews.MAX_BYTES, reviews.parse_reviews)

    def survey(self) -> Survey:
        """Where specs stand. Raises `GitError`."""
        return Survey(
            history=self.history,
            snapshot=self.snapshot,
            ledger=self.ledger,
            today=self._today,
            fetch=self._tree.blobs,
            shallow=self._tree.shallow,
        )

    def background(self, specs: Sequence[SpecDocument], changes: Changes, folders: Sequence[str]) -> Background:
        """What rules may judge `specs` by. Raises `GitError`."""
        settings = self._settings
        standings = Standings(by_path=self.survey().standings(specs))
        index = self._load("SG014", settings.index, task_index.MAX_BYTES, task_index.parse_index)
        written = self._written(specs, changes)
        return Background(
            standings=standings,
            ledger=self.ledger,
            new_reviews=self._new_reviews(),
            lost_reviews=self._lost_reviews(),
            bulk_moves=self._bulk_moves(changes, folders),
            overrides=self.overrides(),
            approvers=self.approvers(),
            written=lambda path: written.get(path, Authorship()),
            index=index,
            index_text=self._text(settings.index) or "",
            read=self._text,
            find=self._find,
            broken=tuple(self._broken),
        )

    def overrides(self) -> tuple[Override, ...]:
        """The overrides as they are written; some may not count."""
        return self._load("SG019", self._settings.overrides, overrides.MAX_BYTES, overrides.parse_overrides) or ()

    def approvers(self) -> Mapping[str, Approver] | None:
        """The approvers, as the base has them where it has any: nobody appoints himself in the change he approves."""
        path = self._settings.approvers
        changed = self._base.get(path)
        if changed is None or changed.blob is None:
            return self._load("SG013", path, approvals.MAX_BYTES, approvals.parse_approvers)
        former = self._tree.blobs([changed.blob])[changed.blob]
        try:
            return approvals.parse_approvers(decode_utf8(former, display_path=path), path=path)
        except InputError:  # it was broken; the change may be what mends it
            return self._load("SG013", path, approvals.MAX_BYTES, approvals.parse_approvers)

    def _written(self, specs: Sequence[SpecDocument], changes: Changes) -> dict[str, Authorship]:
        wanted = [
            spec
            for spec in specs
            if spec.declaration and spec.declaration.approvals and self._needs_approval(spec, changes)
        ]
        inquiries = {
            spec.path: authorship(spec, history=self.history, dirty=spec.path in self._dirty, me=self._me)
            for spec in wanted
        }
        return answer(inquiries, self._tree.blobs)

    def _needs_approval(self, spec: SpecDocument, changes: Changes) -> bool:
        policy = self._settings.approvals
        return spec.path in changes.specs or bool(policy.required or policy.roles)

    def _me(self) -> str:
        found = self._tree.git.call("var", "GIT_AUTHOR_IDENT").stdout.decode("utf-8", "replace")
        return found.rpartition("<")[2].partition(">")[0].casefold()

    def _new_reviews(self) -> frozenset[str]:
        """The specs whose last record the base's ledger lacks; none where that one can't be read."""
        path = self._settings.reviews
        changed = self._base.get(path)
        if changed is None:
            return frozenset()
        former = b"" if changed.blob is None else self._tree.blobs([changed.blob])[changed.blob]
        try:
            records = reviews.parse_reviews(decode_utf8(former, display_path=path), path=path).records
        except InputError:
            return frozenset()
        known = set(reviews.render_reviews(records).splitlines())
        latest = self.ledger.latest()
        return frozenset(name for name, made in latest.items() if reviews.render_reviews([made]).strip() not in known)

    def _lost_reviews(self) -> int:
        changed = self._base.get(self._settings.reviews)
        if changed is None or changed.blob is None:
            return 0
        former = self._tree.blobs([changed.blob])[changed.blob].split(b"\n")
        try:
            data = read_limited(self._root / self._settings.reviews, max_bytes=reviews.MAX_BYTES)
        except InputError:
            data = b""
        kept = {line.strip() for line in data.split(b"\n")}
        return sum(bool(line.strip()) and line.strip() not in kept for line in former)

    def _bulk_moves(self, changes: Changes, folders: Sequence[str]) -> tuple[BulkMove, ...]:
        """The commits of the change, and the working tree, that moved nothing but dates, and too many."""
        limit = self._settings.bulk_dates
        pairs: dict[str | None, list[tuple[str, str, str]]] = {}
        base = None if changes.base is None or changes.base.commit is None else changes.base.commit
        place = None if base is None else self.history.places.get(base)
        if place is not None:
            self.history.prepare([place])
            for number, commit in enumerate(self.history.commits):
                if len(commit.parents) > 1 or self.history.includes(place, number):
                    continue
                pairs[commit.id] = [
                    (touch.path, touch.former, touch.blob)
                    for touch in commit.touches
                    if touch.former and touch.blob and is_spec(touch.path, folders)
                ]
        wanted = {name: items for name, items in pairs.items() if len(items) > limit}
        contents = self._tree.blobs(list({blob for items in wanted.values() for item in items for blob in item[1:]}))
        moved = {
            name: tuple(path for path, old, new in items if _moved_date_only(contents[old], contents[new], path))
            for name, items in wanted.items()
        }
        here = [item for path, item in self._dirty.items() if item.blob and is_spec(path, folders)]
        if len(here) > limit:
            contents = self._tree.blobs([item.blob for item in here if item.blob])
            moved[None] = tuple(
                item.path
                for item in here
                if _moved_date_only(contents[item.blob or ""], self.snapshot.read(item.path) or b"", item.path)
            )
        return tuple(BulkMove(commit=name, paths=paths) for name, paths in moved.items() if len(paths) > limit)

    def _load(self, rule: str, path: str, max_bytes: int, read: Callable[..., T]) -> T | None:
        """A file of the project's, or None when there is none or it is broken, which is noted then."""
        try:
            return _read(self._root, path, max_bytes, read)
        except InputError as error:
            place = Range.of_line(error.line or 1)
            fix = error.fix or "correct the file"
            found = Diagnostic(rule=rule, severity="error", message=error.message, path=path, range=place, fix=fix)
            if found not in self._broken:
                self._broken.append(found)
            return None

    def _find(self, text: str) -> tuple[str, ...]:
        anchor = parse_anchor(text)
        paths = self.snapshot.files.matching(anchor)
        gone = anchor.symbol and paths and not self.snapshot.defines(anchor.glob, anchor.symbol)
        return () if gone else paths

    def _text(self, path: str) -> str | None:
        """A Markdown file's text; empty for what is there and no Markdown; None for what is not there."""
        if path not in self._texts:
            self._texts[path] = self._read_text(path)
        return self._texts[path]

    def _read_text(self, path: str) -> str | None:
        where = self._root / path
        if not where.exists():
            return None
        if not path.endswith((".md", ".markdown", ".json")) or where.is_dir():
            return ""
        try:
            return decode_utf8(read_limited(where, max_bytes=_MAX_LINKED_BYTES, display_path=path), display_path=path)
        except InputError:
            return ""


def load_overrides(root: Path, settings: SpecGuardSettings) -> tuple[Override, ...]:
    """The overrides as they are written, none where they can't be read; the repository's rules say that."""
    try:
        return _read(root, settings.overrides, overrides.MAX_BYTES, overrides.parse_overrides) or ()
    except InputError:
        return ()


def _read(root: Path, path: str, max_bytes: int, read: Callable[..., T]) -> T | None:
    where = root / path
    if not os.path.lexists(where):
        return None
    if where.resolve() != root.resolve() / path:
        raise InputError("is a symbolic link, or lies behind one", path=path, fix="put the file itself here")
    return read(decode_utf8(read_limited(where, max_bytes=max_bytes, display_path=path), display_path=path), path=path)


def _moved_date_only(before: bytes, after: bytes, path: str) -> bool:
    old, new = parse(before, path=path), parse(after, path=path)
    return (
        old.declaration is not None
        and old.last_review != new.last_review
        and old.declaration == new.declaration
        and old.says_the_same(new)
    )
