"""`--update-expected`: write the expectations of cases that passed, remove those without a case, list the changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.display import relative_name
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.evaluation.gates.expected import Expectation, compare, load_expectation, write_expectation
from pytest_orchestrator.evaluation.plan.evaluation import Evaluation
from pytest_orchestrator.evaluation.plan.scenario import FOLDER, SUFFIX
from pytest_orchestrator.evaluation.record.case_record import CaseRecord, Update


@dataclass(frozen=True, kw_only=True)
class ExpectationChange:
    """An expectation that was written, removed or refused."""

    path: str
    change: str
    details: tuple[str, ...] = ()
    refused: bool = False


def update_expectations(evaluation: Evaluation, records: Sequence[CaseRecord]) -> tuple[ExpectationChange, ...]:
    """Write the expectations of the cases that passed. Expectations without a case are removed when every case of their
    scenario ran.

    Raises:
        InputError: a file can't be written.
    """
    wanted: dict[str, list[tuple[str, Update]]] = {}
    for record in records:
        if record.update is not None:
            wanted.setdefault(record.update.path, []).append((record.row.agent, record.update))
    changes = [_update(evaluation, Path(path), updates) for path, updates in sorted(wanted.items())]
    return (*(change for change in changes if change is not None), *_remove_stale(evaluation, records))


def _update(evaluation: Evaluation, path: Path, updates: Sequence[tuple[str, Update]]) -> ExpectationChange | None:
    display_path = relative_name(path, evaluation.root)
    agent, first = updates[0]
    for other, update in updates[1:]:
        if differences := compare(first.expectation, update.expectation):
            return ExpectationChange(
                path=display_path,
                change=f"not written: the agents {agent} and {other} disagree",
                details=differences,
                refused=True,
            )
    try:
        old = load_expectation(path, display_path=display_path)
    except InputError as error:
        old, broken = None, f"was malformed ({error.message})"
    else:
        broken = ""
    if old == first.expectation:
        return None
    write_expectation(path, first.expectation, display_path=display_path)
    if old is None:
        return ExpectationChange(path=display_path, change=f"{broken or 'new'} -> {first.expectation.total}")
    return ExpectationChange(
        path=display_path, change=_change(old, first.expectation), details=compare(old, first.expectation)
    )


def _change(old: Expectation, new: Expectation) -> str:
    before, after = (old.total, new.total) if old.total != new.total else (old.after[:12], new.after[:12])
    return f"{before} -> {after}"


def _remove_stale(evaluation: Evaluation, records: Sequence[CaseRecord]) -> list[ExpectationChange]:
    changes = []
    for scenario in dict.fromkeys(record.row.scenario for record in records):
        path = evaluation.root / FOLDER / f"{scenario}{SUFFIX}"
        if not path.is_file():
            continue
        cases = evaluation.plan(path)
        ran = {record.row.id.partition("::")[2] for record in records if record.row.scenario == scenario}
        if {case.name for case in cases} - ran:
            continue
        kept = {case.expectation for case in cases}
        for file in sorted((path.parent / "expected" / scenario).glob("*.yaml")):
            if file not in kept:
                file.unlink()
                changes.append(
                    ExpectationChange(path=relative_name(file, evaluation.root), change="removed: it has no case")
                )
    return changes
