"""Finds out who wrote a spec's present body, and who added its approvals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from pytest_orchestrator.config import ApprovalSettings
from pytest_orchestrator.spec_guard.document.mapping import NATIVE, Reading
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, parse
from pytest_orchestrator.spec_guard.ledgers.approvals import Authorship
from pytest_orchestrator.spec_guard.reviews.history import History
from pytest_orchestrator.spec_guard.reviews.last_review import FetchBlobs

_SPECS_AT_ONCE = 200


def find_authorships(  # noqa: PLR0913 - specs, and what tells who wrote them
    specs: Sequence[SpecDocument],
    *,
    history: History,
    fetch: FetchBlobs,
    dirty: Collection[str],
    author: Callable[[], str],
    reading: Reading = NATIVE,
) -> dict[str, Authorship]:
    """The authorship of each of `specs`, by path.

    `dirty` are the paths with uncommitted changes; `author` returns the e-mail of the present git user.
    """
    found: dict[str, Authorship] = {}
    for start in range(0, len(specs), _SPECS_AT_ONCE):
        batch = specs[start : start + _SPECS_AT_ONCE]
        versions = {spec.path: tuple(history.lineage(spec.path)) for spec in batch}
        blobs = (version.blob for lineage in versions.values() for _, version in lineage if version.blob is not None)
        contents = fetch(tuple(dict.fromkeys(blobs)))
        for spec in batch:
            uncommitted_by = author() if spec.path in dirty else None
            past = (
                (
                    parse(contents[version.blob or ""], path=path, reading=reading),
                    history.commits[version.position].email,
                )
                for path, version in versions[spec.path]
            )
            found[spec.path] = _authorship(spec, past, uncommitted_by)
    return found


def needs_authorship(spec: SpecDocument, changed: Collection[str], policy: ApprovalSettings) -> bool:
    """Whether a spec has approvals to look into: all have if the settings ask for some, else those in `changed`."""
    has_some = spec.declaration is not None and bool(spec.declaration.approvals)
    return has_some and (spec.path in changed or bool(policy.required or policy.roles))


def email_of(ident: bytes) -> str:
    """The e-mail in an identity as `git var` prints it (`Ann <ann@example.org> 1600000000 +0000`), in lower case."""
    return ident.decode("utf-8", "replace").rpartition("<")[2].partition(">")[0].casefold()


def _authorship(spec: SpecDocument, past: Iterable[tuple[SpecDocument, str]], uncommitted_by: str | None) -> Authorship:
    """The author of the commit that wrote the present body, and by approver the author of the commit that first had
    the approval. `past` are the spec's versions from the newest to the oldest, each with its author's e-mail."""
    waiting = set(_approvals(spec))
    author = uncommitted_by
    approved_by = {} if uncommitted_by is None else {name: uncommitted_by for name, _ in waiting}
    body_found = False
    for document, email in past:
        body_found = body_found or document.body_digest != spec.body_digest
        if not body_found:
            author = email
        waiting &= set(_approvals(document))
        approved_by |= {name: email for name, _ in waiting}
        if body_found and not waiting:
            break
    return Authorship(authors=frozenset(filter(None, [author])), approved_by=approved_by)


def _approvals(spec: SpecDocument) -> Sequence[tuple[str, str]]:
    entries: Sequence[Any] = spec.declaration.approvals if spec.declaration else ()
    return [(str(entry.get("by")), str(entry.get("body"))) for entry in entries if not isinstance(entry, str)]
