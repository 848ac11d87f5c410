"""`spec review`: chooses specs, shows what changed since their last review, and records that somebody read them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.errors import RunError, UsageError
from pytest_orchestrator.files import read_limited, write_atomic
from pytest_orchestrator.spec_guard.change.scope import is_concerned
from pytest_orchestrator.spec_guard.coverage import globs
from pytest_orchestrator.spec_guard.coverage.anchors import file_globs
from pytest_orchestrator.spec_guard.document.spec import MAX_BYTES, SpecDocument
from pytest_orchestrator.spec_guard.inspection import Inspection
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord, render_reviews
from pytest_orchestrator.spec_guard.reviews.recording import owners_of, record_of, with_date
from pytest_orchestrator.spec_guard.reviews.state import Standing


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which specs to review: those that any of these choose."""

    patterns: tuple[str, ...] = ()
    """Files, folders and globs, relative to the project."""
    changed: bool = False
    """Those that the change touches, or whose code it touches."""
    stale: bool = False
    """Those that are due within the days of warning, or whose words or code changed since their review."""


class ReviewSession:
    """One look at a project by somebody who is about to review."""

    def __init__(self, root: Path, *, settings: SpecGuardSettings, today: date, base: str | None = None) -> None:
        self._root = root
        self._settings = settings
        self._today = today
        self._inspection = Inspection(root, settings=settings, today=today, base=base)

    def chosen(self, choice: Choice) -> tuple[SpecDocument, ...]:
        """The specs to review, sorted by path.

        Raises:
            UsageError: a pattern matches no spec.
            InputError: the ledger of reviews is broken: nobody would read what is appended to it.
        """
        context = self._inspection.change_context
        self._inspection.surroundings.check_ledger()
        for pattern in choice.patterns:
            if not any(globs.matches(spec.path, (pattern,)) for spec in context.specs):
                raise UsageError(f"{pattern} is no spec", fix="name specs, folders of specs, or globs of them")
        standing = self.standings(context.specs) if choice.stale else {}
        found = [
            spec
            for spec in context.specs
            if globs.matches(spec.path, choice.patterns)
            or (choice.changed and is_concerned(spec, context.changes))
            or (choice.stale and self._wants_review(spec, standing.get(spec.path)))
        ]
        return tuple(found)

    def standings(self, specs: Sequence[SpecDocument]) -> dict[str, Standing]:
        """Where specs stand."""
        return self._inspection.surroundings.survey().standings(specs)

    def difference(self, spec: SpecDocument) -> str:
        """What changed in the spec and in the code that it covers since its last review, as a patch."""
        standing = self.standings([spec]).get(spec.path, Standing())
        commit = standing.reviewed.commit if standing.reviewed else None
        tree = self._inspection.tree
        if commit is None or tree.commit(commit) is None:
            return f"{spec.path}: git knows no commit of its last review; read all of it\n"
        covered = file_globs(spec.declaration.covers) if spec.declaration else ()
        options = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--relative", commit, "--")
        pathspecs = (spec.path, *(f":(glob){glob}" for glob in covered if "*" in glob or "?" in glob or "[" in glob))
        literal = tuple(glob for glob in covered if not set(glob) & set("*?["))
        return tree.git.output(*options, *pathspecs, *literal).decode("utf-8", "replace") or "nothing changed\n"

    def record(self, spec: SpecDocument, *, by: str, note: str) -> ReviewRecord:
        """Write the review down: the ledger first, then the date, so that a crash between leaves no bare date.

        Raises:
            InputError: the spec is broken.
            UsageError: `by` is not one of its owners, nor an approver.
            RunError: the ledger can't be written.
        """
        surroundings = self._inspection.surroundings
        name = self._reviewer(spec, by)
        made = record_of(
            spec,
            snapshot=surroundings.snapshot,
            by=name,
            on=self._today,
            commit=self._inspection.tree.head,
            note=note,
        )
        where = self._root / spec.path
        data = with_date(read_limited(where, max_bytes=MAX_BYTES, display_path=spec.path), self._today, path=spec.path)
        self._append(made)
        try:
            write_atomic(where, data)
        except OSError as error:
            raise RunError(f"can't be written: {error.strerror or error}", path=spec.path) from error
        return made

    def _reviewer(self, spec: SpecDocument, by: str) -> str:
        owners = owners_of(spec)
        approvers = {name.casefold(): name for name in self._inspection.surroundings.approvers() or {}}
        found = owners.get(by.casefold()) or approvers.get(by.casefold())
        if found is None and spec.declaration is not None:
            raise UsageError(
                f"{by!r} is not an owner of {spec.path}: {did_you_mean(by, owners.values())}",
                fix="review as one of its owners, or add yourself to owners",
            )
        return found or by

    def _append(self, made: ReviewRecord) -> None:
        path = self._root / self._settings.reviews
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
            with os.fdopen(descriptor, "r+b", buffering=0) as stream:
                size = stream.seek(0, os.SEEK_END)
                unfinished = False
                if size:
                    stream.seek(size - 1)
                    unfinished = stream.read(1) != b"\n"
                stream.write((b"\n" if unfinished else b"") + render_reviews([made]).encode())
                os.fsync(stream.fileno())
        except OSError as error:
            raise RunError(
                f"can't be written: {error.strerror or error}",
                path=self._settings.reviews,
                fix="make it a plain file that you may write, or set `reviews` to another one",
            ) from error

    def _wants_review(self, spec: SpecDocument, standing: Standing | None) -> bool:
        if spec.declaration is None or spec.declaration.status == "retired":
            return False
        if spec.last_review is None:
            return True
        soon = timedelta(days=self._settings.max_age_days - self._settings.warn_days)
        late = self._today - spec.last_review >= soon
        return late or (standing is not None and bool(standing.body_changed or standing.drifts))
