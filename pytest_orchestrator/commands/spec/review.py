"""`spec review`: chooses specs, shows what changed since their last review, and records new reviews."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.commands.spec.index import write_index
from pytest_orchestrator.commands.spec.spec_paths import git_paths
from pytest_orchestrator.errors import UsageError
from pytest_orchestrator.files import append_inside, read_limited, write_inside
from pytest_orchestrator.spec_guard.change.scope import is_concerned
from pytest_orchestrator.spec_guard.coverage import globs
from pytest_orchestrator.spec_guard.coverage.anchors import file_globs
from pytest_orchestrator.spec_guard.document.spec import MAX_BYTES, SpecDocument, date_place
from pytest_orchestrator.spec_guard.guard import check_ledgers
from pytest_orchestrator.spec_guard.ledgers.loading import read_reviews
from pytest_orchestrator.spec_guard.project import Project
from pytest_orchestrator.spec_guard.reviews.forecast import max_age_of
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord, render_reviews
from pytest_orchestrator.spec_guard.reviews.recording import record_of, with_date
from pytest_orchestrator.spec_guard.reviews.state import ReviewState

_PATHS_AT_ONCE = 1_000


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The specs to review: those that match any of these."""

    patterns: tuple[str, ...] = ()
    """Files, folders and globs, relative to the project."""
    changed: bool = False
    """Specs that the change edits, or whose code it edits."""
    stale: bool = False
    """Specs that are due within the days of warning, or whose body or code changed since their review."""


def choose_specs(project: Project, choice: Choice) -> tuple[SpecDocument, ...]:
    """The specs to review, sorted by path.

    Raises:
        UsageError: there is no spec, or a pattern matches none.
        InputError: the ledger of reviews leads out of the project, or can't be read: a record that is appended to it
            would be lost.
    """
    git_paths(project)
    check_ledgers(project.root, project.settings)
    read_reviews(project.root, project.settings.reviews)
    for pattern in choice.patterns:
        if not any(globs.matches(spec.path, (pattern,)) for spec in project.specs):
            raise UsageError(f"{pattern} is not a spec", fix="name specs, folders of specs, or globs of them")
    states = project.review_states(project.specs) if choice.stale else {}
    return tuple(
        spec
        for spec in project.specs
        if globs.matches(spec.path, choice.patterns)
        or (choice.changed and is_concerned(spec, project.changes))
        or (choice.stale and _is_stale(spec, states.get(spec.path, ReviewState()), project))
    )


def check_reviews(project: Project, specs: Sequence[SpecDocument], *, bulk: bool) -> int:
    """How many reviews of `specs` the next check will report as a change of dates only (SG015); 0 for none.

    Raises:
        UsageError: there are such, and not `bulk`; or a spec has a record of a later day.
        InputError: the ledger of reviews can't be read.
    """
    ledger = read_reviews(project.root, project.settings.reviews)
    for spec in specs:
        last = ledger.latest.get(spec.id or "") if ledger else None
        if last is not None and last.on > project.today:
            raise UsageError(
                f"{spec.path} has a record of {last.on}, by {last.by}: no review of {project.today} can follow it",
                fix="leave --today out",
            )
    edited = {item.path for item in project.tree.uncommitted_changes()}
    dates_only = sum(spec.path not in edited for spec in specs)
    if dates_only <= project.settings.bulk_dates:
        return 0
    if not bulk:
        raise UsageError(
            f"these are {dates_only} specs, and the next check reports a change of more than "
            f"{project.settings.bulk_dates} dates that changes nothing else (SG015, bulk_dates)",
            fix="review fewer at a time, `spec review --level N` plans them; or add --bulk",
        )
    return dates_only


def doubt_about(project: Project, by: str) -> str:
    """Why the next reviews may not be those of `by`: git's user has another address than theirs; empty for no doubt.

    Only approvers have known addresses. Nothing authenticates a name that is typed.
    """
    approvers = {name.casefold(): approver for name, approver in (project.ledgers.approvers or {}).items()}
    known = approvers.get(by.casefold())
    emails = {email.casefold() for email in known.emails} if known else set()
    author = project.author() if emails else ""
    if not emails or author in emails:
        return ""
    return f"git's user {author or 'without an address'} is not {by}, according to {project.settings.approvers}"


def update_index(project: Project) -> str:
    """Write the index of specs again where there is one; its path, empty where there is none. Raises `RunError`."""
    if not (project.root / project.settings.index).is_file():
        return ""
    return write_index(replace(project))[0]  # the copy reads the specs again


def difference(project: Project, spec: SpecDocument) -> str:
    """What changed in a spec and in the code that it covers since its last review, as a patch."""
    last = project.review_states([spec]).get(spec.path, ReviewState()).last
    commit = last.commit if last else None
    if commit is None or project.tree.commit(commit) is None:
        return f"{spec.path}: git knows no commit of its last review; read all of it\n"
    options = ("diff", "--no-color", "--no-renames", "--relative")
    named = os.fsdecode(project.tree.git.output(*options, "--name-only", "-z", commit)).split("\0")[:-1]
    # Git's own globs take exponential time on some, and differ in their syntax.
    wanted = (spec.path, *file_globs(spec.covers))
    paths = [path for path in named if globs.matches(path, wanted)]
    patches = (
        project.tree.git.output("--literal-pathspecs", *options, commit, "--", *paths[start : start + _PATHS_AT_ONCE])
        for start in range(0, len(paths), _PATHS_AT_ONCE)
    )
    return b"".join(patches).decode("utf-8", "replace") or "nothing changed\n"


def record_reviews(
    project: Project, specs: Sequence[SpecDocument], *, by: str, note: str = ""
) -> tuple[ReviewRecord, ...]:
    """Record reviews of `specs`, of all or of none.

    The ledger is written before the specs, so that a crash leaves no date without a record. The date of a spec in the
    format of another tool is set where its front matter has one; else the record alone gives it.

    Raises:
        InputError: a spec is broken.
        UsageError: `by` is neither one of the owners of a spec nor an approver.
        RunError: the ledger or a spec can't be written.
    """
    records: list[ReviewRecord] = []
    dated: dict[str, bytes] = {}
    for spec in specs:
        reviewer, commit = _reviewer(project, spec, by), project.tree.head
        record = record_of(spec, snapshot=project.snapshot, by=reviewer, on=project.today, commit=commit, note=note)
        records.append(record)
        dated.update(_dated(project, spec))
    append_inside(project.root, project.settings.reviews, render_reviews(records).encode())
    for path, data in dated.items():
        write_inside(project.root, path, data)
    return tuple(records)


def _dated(project: Project, spec: SpecDocument) -> dict[str, bytes]:
    """The file that holds the spec's date, with today's; none where no file does."""
    data = read_limited(project.root / spec.path, max_bytes=MAX_BYTES, display_path=spec.path)
    place = date_place(data, path=spec.path, reading=project.reading)
    if place is None:
        return {}
    path, key = place
    if path != spec.path:
        data = read_limited(project.root / path, max_bytes=MAX_BYTES, display_path=path, follow=False)
    return {path: with_date(data, project.today, path=path, key=key)}


def _reviewer(project: Project, spec: SpecDocument, by: str) -> str:
    """The name of the owner or approver that `by` spells in any case; the owners are those of the base.

    The address of `Ann <ann@example.org>` may be left out.
    """
    before = project.changes.before(spec) or spec
    named = before.declaration.owners if before.declaration else ()
    owners = {spelt.casefold(): name for name in named for spelt in (name.partition(" <")[0], name)}
    approvers = {name.casefold(): name for name in project.ledgers.approvers or {}}
    found = owners.get(by.casefold()) or approvers.get(by.casefold())
    if found is None and spec.declaration is not None:
        raise UsageError(
            f"{by!r} is not an owner of {spec.path}: {did_you_mean(by, named)}",
            fix="review as one of its owners, or add yourself to owners in a change before this one",
        )
    return found or by


def _is_stale(spec: SpecDocument, state: ReviewState, project: Project) -> bool:
    if not spec.in_force:
        return False
    if spec.last_review is None:
        return True
    # A number of days, because it may be too large for a difference of dates.
    warned_after = max_age_of(spec, project.settings) - project.settings.warn_days
    return (
        (project.today - spec.last_review).days >= warned_after
        or state.body_changed
        or any(not drift.with_review for drift in state.drifts)
    )
