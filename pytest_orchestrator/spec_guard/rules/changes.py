"""SG007, SG009 and SG020: specs and code that a change leaves apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.display import listed
from pytest_orchestrator.spec_guard.coverage.anchors import file_globs
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.rules.phrases import review_command
from pytest_orchestrator.spec_guard.rules.rule import CHANGE, CONTENT, Rule, RuleContext

_COVER = "cover it by another spec, remove it, or retire the spec with an override (docs/rules/SG020.md)"


def _not_updated(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    governed = context.changes.governed(spec)
    if not governed or _is_answered(spec, context):
        return
    fix = f"compare it with the code, correct its text, then: {review_command(spec)}"
    if context.changes.shares_code(spec):
        yield from _unshared(spec, governed, context, fix)
        return
    named = listed(_with_moves(governed, context))
    message = f"{named} changed, but this spec, which covers it, was not updated in this change"
    yield spec.diagnostic("SG007", message + _early_date(spec, governed, context), key=("covers",), fix=fix)


def _with_moves(paths: Sequence[str], context: RuleContext) -> Sequence[str]:
    """The paths; a moved file once, with its former path."""
    unchanged = context.changes.unchanged
    former = {**unchanged.moved, **unchanged.edited}
    left = {former[path] for path in paths if path in former}
    return [f"{path} (moved from {former[path]})" if path in former else path for path in paths if path not in left]


def _is_answered(spec: SpecDocument, context: RuleContext) -> bool:
    return context.changes.is_updated(spec) or _reviewed_again(spec, context)


def _unshared(spec: SpecDocument, governed: Sequence[str], context: RuleContext, fix: str) -> Iterator[Diagnostic]:
    """The code that none of the specs that share it answers for. The first of these specs reports it, for all."""
    changes = context.changes
    for path in governed:
        specs = (spec, *(other for other in context.covering(path) if other is not spec))
        silent = [other for other in specs if not _is_answered(other, context)]
        # A spec that is new, or that begins to cover the code, can't answer in the same change.
        if any(other not in silent and path in changes.governed_by(changes.before(other)) for other in specs):
            continue
        if spec.path == min(other.path for other in silent if other is spec or changes.shares_code(other)):
            names = listed([other.path for other in specs])
            message = f"{path} changed, but none of the specs that share it was updated in this change: {names}"
            yield spec.diagnostic("SG007", message + _early_date(spec, [path], context), key=("covers",), fix=fix)


def _early_date(spec: SpecDocument, governed: Sequence[str], context: RuleContext) -> str:
    """That the change moved `last_review`, but not to the day of the code."""
    before, days = context.changes.before(spec), context.changes.days
    if before is None or spec.last_review is None or spec.last_review == before.last_review:
        return ""
    newest = max((path for path in governed if path in days), key=lambda path: days[path], default=None)
    if newest is None:
        return ""
    return (
        f": last_review moved from {before.last_review} to {spec.last_review}, but {newest} changed on {days[newest]}"
    )


def _reviewed_again(spec: SpecDocument, context: RuleContext) -> bool:
    """Whether the change records a review of the present code; a second review on one day does not move the date."""
    return spec.id in context.reviews.added and spec.in_force and not context.reviews.state(spec.path).drifts


def _deleted(context: RuleContext) -> Iterator[Diagnostic]:
    for spec in context.changes.deleted(context.specs):
        orphans = context.changes.orphans(spec, context.specs)
        if orphans:
            message = f"the spec was deleted, but {listed(orphans)}, which it covered, changed"
            fix = "restore the spec and set its status to retired and its last_review to today; delete it later"
            yield spec.diagnostic("SG007", message, fix=fix)


def _uncovered(context: RuleContext) -> Iterator[Diagnostic]:
    policy = context.policy
    if policy.require_spec == "off" or not policy.code:
        return
    globs = (glob for spec in context.specs if spec.in_force for glob in file_globs(spec.covers))
    covered = set(context.changes.covered_by(globs))
    changed = context.changes.covered_by(policy.code)
    # Code that only moved had no spec before either, or the spec that loses it reports that.
    moved = {new for new, old in context.changes.unchanged.moved.items() if old in changed and old not in covered}
    for path in changed:
        if path not in covered and path not in moved and path not in context.changes.unchanged.moved.values():
            yield Diagnostic(
                rule="SG009",
                severity="error" if policy.require_spec == "fail" else "warning",
                message="changed, and no spec covers it",
                path=path,
                range=Range.of_line(1),
                fix="add it to the covers of a spec, or write one",
            )


def _lost_cover(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    """A spec that is retired, or that covers less."""
    before = context.changes.before(spec)
    lost = () if before is None or before is spec else context.lost_cover.get(before.path, ())
    if not lost:
        return
    if spec.in_force:
        message = f"no longer covers {listed(lost)}, and no other spec does"
        yield spec.diagnostic("SG020", message, key=("covers",), fix=_COVER)
    else:
        message = f"is retired, but {listed(lost)}, which it covered, still exists, and no other spec covers it"
        yield spec.diagnostic("SG020", message, key=("status",), fix=_COVER)


def _deleted_cover(context: RuleContext) -> Iterator[Diagnostic]:
    """A spec that is deleted."""
    for spec in context.changes.deleted(context.specs):
        lost = context.lost_cover.get(spec.path)
        if lost:
            message = f"is deleted, but {listed(lost)}, which it covered, still exists, and no other spec covers it"
            yield spec.diagnostic("SG020", message, fix=_COVER)


CHANGE_RULES: tuple[Rule, ...] = (
    Rule(
        id="SG007",
        reason="A spec becomes untrue when its code changes without it.",
        fix="Correct the spec in the same change, or set its last_review if it is still true.",
        docs="docs/rules/SG007.md",
        group=CHANGE,
        check=_not_updated,
        check_repository=_deleted,
    ),
    Rule(
        id="SG009",
        reason="Code that no spec covers changes unchecked.",
        fix="Add the code to the covers of a spec, or write one.",
        docs="docs/rules/SG009.md",
        severity="warning",
        check_repository=_uncovered,
    ),
    Rule(
        id="SG020",
        reason="When a spec is retired and its code stays, later changes of that code go unnoticed.",
        fix="Cover the code by another spec, remove it, or let another person approve an override.",
        docs="docs/rules/SG020.md",
        group=CONTENT,
        check=_lost_cover,
        check_repository=_deleted_cover,
    ),
)
