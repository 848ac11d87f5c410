"""SG010 to SG012 and SG015: whether a spec and its code are what was reviewed, and whether reviews are recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_orchestrator.diagnostics import Diagnostic, Range, Severity
from pytest_orchestrator.display import listed
from pytest_orchestrator.spec_guard.coverage.anchors import PathIndex, parse_anchor
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.reviews.state import Drift, ReviewState
from pytest_orchestrator.spec_guard.rules.phrases import review_command
from pytest_orchestrator.spec_guard.rules.rule import REVIEW, Rule, RuleContext


def _review_again(spec: SpecDocument) -> str:
    return f"review it, then: {review_command(spec)}"


def _edited(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    state = context.reviews.state(spec.path)
    if not state.body_changed:
        return
    commits = f" ({_commits(state.body_commits)})" if state.body_commits else ""
    message = f"the text changed after its last review, {state.last}{commits}"
    yield spec.diagnostic("SG010", message, key=("last_review",), fix=_review_again(spec))


def _drifted(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    state = context.reviews.state(spec.path)
    for drift in state.drifts:
        if drift.with_review or _answered_by_another(spec, drift, context):
            continue
        if drift.unreviewed:
            message = f"{drift.anchor} was added to covers after the last review, {state.last}"
        else:
            message = f"{drift.anchor} changed after the last review, {state.last}{_explained(drift)}"
        severity = _severity(drift, context)
        key = ("covers", drift.entry)
        yield spec.diagnostic("SG011", message, key=key, fix=_review_again(spec), severity=severity)


def _answered_by_another(spec: SpecDocument, drift: Drift, context: RuleContext) -> bool:
    """Whether for each changed file another spec that shares it was reviewed with its present content."""
    if drift.unreviewed or not drift.files or not context.changes.shares_code(spec):
        return False
    states = context.reviews.states
    return all(
        any(
            other is not spec and other.path in states and not _drifts(states[other.path], path)
            for other in context.covering(path)
        )
        for path in drift.files
    )


def _drifts(state: ReviewState, path: str) -> bool:
    """Whether a file changed after the review, as far as it is known."""
    index = PathIndex([path])
    return any(
        path in drift.files if drift.files else bool(index.matching(parse_anchor(drift.anchor)))
        for drift in state.drifts
    )


def _severity(drift: Drift, context: RuleContext) -> Severity:
    limit = context.policy.drift
    old = (context.today - drift.since).days > limit.max_days
    return "error" if old or len(drift.commits) > limit.max_commits else "warning"


def _explained(drift: Drift) -> str:
    parts = [", ".join(drift.paths)] if drift.paths else []
    if drift.commits:
        parts.append(f"{_commits(drift.commits)}, the first on {drift.since}")
    elif drift.paths:
        parts.append("uncommitted")
    return f": {'; '.join(parts)}" if parts else ""


def _lost(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    approved = spec.declaration is not None and spec.declaration.status == "approved"
    for lost in context.reviews.state(spec.path).lost:
        if lost.planned and not approved:
            continue
        message = f"covers {lost.anchor}, which matches nothing{' yet' if lost.planned else ''}: {lost.hint}"
        yield spec.diagnostic(
            "SG012",
            message,
            key=("covers", lost.entry),
            fix="correct the entry, or remove it",
            severity="warning" if lost.planned else "error",
        )


def _unrecorded(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    """A date that moved without a record, in a project that records reviews."""
    ledger = context.ledgers.reviews
    if not ledger.in_use or spec.last_review is None or spec.declaration is None:
        return
    record = ledger.latest.get(spec.declaration.id)
    if record is not None and record.on == spec.last_review:
        return
    if record is not None:
        message = f"last_review is {spec.last_review}, but the last recorded review is of {record.on}, by {record.by}"
    else:
        before = context.changes.before(spec)
        if before is None:
            return
        former = ledger.latest.get(before.id or "")
        if former is not None and before.id != spec.id:
            message = f"the id changed from {before.id} to {spec.id}, and no review was recorded under the new one"
            yield spec.diagnostic("SG015", message, key=("id",), fix=_review_again(spec))
            return
        if before.last_review in (None, spec.last_review):
            return
        message = f"last_review changed from {before.last_review} to {spec.last_review}, and no review was recorded"
    yield spec.diagnostic("SG015", message, key=("last_review",), fix=_review_again(spec))


def _unread(context: RuleContext) -> Iterable[Diagnostic]:
    reviews, policy = context.reviews, context.policy
    yield from (item for item in context.ledgers.problems if item.rule == "SG015")
    for bulk in reviews.bulk_date_changes:
        where = f"the commit {bulk.commit[:12]}" if bulk.commit else "the working tree"
        message = (
            f"{where} changes only the dates of {len(bulk.paths)} specs, more than {policy.bulk_dates}: "
            f"{listed(bulk.paths)}"
        )
        fix = "review fewer at a time: `pytest-orchestrator spec review --level` plans them"
        yield Diagnostic(
            rule="SG015", severity="error", message=message, path=bulk.paths[0], range=Range.of_line(1), fix=fix
        )
    yield from _strangers(context)
    if reviews.removed:
        count = reviews.removed
        yield Diagnostic(
            rule="SG015",
            severity="error",
            message=f"the change removes {count} record{'' if count == 1 else 's'} of reviews",
            path=policy.reviews,
            range=Range.of_line(1),
            fix="restore the lines; records may only be appended",
        )


def _strangers(context: RuleContext) -> Iterator[Diagnostic]:
    """Records that the change adds, by people who may not review the spec: owners and approvers are the base's."""
    by_id = {spec.id: spec for spec in context.specs if spec.declaration is not None}
    approvers = context.ledgers.approvers or {}
    for record in context.reviews.recorded:
        spec = by_id.get(record.spec)
        before = None if spec is None else context.changes.before(spec) or spec
        if spec is None or before is None or before.declaration is None:
            continue
        allowed = {name.casefold() for name in (*before.declaration.owners, *approvers)}
        if record.by.casefold() not in allowed:
            message = f"the change records a review by {record.by}, who is no owner of it and no approver at the base"
            fix = f"let one of its owners review it: {listed(before.declaration.owners)}"
            yield spec.diagnostic("SG015", message, key=("owners",), fix=fix)


def _commits(names: tuple[str, ...]) -> str:
    ids = ", ".join(name[:12] for name in names[:3]) + (", ..." if len(names) > 3 else "")
    return f"{len(names)} commit{'' if len(names) == 1 else 's'}: {ids}"


REVIEW_RULES: tuple[Rule, ...] = (
    Rule(
        id="SG010",
        reason="A review does not apply to text that was written after it.",
        fix="Read the spec again and record it: pytest-orchestrator spec review PATH --by OWNER.",
        docs="docs/rules/SG010.md",
        group=REVIEW,
        check=_edited,
    ),
    Rule(
        id="SG011",
        reason="A spec that was reviewed before its code changed may not describe it any more.",
        fix="Compare the spec with the code and record it: pytest-orchestrator spec review PATH --by OWNER.",
        docs="docs/rules/SG011.md",
        severity="warning",
        group=REVIEW,
        check=_drifted,
    ),
    Rule(
        id="SG012",
        reason="A spec whose covers match nothing governs no code.",
        fix="Correct the entry of covers that the message names.",
        docs="docs/rules/SG012.md",
        group=REVIEW,
        check=_lost,
    ),
    Rule(
        id="SG015",
        reason="A new date without a review is worse than an old date.",
        fix="Read each spec and record it: pytest-orchestrator spec review PATH --by OWNER.",
        docs="docs/rules/SG015.md",
        group=REVIEW,
        check=_unrecorded,
        check_repository=_unread,
    ),
)
