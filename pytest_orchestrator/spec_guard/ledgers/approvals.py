"""Approvers (`tasks/approvers.yaml`), approvals, and whether a spec has the approvals that it needs.

An approval is an entry of a spec's `approvals`. It names an approver and the digest of the body that was approved, so
an edit of the body voids it:

    approvals:
      - by: bob
        body: text:0f1e2d3c4b5a69788796a5b4c3d2e1f0
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pytest_orchestrator.codec.decode import Limit, decode_json, read_yaml
from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.errors import InputError

MAX_BYTES = 4 << 20
_Text = Annotated[str, Limit(min_length=1)]
_DIGEST_DIGITS = 12


@dataclass(frozen=True, kw_only=True)
class Approver:
    """One identity. `emails` are those of its commits."""

    emails: tuple[_Text, ...] = ()
    roles: tuple[_Text, ...] = ()
    agent: bool = False
    """Whether it is a program. The approval of an agent never counts."""


@dataclass(frozen=True, kw_only=True)
class ApproversFile:
    """`tasks/approvers.yaml`: the approvers by the name that approvals use."""

    schema: Literal["pytest-orchestrator/approvers/1"]
    approvers: Mapping[str, Approver]


@dataclass(frozen=True, kw_only=True)
class Approval:
    """One entry of `approvals`."""

    by: _Text
    body: Annotated[str, Limit(pattern=r"^text:[0-9a-f]{12,32}$")]
    """The digest of the body that was approved, or at least its first 12 digits."""
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Authorship:
    """Who wrote a spec's body, and who added its approvals; e-mails in lower case."""

    authors: frozenset[str] = frozenset()
    approved_by: Mapping[str, str] | None = None
    """By approver, the author of the commit that added the approval. None: any author will do."""


def parse_approvers(text: str, *, path: str) -> Mapping[str, Approver]:
    """The approvers that `text` lists, by name.

    Raises:
        InputError: it does not fit the format.
    """
    return read_yaml(ApproversFile, text, path=path).approvers


def approval_problems(  # noqa: PLR0913 - a spec's approvals and the policy for them
    entries: Sequence[str | Mapping[str, Any]],
    *,
    body: str,
    required: int,
    roles: Sequence[str],
    approvers: Mapping[str, Approver],
    written: Authorship,
) -> Iterator[str]:
    """Which approvals are missing, and why each present one doesn't count. Nothing when there are enough.

    `body` is the digest of the present body. Each role in `roles` must have approved.
    """
    good: dict[str, Approver] = {}
    refused: list[str] = []
    for entry in entries:
        name, problem = _judge(entry, body=body, approvers=approvers, written=written)
        if problem is None:
            good[name] = approvers[name]
        else:
            refused.append(f"{name}: {problem}")
    missing = [role for role in roles if not any(role in approver.roles for approver in good.values())]
    if len(good) >= required and not missing:
        return
    if len(good) < required:
        yield f"has {len(good)} of the {required} approvals that it needs"
    if missing:
        yield f"lacks the approval of {' and '.join(missing)}"
    yield from refused


def _judge(
    entry: str | Mapping[str, Any], *, body: str, approvers: Mapping[str, Approver], written: Authorship
) -> tuple[str, str | None]:
    try:
        approval = decode_json(Approval, entry, path="approvals")
    except InputError:
        name = entry if isinstance(entry, str) else str(entry.get("by", "an approval"))
        return name, "does not say which text was approved: write `by` and `body`"
    approver = approvers.get(approval.by)
    if approver is None:
        return approval.by, f"is not among the approvers: {did_you_mean(approval.by, tuple(approvers))}"
    emails = {email.casefold() for email in approver.emails}
    if approver.agent:
        problem = "is an agent, and approvals of agents don't count"
    elif not body.startswith(approval.body):
        problem = f"approved another text ({approval.body[: 5 + _DIGEST_DIGITS]}); the spec was edited since"
    elif emails & written.authors:
        problem = "wrote this text, and authors can't approve their own"
    elif written.approved_by is not None and written.approved_by.get(approval.by) not in emails:
        writer = written.approved_by.get(approval.by) or "an unknown author"
        problem = f"did not add this approval: the commit is by {writer}"
    else:
        problem = None
    return approval.by, problem
