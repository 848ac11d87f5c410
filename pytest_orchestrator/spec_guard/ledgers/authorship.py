"""Who wrote a spec's present words, and who wrote down its approvals: asked of git, for approvals to be judged by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pytest_orchestrator.spec_guard.coverage.syntax import text_digest
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, parse
from pytest_orchestrator.spec_guard.ledgers.approvals import Authorship
from pytest_orchestrator.spec_guard.reviews.history import History
from pytest_orchestrator.spec_guard.reviews.inquiry import Inquiry


def authorship(spec: SpecDocument, *, history: History, dirty: bool, me: Callable[[], str]) -> Inquiry[Authorship]:
    """The authors of the commit that brought the spec's present words, and for each approver that of the commit that
    first had the approval. `me` is who writes in the working tree; it is asked only for what is not committed."""
    body = text_digest(spec.body)
    waiting = set(_approvals(spec))
    words_by: str | None = me() if dirty else None
    writers = dict.fromkeys(_names(waiting), me()) if dirty else {}
    settled = False
    lineage = list(history.lineage(spec.path))
    size = 8
    for start in range(0, len(lineage), size):
        batch = lineage[start : start + size]
        contents = yield [version.blob or "" for _, version in batch]
        for path, version in batch:
            document = parse(contents[version.blob or ""], path=path)
            email = history.commits[version.place].email
            if text_digest(document.body) != body:
                settled = True
            if not settled:
                words_by = email
            waiting &= set(_approvals(document))
            writers |= dict.fromkeys(_names(waiting), email)
        if settled and not waiting:
            break
    return Authorship(authors=frozenset(filter(None, [words_by])), approved_by=writers)


def _approvals(spec: SpecDocument) -> Sequence[tuple[str, str]]:
    entries: Sequence[Any] = spec.declaration.approvals if spec.declaration else ()
    return [(str(entry.get("by")), str(entry.get("body"))) for entry in entries if not isinstance(entry, str)]


def _names(entries: set[tuple[str, str]]) -> list[str]:
    return [name for name, _ in entries]
