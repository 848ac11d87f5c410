"""SG013 and SG016: approvals, and requirements that are weakened without one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.rules.rule import CONTENT, Rule, RuleContext

if TYPE_CHECKING:
    from pytest_orchestrator.spec_guard.ledgers.approvals import Authorship

_BINDING = ("approved", "implemented")


def _unapproved(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    policy, declaration = context.policy.approvals, spec.declaration
    if declaration is None or declaration.status not in _BINDING or not (policy.required or policy.roles):
        return
    from pytest_orchestrator.spec_guard.ledgers.approvals import approval_problems

    body = spec.body_digest
    problems = tuple(
        approval_problems(
            declaration.approvals,
            body=body,
            required=policy.required,
            roles=policy.roles,
            approvers=context.ledgers.approvers or {},
            written=_authorship(spec, context),
        )
    )
    if problems:
        message = f"the status is {declaration.status}, but it {'; '.join(problems)}"
        yield spec.diagnostic("SG013", message, key=("approvals",), fix=_approve(body))


def _no_approvers(context: RuleContext) -> Iterator[Diagnostic]:
    policy, ledgers = context.policy, context.ledgers
    yield from (item for item in ledgers.problems if item.rule == "SG013")
    asked = policy.approvals.required or policy.approvals.roles
    if asked and ledgers.approvers is None and not any(item.rule == "SG013" for item in ledgers.problems):
        yield Diagnostic(
            rule="SG013",
            severity="error",
            message="approvals are required, but there is no list of approvers",
            path=policy.approvers,
            range=Range.of_line(1),
            fix=f"write {policy.approvers}: the names, emails and roles of the approvers",
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
    # Loading the model of requirements takes as long as half a check. Most changes edit no approved spec.
    from pytest_orchestrator.spec_guard.document.weakening import find_weakenings

    found = find_weakenings(before.body, spec.body)
    if not found or _approved_by_another(spec, context):
        return
    body = spec.body_digest
    for item in found:
        line = 1 if item.removed else spec.body_line + item.line - 1
        yield Diagnostic(
            rule="SG016",
            severity="warning" if context.ledgers.approvers is None else "error",
            message=f"{item.message} (in the same change as {', '.join(governed[:3])})",
            path=spec.path,
            range=Range.of_line(line),
            fix=f"restore it, change it in a change of its own, or {_approve(body)}",
        )


def _approved_by_another(spec: SpecDocument, context: RuleContext) -> bool:
    from pytest_orchestrator.spec_guard.ledgers.approvals import approval_problems

    return spec.declaration is not None and not any(
        approval_problems(
            spec.declaration.approvals,
            body=spec.body_digest,
            required=1,
            roles=(),
            approvers=context.ledgers.approvers or {},
            written=_authorship(spec, context),
        )
    )


def _authorship(spec: SpecDocument, context: RuleContext) -> Authorship:
    from pytest_orchestrator.spec_guard.ledgers.approvals import Authorship

    found = context.authorships.get(spec.path, Authorship())
    return found if context.policy.approvals.own_commit else Authorship(authors=found.authors)


def _approve(body: str) -> str:
    return f"let another person add to approvals, in a commit of their own: {{by: NAME, body: '{body}'}}"


APPROVAL_RULES: tuple[Rule, ...] = (
    Rule(
        id="SG013",
        reason="An approval counts only when another person, who is an approver, approved the present text.",
        fix="Let an approver add an approval of the present text, in their own commit.",
        docs="docs/rules/SG013.md",
        group=CONTENT,
        check=_unapproved,
        check_repository=_no_approvers,
    ),
    Rule(
        id="SG016",
        reason="Weakening a requirement together with its code hides that the code does not meet it.",
        fix="Restore it, change it in a change of its own, or let somebody else approve it.",
        docs="docs/rules/SG016.md",
        group=CONTENT,
        check=_weakened,
    ),
)
