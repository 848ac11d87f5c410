"""Which entries of ledgers stood in the base, and which ones a change may add: no change can approve itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import decode_utf8
from pytest_orchestrator.spec_guard.change.policy import Loosening
from pytest_orchestrator.spec_guard.change.policy_in_force import PolicyInForce
from pytest_orchestrator.spec_guard.ledgers.approvals import Approver
from pytest_orchestrator.spec_guard.ledgers.loading import Ledgers
from pytest_orchestrator.spec_guard.ledgers.overrides import Override, parse_overrides
from pytest_orchestrator.spec_guard.reviews.history import History
from pytest_orchestrator.spec_guard.reviews.last_review import FetchBlobs

_WAIT = "it counts once the base holds it, or when an approver adds it in a commit of their own"


@dataclass(frozen=True, kw_only=True)
class Additions:
    """What is known about those who make a change; e-mails in lower case."""

    added_by: Mapping[Override, str]
    """The author of the commit that added an override."""
    authors: frozenset[str]
    """The authors of everything else in the change."""


def unproven_overrides(
    judged_by: PolicyInForce, ledgers: Ledgers, *, history: Callable[[], History], author: Callable[[], str]
) -> Mapping[Override, str]:
    """Why an override that the change adds does not count; `author` returns the e-mail of the present git user.

    `history` is called only where an approver may have added one. Raises `GitError`.
    """
    former = judged_by.ledger_at_base("overrides")
    comparison, path = judged_by.compare(), judged_by.present.overrides
    base = comparison.base.commit
    if former is None or base is None or judged_by.trusts_present:
        return {}
    added, approvers = added_overrides(ledgers.overrides, former, path=path), ledgers.approvers or {}
    additions = Additions(added_by={}, authors=frozenset())
    if any(override.approved_by in approvers for override in added):
        uncommitted = {item.path for item in comparison.uncommitted}
        written_now = {author()} if uncommitted - {path} else frozenset[str]()
        additions = Additions(
            added_by=find_adders(
                added,
                path,
                history=history(),
                fetch=comparison.tree.blobs,
                uncommitted_by=author() if path in uncommitted else None,
            ),
            authors=change_authors(history(), base, beside=path) | written_now,
        )
    own_commit = judged_by.policy.settings.approvals.own_commit
    refusals = {item: override_refusal(item, additions, approvers, own_commit=own_commit) for item in added}
    return {override: why for override, why in refusals.items() if why is not None}


def added_overrides(present: Iterable[Override], former: bytes, *, path: str) -> tuple[Override, ...]:
    """The overrides that are not in `former`, the ledger's content at the base; all where that can't be read."""
    stood = _overrides(former, path)
    return tuple(override for override in present if _entry(override) not in stood)


def find_adders(
    added: Collection[Override], path: str, *, history: History, fetch: FetchBlobs, uncommitted_by: str | None
) -> Mapping[Override, str]:
    """The author of the commit that added each override; `uncommitted_by` wrote what is in no commit yet."""
    versions = tuple(history.lineage(path))
    contents = fetch(tuple(dict.fromkeys(version.blob for _, version in versions if version.blob is not None)))
    found = dict.fromkeys(added, uncommitted_by or "")
    waiting = set(added)
    for name, version in versions:
        entries = _overrides(contents[version.blob or ""], name)
        waiting = {override for override in waiting if _entry(override) in entries}
        found |= dict.fromkeys(waiting, history.commits[version.position].email)
        if not waiting:
            break
    return found


def change_authors(history: History, base: str, *, beside: str) -> frozenset[str]:
    """The authors of the commits that `base` does not include and that touch another file than `beside`."""
    position = history.positions.get(base)
    if position is None:
        return frozenset(commit.email for commit in history.commits)
    history.prepare([position])
    return frozenset(
        commit.email
        for number, commit in enumerate(history.commits)
        if not history.includes(position, number) and any(touch.path != beside for touch in commit.touches)
    )


def override_refusal(
    override: Override, additions: Additions, approvers: Mapping[str, Approver], *, own_commit: bool
) -> str | None:
    """Why an override that the change adds does not count; None when an approver of the base added it."""
    name = override.approved_by
    approver = approvers.get(name)
    emails = frozenset() if approver is None else frozenset(email.casefold() for email in approver.emails)
    if approver is None:
        problem = f"{name} is no approver at the base"
    elif approver.agent:
        problem = f"{name} is an agent"
    elif emails & additions.authors:
        problem = f"{name} wrote other parts of this change"
    elif own_commit and additions.added_by.get(override) not in emails:
        problem = f"{name} did not add it: the commit is by {additions.added_by.get(override) or 'an unknown author'}"
    else:
        return None
    return f"is added by this change, and {problem}: {_WAIT}"


def approver_loosenings(
    former: Mapping[str, Approver], present: Mapping[str, Approver] | None, *, path: str
) -> Iterator[Loosening]:
    """Who may approve more than at the base."""
    if present is None:
        yield Loosening(what="the list of approvers", before=_people(former), after="no list", path=path)
        return
    for name, approver in present.items():
        known = former.get(name)
        if known is None:
            yield Loosening(what="the list of approvers", before=f"no {name}", after=f"{name} may approve", path=path)
            continue
        gained = [f"the role {role}" for role in approver.roles if role not in known.roles]
        gained += [f"the e-mail {email}" for email in approver.emails if email not in known.emails]
        gained += ["approvals that count"] * (known.agent and not approver.agent)
        if gained:
            what = f"the approver {name}"
            yield Loosening(what=what, before="without it", after=f"has {', '.join(gained)}", path=path)


def _people(approvers: Mapping[str, Approver]) -> str:
    return ", ".join(approvers) or "nobody"


def _entry(override: Override) -> Override:
    """The override wherever it stands in the file."""
    return replace(override, line=1)


def _overrides(data: bytes, path: str) -> frozenset[Override]:
    if not data.strip():
        return frozenset()
    try:
        found = parse_overrides(decode_utf8(data, display_path=path), path=path)
    except InputError:
        return frozenset()
    return frozenset(map(_entry, found))
