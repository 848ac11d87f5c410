"""The gates `works`, `contained` and `idempotent`: pure functions of what the harness found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from pytest_orchestrator.evaluation.outcome import GateResult, RejectedFile
from pytest_orchestrator.fixture_store.checkout import FileChange
from pytest_orchestrator.pattern_engine.results import is_fact


def check_contained(
    changes: Iterable[FileChange],
    selected: Collection[str],
    *,
    links: Collection[str],
    foreign: Mapping[str, str],
) -> GateResult:
    """Only selected files changed, they are still regular files, and no file was added or removed.

    `links` and `foreign` are those of the `Snapshot`.
    """
    problems = []
    for change in changes:
        if change.status != "modified":
            problems.append(f"{change.path} was {change.status}")
        elif change.path not in selected:
            problems.append(f"{change.path} was changed but not selected")
        elif change.path in links:
            problems.append(f"{change.path} was replaced by a link")
    problems += (f"{path} was added: {reason}" for path, reason in foreign.items())
    return GateResult(gate="contained", problems=tuple(problems))


def check_idempotent(changed_again: Sequence[str]) -> GateResult:
    """A pattern changes nothing when it is applied to its own result."""
    problems = tuple(f"{path} changes again when the pattern is applied to its own result" for path in changed_again)
    return GateResult(gate="idempotent", problems=problems)


def check_works(rejected: Iterable[RejectedFile]) -> GateResult:
    """No pattern raised, exceeded its time or wrote invalid output. Files that are not Python are no failure."""
    problems = tuple(
        f"{item.path}: {_cause(item)}: {item.message}"
        for item in rejected
        if not is_fact(item.reason, pattern=item.pattern)
    )
    return GateResult(gate="works", problems=problems)


def _cause(rejected: RejectedFile) -> str:
    return f"{rejected.pattern} {rejected.reason}" if rejected.pattern else rejected.reason
