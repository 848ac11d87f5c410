"""The rules about reviews, SG010 to SG012 and SG015: whether what was reviewed is what is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from pytest_orchestrator.records import Diagnostic, Range, Severity
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.reviews.state import Drift
from pytest_orchestrator.spec_guard.rules.rule import Rule, RuleContext

REVIEW = "review"
_SHOWN = 5


def review_command(spec: SpecDocument) -> str:
    """What to type when the spec was read."""
    owner = spec.declaration.owners[0] if spec.declaration else "OWNER"
    return f"pytest-orchestrator spec review {_quoted(spec.path)} --by {_quoted(owner)}"


def _review_again(spec: SpecDocument) -> str:
    return f"read it, then: {review_command(spec)}"


def _edited(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    standing = context.background.standings.of(spec.path)
    if not standing.body_changed:
        return
    commits = f" ({_commits(standing.body_commits)})" if standing.body_commits else ""
    message = f"the text changed after its last review, {standing.reviewed}{commits}"
    yield spec.diagnostic("SG010", message, key=("last_review",), fix=_review_again(spec))


def _drifted(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    standing = context.background.standings.of(spec.path)
    for drift in standing.drifts:
        if drift.unseen:
            message = (
                f"{drift.anchor} is covered since after the last review, {standing.reviewed}: nobody compared them"
            )
        else:
            message = f"{drift.anchor} changed after the last review, {standing.reviewed}{_explained(drift)}"
        severity = _severity(drift, context)
        key = ("covers", drift.entry)
        yield spec.diagnostic("SG011", message, key=key, fix=_review_again(spec), severity=severity)


def _severity(drift: Drift, context: RuleContext) -> Severity:
    limit = context.policy.drift
    old = _days(drift.since, context.today) > limit.max_days
    return "error" if old or len(drift.commits) > limit.max_commits else "warning"


def _explained(drift: Drift) -> str:
    parts = [", ".join(drift.paths)] if drift.paths else []
    if drift.commits:
        parts.append(f"{_commits(drift.commits)}, the first on {drift.since}")
    elif drift.paths:
        parts.append("not committed yet")
    return f": {'; '.join(parts)}" if parts else ""


def _lost(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    approved = spec.declaration is not None and spec.declaration.status == "approved"
    for lost in context.background.standings.of(spec.path).lost:
        if lost.to_come and not approved:
            continue
        message = f"covers {lost.anchor}, which points at nothing{' yet' if lost.to_come else ''}: {lost.hint}"
        yield spec.diagnostic(
            "SG012",
            message,
            key=("covers", lost.entry),
            fix="correct the entry, or remove it",
            severity="warning" if lost.to_come else "error",
        )


def _unrecorded(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    """A date that moved without a record, in a project that records reviews."""
    ledger = context.background.ledger
    if not ledger.in_use or spec.last_review is None or spec.declaration is None:
        return
    record = context.latest_reviews.get(spec.declaration.id)
    if record is not None and record.on == spec.last_review:
        return
    if record is not None:
        message = f"last_review is {spec.last_review}, but the last recorded review is of {record.on}, by {record.by}"
    else:
        before = context.changes.before(spec)
        if before is None or before.last_review in (None, spec.last_review):
            return
        message = f"last_review moved from {before.last_review} to {spec.last_review}, and no review was recorded"
    yield spec.diagnostic("SG015", message, key=("last_review",), fix=_review_again(spec))


def _theatre(context: RuleContext) -> Iterable[Diagnostic]:
    background, policy = context.background, context.policy
    yield from (item for item in background.broken if item.rule == "SG015")
    for move in background.bulk_moves:
        where = f"the commit {move.commit[:12]}" if move.commit else "the working tree"
        shown = ", ".join(move.paths[:_SHOWN]) + (", ..." if len(move.paths) > _SHOWN else "")
        message = (
            f"{where} moves nothing but the dates of {len(move.paths)} specs, more than {policy.bulk_dates}: {shown}"
        )
        fix = "review them in smaller portions: `pytest-orchestrator spec review --level` plans them"
        yield Diagnostic(
            rule="SG015", severity="error", message=message, path=move.paths[0], range=Range.of_line(1), fix=fix
        )
    if background.lost_reviews:
        count = background.lost_reviews
        yield Diagnostic(
            rule="SG015",
            severity="error",
            message=f"the change removes {count} record{'' if count == 1 else 's'} of reviews",
            path=policy.reviews,
            range=Range.of_line(1),
            fix="restore the lines: the ledger is only appended to",
        )


def _commits(names: tuple[str, ...]) -> str:
    shown = ", ".join(name[:12] for name in names[:3]) + (", ..." if len(names) > 3 else "")
    return f"{len(names)} commit{'' if len(names) == 1 else 's'}: {shown}"


def _days(since: date, today: date) -> int:
    return (today - since).days


def _quoted(text: str) -> str:
    from shlex import quote

    return quote(text)


REVIEW_RULES: tuple[Rule, ...] = (
    Rule(
        id="SG010",
        reason="A review says nothing about words that were written after it.",
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
        reason="A spec that covers what is not there any more guards nothing.",
        fix="Correct the entry of covers that the message names.",
        docs="docs/rules/SG012.md",
        group=REVIEW,
        check=_lost,
    ),
    Rule(
        id="SG015",
        reason="A date that moves without anybody reading is worse than an old date.",
        fix="Read each spec and record it: pytest-orchestrator spec review PATH --by OWNER.",
        docs="docs/rules/SG015.md",
        group=REVIEW,
        check=_unrecorded,
        check_repository=_theatre,
    ),
)
