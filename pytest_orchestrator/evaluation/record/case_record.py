"""What a judged case leaves in the run's folder, and what its process tells the one that writes the record."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.codec.decode import decode_json, encode
from pytest_orchestrator.errors import InputError, RunError
from pytest_orchestrator.evaluation.gates.expected import UPDATE_FIX, Expectation, expect, load_expectation
from pytest_orchestrator.evaluation.gates.verdict import judge, judge_update
from pytest_orchestrator.evaluation.outcome import Errored, Outcome, Passed
from pytest_orchestrator.evaluation.plan.case import Case
from pytest_orchestrator.evaluation.plan.evaluation import Evaluation, pattern_ingredients, pin_ingredients
from pytest_orchestrator.evaluation.record.report import CaseRow
from pytest_orchestrator.evaluation.run.attempt import CaseRun
from pytest_orchestrator.runs.artifact import write_artifact
from pytest_orchestrator.runs.manifest import ArtifactRef, Ingredient


@dataclass(frozen=True, kw_only=True)
class Update:
    """An expectation that a passed case would like to be held against from now on."""

    path: str
    expectation: Expectation


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A case's row, the files written for it, and what it was made with; travels between processes as JSON."""

    row: CaseRow
    artifacts: tuple[ArtifactRef, ...] = ()
    pins: tuple[Ingredient, ...] = ()
    patterns: tuple[Ingredient, ...] = ()
    update: Update | None = None
    problem: str = ""
    """Why not all of it could be written."""

    def to_json(self) -> str:
        """The record as text that `from_json` reads."""
        return json.dumps(encode(self))

    @staticmethod
    def from_json(text: str) -> Recorded:
        """The record that `to_json` wrote."""
        return decode_json(Recorded, json.loads(text), path="a case's record")


def verdict(evaluation: Evaluation, case: Case, run: CaseRun, *, update: bool) -> Outcome:
    """How a case ended. With `update`, what its expectation says doesn't count; a malformed one is an error else."""
    if update:
        return judge_update(run)
    display_path = evaluation.display_path(case.expectation)
    try:
        expectation = load_expectation(case.expectation, display_path=display_path)
    except InputError as error:
        return run.verdict or Errored(message=str(error), fix=error.fix or UPDATE_FIX)
    return judge(case, run, expectation, display_path=display_path)


def record_case(  # noqa: PLR0913 - a row has that many parts
    folder: Path, case: Case, run: CaseRun, outcome: Outcome, *, node_id: str, number: int, update: bool
) -> Recorded:
    """Write a case's patch, and for an error its details, into the run's folder. `number` tells cases apart.

    When they can't be written, the verdict stands and `problem` says why.
    """
    artifacts: list[ArtifactRef] = []
    problem = ""
    patch = f"diffs/{case.slug}.patch" if run.patch else None
    error = f"errors/{number:02d}-{case.slug}.json" if isinstance(outcome, Errored) else None
    try:
        if patch:
            artifacts.append(write_artifact(folder, patch, run.patch))
        if error:
            details = {"case": node_id, "fixture": str(case.pin), **encode(outcome)}
            artifacts.append(write_artifact(folder, error, (json.dumps(details, indent=2) + "\n").encode()))
    except RunError as failure:
        problem = str(failure)
    written = [artifact.path for artifact in artifacts]
    row = CaseRow(
        id=node_id,
        scenario=case.scenario,
        patterns=tuple(call.pattern.id for call in case.calls),
        fixture=str(case.pin),
        agent=case.agent.name,
        server="" if run.agent is None else f"{run.agent.server} {run.agent.version}".strip(),
        outcome=outcome,
        seconds=run.seconds,
        observation=run.observation,
        diagnostics=run.diagnostics,
        patch=patch if patch in written else None,
        error=error if error in written else None,
    )
    return Recorded(
        row=row,
        artifacts=tuple(artifacts),
        problem=problem,
        pins=pin_ingredients([case]),
        patterns=pattern_ingredients([case]),
        update=_update(case, run) if update and isinstance(outcome, Passed) else None,
    )


def _update(case: Case, run: CaseRun) -> Update | None:
    if run.observation is None or "expected" not in case.gates:
        return None
    return Update(path=str(case.expectation), expectation=expect(case.pin, run.observation))
