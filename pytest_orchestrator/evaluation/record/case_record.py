"""The record of one case: its files in the run's folder, and its row for the process that writes the reports."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.codec.decode import decode_json, encode
from pytest_orchestrator.errors import RunError
from pytest_orchestrator.evaluation.gates.expected import Expectation, expect
from pytest_orchestrator.evaluation.outcome import CaseRun, Errored, Outcome, Passed
from pytest_orchestrator.evaluation.plan.case import Case
from pytest_orchestrator.evaluation.record.report import CaseRow
from pytest_orchestrator.runs.artifact import write_artifact
from pytest_orchestrator.runs.manifest import ArtifactRef, InputDigest


@dataclass(frozen=True, kw_only=True)
class Update:
    """The expectation that a passed case would write."""

    path: str
    expectation: Expectation


@dataclass(frozen=True, kw_only=True)
class CaseRecord:
    """A case's row, its files and inputs. Travels between xdist's processes as JSON."""

    row: CaseRow
    artifacts: tuple[ArtifactRef, ...] = ()
    pins: tuple[InputDigest, ...] = ()
    patterns: tuple[InputDigest, ...] = ()
    update: Update | None = None
    problem: str = ""
    """Why a file could not be written; empty when all were."""

    def to_json(self) -> str:
        """The record as text that `from_json` reads."""
        return json.dumps(encode(self))

    @staticmethod
    def from_json(text: str) -> CaseRecord:
        """The record that `to_json` wrote."""
        return decode_json(CaseRecord, json.loads(text), path="a case's record")


def record_case(  # noqa: PLR0913 - a row has that many parts
    folder: Path, case: Case, run: CaseRun, outcome: Outcome, *, node_id: str, number: int, update: bool
) -> CaseRecord:
    """Write a case's patch, and the details of an error, into the run's folder. `number` is unique in the run.

    When they can't be written, the outcome stays, and the record's `problem` says why.
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
    return CaseRecord(
        row=row,
        artifacts=tuple(artifacts),
        problem=problem,
        pins=(InputDigest(name=case.pin.name, version=case.pin.version, digest=case.pin.tree),),
        patterns=tuple(InputDigest(name=call.pattern.id, digest=call.pattern.digest) for call in case.calls),
        update=_update(case, run) if update and isinstance(outcome, Passed) else None,
    )


def _update(case: Case, run: CaseRun) -> Update | None:
    if run.observation is None or "expected" not in case.gates:
        return None
    return Update(path=str(case.expectation), expectation=expect(case.pin, run.observation))
