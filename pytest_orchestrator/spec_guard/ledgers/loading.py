"""Reads the ledgers of a project: reviews, overrides, approvers, the index of specs, and the baseline.

The module of a ledger is imported when there is such a ledger.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.files import decode_utf8, inside, read_text
from pytest_orchestrator.spec_guard.reviews import ledger as reviews
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewLedger

if TYPE_CHECKING:
    from pytest_orchestrator.spec_guard.ledgers.approvals import Approver
    from pytest_orchestrator.spec_guard.ledgers.baseline import BaselineFile
    from pytest_orchestrator.spec_guard.ledgers.overrides import Override
    from pytest_orchestrator.spec_guard.ledgers.task_index import TaskIndex

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Ledgers:
    """The ledgers as they are written. One that cannot be read counts as absent, and is named in `problems`."""

    reviews: ReviewLedger = field(default_factory=ReviewLedger)
    overrides: tuple[Override, ...] = ()
    """Some may not count; `RuleContext.overrides_in_force` are those that do."""
    unproven: Mapping[Override, str] = field(default_factory=dict)
    """Why an override that the change adds does not count."""
    approvers: Mapping[str, Approver] | None = None
    """By the name that approvals use; those of the base. None: the project has no file of approvers."""
    present_approvers: Mapping[str, Approver] | None = None
    """Those that count once the change is merged."""
    index: TaskIndex | None = None
    index_text: str = ""
    baseline: BaselineFile | None = None
    problems: tuple[Diagnostic, ...] = ()
    """A diagnostic for each ledger that cannot be read, of the rule that checks that ledger."""


def load_ledgers(root: Path, settings: SpecGuardSettings, *, approvers_at_base: bytes | None) -> Ledgers:
    """The ledgers of the project in `root`.

    `approvers_at_base` is the file of approvers at the base where the change edits it, else None; empty where the base
    has none. It counts then: no change can appoint its own approver.
    """
    problems: list[Diagnostic] = []

    def load(rule: str, read: Callable[[Path, str], T | None], path: str) -> T | None:
        try:
            return read(root, path)
        except InputError as error:
            problems.append(_problem(rule, error, path))
            return None

    index = load("SG014", _read_index, settings.index)
    present = load("SG013", _read_approvers, settings.approvers)
    approvers = _former_approvers(approvers_at_base, present, settings.approvers)
    return Ledgers(
        reviews=load("SG015", read_reviews, settings.reviews) or ReviewLedger(),
        overrides=load("SG019", read_overrides, settings.overrides) or (),
        approvers=approvers,
        present_approvers=present,
        index=None if index is None else index[0],
        index_text="" if index is None else index[1],
        baseline=load("SG022", read_baseline, settings.baseline),
        problems=tuple(problems),
    )


def read_reviews(root: Path, path: str) -> ReviewLedger | None:
    """The ledger of reviews; None when there is none. Raises `InputError` when it cannot be read."""
    where = _existing(root, path)
    if where is None:
        return None
    return reviews.parse_reviews(read_text(where, max_bytes=reviews.MAX_BYTES, display_path=path), path=path)


def read_overrides(root: Path, path: str) -> tuple[Override, ...] | None:
    """The overrides; None when there is no such file. Raises `InputError` when it cannot be read."""
    where = _existing(root, path)
    if where is None:
        return None
    from pytest_orchestrator.spec_guard.ledgers import overrides

    return overrides.parse_overrides(read_text(where, max_bytes=overrides.MAX_BYTES, display_path=path), path=path)


def read_baseline(root: Path, path: str) -> BaselineFile | None:
    """The baseline; None when there is none. Raises `InputError` when it cannot be read."""
    where = _existing(root, path)
    if where is None:
        return None
    from pytest_orchestrator.spec_guard.ledgers import baseline

    return baseline.parse_baseline(read_text(where, max_bytes=baseline.MAX_BYTES, display_path=path), path=path)


def _read_approvers(root: Path, path: str) -> Mapping[str, Approver] | None:
    where = _existing(root, path)
    if where is None:
        return None
    from pytest_orchestrator.spec_guard.ledgers import approvals

    return approvals.parse_approvers(read_text(where, max_bytes=approvals.MAX_BYTES, display_path=path), path=path)


def _read_index(root: Path, path: str) -> tuple[TaskIndex, str] | None:
    where = _existing(root, path)
    if where is None:
        return None
    from pytest_orchestrator.spec_guard.ledgers import task_index

    text = read_text(where, max_bytes=task_index.MAX_BYTES, display_path=path)
    return task_index.parse_index(text, path=path), text


def _former_approvers(
    data: bytes | None, present: Mapping[str, Approver] | None, path: str
) -> Mapping[str, Approver] | None:
    """The approvers at the base: nobody where its file can't be read, or where the change adds the first one."""
    if data is None:
        return present
    if not data:
        return None if present is None else {}
    from pytest_orchestrator.spec_guard.ledgers import approvals

    try:
        return approvals.parse_approvers(decode_utf8(data, display_path=path), path=path)
    except InputError:
        return {}


def _existing(root: Path, path: str) -> Path | None:
    where = inside(root, path)
    return where if os.path.lexists(where) else None


def _problem(rule: str, error: InputError, path: str) -> Diagnostic:
    return Diagnostic(
        rule=rule,
        severity="error",
        message=error.message,
        path=path,
        range=Range.of_line(error.line or 1),
        fix=error.fix or "correct the file",
    )
