"""The rules about who agreed to what, SG013, SG016, SG019 and SG020, and about what specs point at, SG014 and SG018."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_orchestrator.records import Diagnostic, Range
from pytest_orchestrator.spec_guard.change.changes import is_in_force
from pytest_orchestrator.spec_guard.coverage.syntax import text_digest
from pytest_orchestrator.spec_guard.document.links import dead_links
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.document.weakening import find_weakenings
from pytest_orchestrator.spec_guard.ledgers.approvals import Authorship, approval_problems
from pytest_orchestrator.spec_guard.ledgers.overrides import override_problems
from pytest_orchestrator.spec_guard.ledgers.task_index import index_problems
from pytest_orchestrator.spec_guard.rules.rule import Rule, RuleContext

CONTENT = "content"
_SHOWN = 5
_COVER = "cover it by another spec, remove it, or retire the spec with an override (docs/rules/SG020.md)"
_BINDING = ("approved", "implemented")


def _unapproved(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    policy, declaration = context.policy.approvals, spec.declaration
    if declaration is None or declaration.status not in _BINDING or not (policy.required or policy.roles):
        return
    body = text_digest(spec.body)
    problems = tuple(
        approval_problems(
            declaration.approvals,
            body=body,
            required=policy.required,
            roles=policy.roles,
            approvers=context.background.approvers or {},
            written=_written(spec, context),
        )
    )
    if problems:
        message = f"the status is {declaration.status}, but it {'; '.join(problems)}"
        yield spec.diagnostic("SG013", message, key=("approvals",), fix=_approve(body))


def _approvers_broken(context: RuleContext) -> Iterator[Diagnostic]:
    policy, background = context.policy, context.background
    yield from (item for item in background.broken if item.rule == "SG013")
    asked = policy.approvals.required or policy.approvals.roles
    if asked and background.approvers is None and not any(item.rule == "SG013" for item in background.broken):
        yield Diagnostic(
            rule="SG013",
            severity="error",
            message="approvals are asked for, but there is no list of who may approve",
            path=policy.approvers,
            range=Range.of_line(1),
            fix=f"write {policy.approvers}: the name, emails and roles of everybody who may approve",
        )


def _weakened(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    changes = context.changes
    before = changes.before(spec) if spec.path in changes.specs else None
    if (
        before is None
        or before.declaration is None
        or before.declaration.status == "retired"
        or spec.says_the_same(before)
    ):
        return
    governed = changes.governed(spec)
    if not governed:
        return
    found = find_weakenings(before.body, spec.body)
    if not found or _approved_by_another(spec, context):
        return
    body = text_digest(spec.body)
    for item in found:
        line = 1 if item.removed else spec.body_line + item.line - 1
        yield Diagnostic(
            rule="SG016",
            severity="warning" if context.background.approvers is None else "error",
            message=f"{item.message} (in the same change as {', '.join(governed[:3])})",
            path=spec.path,
            range=Range.of_line(line),
            fix=f"restore it, change it in a change of its own, or {_approve(body)}",
        )


def _approved_by_another(spec: SpecDocument, context: RuleContext) -> bool:
    return spec.declaration is not None and not any(
        approval_problems(
            spec.declaration.approvals,
            body=text_digest(spec.body),
            required=1,
            roles=(),
            approvers=context.background.approvers or {},
            written=_written(spec, context),
        )
    )


def _written(spec: SpecDocument, context: RuleContext) -> Authorship:
    found = context.background.written(spec.path)
    return found if context.policy.approvals.own_commit else Authorship(authors=found.authors)


def _approve(body: str) -> str:
    return f"let somebody else add to approvals, in a commit of their own: {{by: NAME, body: '{body}'}}"


def _misindexed(context: RuleContext) -> Iterator[Diagnostic]:
    background = context.background
    yield from (item for item in background.broken if item.rule == "SG014")
    if background.index is not None:
        yield from index_problems(background.index, background.index_text, context.specs, path=context.policy.index)


def _dead(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    yield from dead_links(spec, ids=context.ids, read=context.background.read)


def _bad_overrides(context: RuleContext) -> Iterator[Diagnostic]:
    yield from (item for item in context.background.broken if item.rule == "SG019")
    problems = override_problems(
        context.background.overrides,
        specs=context.specs,
        rules=context.rule_ids,
        today=context.today,
        path=context.policy.overrides,
    )
    for _, found in problems:
        yield found


def _abandoned(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    """A spec that is retired, or that covers less."""
    before = context.changes.before(spec)
    lost = () if before is None or before is spec else context.lost_cover.get(before.path, ())
    if not lost:
        return
    if is_in_force(spec):
        # Mostly a glob that was too wide: it must be seen, not stopped.
        message = f"covers {_files(lost)} no more, and no other spec does"
        yield spec.diagnostic("SG020", message, key=("covers",), severity="warning", fix=_COVER)
    else:
        message = f"is retired, but {_files(lost)}, which it covered, is still there, and no other spec covers it"
        yield spec.diagnostic("SG020", message, key=("status",), fix=_COVER)


def _deserted(context: RuleContext) -> Iterator[Diagnostic]:
    """A spec that is deleted."""
    for spec in context.changes.deleted(context.specs):
        lost = context.lost_cover.get(spec.path)
        if lost:
            message = f"is deleted, but {_files(lost)}, which it covered, is still there, and no other spec covers it"
            yield spec.diagnostic("SG020", message, fix=_COVER)


def _files(paths: tuple[str, ...]) -> str:
    more = len(paths) - _SHOWN
    return ", ".join(paths[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


TRUST_RULES: tuple[Rule, ...] = (
    Rule(
        id="SG013",
        reason="An approval counts when somebody else, who may, agreed to these very words.",
        fix="Let an approver add an approval of the present text, in a commit of their own.",
        docs="docs/rules/SG013.md",
        group=CONTENT,
        check=_unapproved,
        check_repository=_approvers_broken,
    ),
    Rule(
        id="SG014",
        reason="An index that disagrees with the specs misleads everybody who reads the index.",
        fix="Write it anew: pytest-orchestrator spec index.",
        docs="docs/rules/SG014.md",
        check_repository=_misindexed,
    ),
    Rule(
        id="SG016",
        reason="A requirement that is lowered together with its code hides that the code falls short.",
        fix="Restore it, change it in a change of its own, or let somebody else approve it.",
        docs="docs/rules/SG016.md",
        group=CONTENT,
        check=_weakened,
    ),
    Rule(
        id="SG018",
        reason="A link that leads nowhere leaves its reader with nothing.",
        fix="Correct the link, or remove it.",
        docs="docs/rules/SG018.md",
        group=CONTENT,
        check=_dead,
    ),
    Rule(
        id="SG019",
        reason="An exception without an owner, a reason and an end is a hole.",
        fix="Put the spec right and remove the override, or complete it.",
        docs="docs/rules/SG019.md",
        check_repository=_bad_overrides,
    ),
    Rule(
        id="SG020",
        reason="Who retires a spec today may change its code tomorrow, and nobody is told.",
        fix="Cover the code by another spec, remove it, or let somebody else agree to an override.",
        docs="docs/rules/SG020.md",
        group=CONTENT,
        check=_abandoned,
        check_repository=_deserted,
    ),
)
