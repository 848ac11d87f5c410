"""`python -m pytest_orchestrator.commands.schemas`: write the JSON Schema of every file format.

The dataclass is the format. The schema is generated from it, for editors and other programs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pytest_orchestrator.codec.schema import schema_of
from pytest_orchestrator.config import Settings
from pytest_orchestrator.evaluation.gates.expected import Expectation
from pytest_orchestrator.evaluation.plan.scenario import Scenario
from pytest_orchestrator.evaluation.record.report import EvaluationReport
from pytest_orchestrator.files import write_atomic
from pytest_orchestrator.fixture_store.pin import LockFile
from pytest_orchestrator.pattern_engine.library.cases import ExpectedDiagnostics
from pytest_orchestrator.pattern_engine.library.index import LibraryIndex
from pytest_orchestrator.pattern_engine.pattern import PatternMetadata
from pytest_orchestrator.runs.manifest import RunManifest
from pytest_orchestrator.spec_guard.document.spec import FrontMatter
from pytest_orchestrator.spec_guard.ledgers.approvals import ApproversFile
from pytest_orchestrator.spec_guard.ledgers.baseline import BaselineFile
from pytest_orchestrator.spec_guard.ledgers.overrides import OverridesFile
from pytest_orchestrator.spec_guard.ledgers.task_index import TaskIndex
from pytest_orchestrator.spec_guard.reports.report import SpecReport
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord
from pytest_orchestrator.spec_guard.reviews.replay import ReplayReport

FOLDER = Path(__file__).resolve().parents[1] / "schemas"

_FORMATS: Mapping[str, tuple[Any, str]] = {
    "approvers": (ApproversFile, "tasks/approvers.yaml"),
    "evaluation-report": (EvaluationReport, "report.json of an evaluation"),
    "expectation": (Expectation, "evaluation/expected/<scenario>/<pattern>@<fixture>.yaml"),
    "fixtures-lock": (LockFile, "fixtures/fixtures.lock.yaml"),
    "overrides": (OverridesFile, "tasks/overrides.yaml"),
    "pattern": (PatternMetadata, "patterns/<id>/pattern.yaml"),
    "pattern-case": (ExpectedDiagnostics, "patterns/<id>/cases/<name>/expect.yaml"),
    "patterns-index": (LibraryIndex, "patterns/index.json"),
    "review": (ReviewRecord, "a line of tasks/reviews.jsonl"),
    "run-manifest": (RunManifest, "manifest.json of a run"),
    "scenario": (Scenario, "evaluation/<id>.scenario.yaml"),
    "settings": (Settings, "[tool.pytest_orchestrator] of pyproject.toml"),
    "spec-baseline": (BaselineFile, "tasks/spec-baseline.json"),
    "spec": (FrontMatter, "the front matter of a spec"),
    "spec-replay": (ReplayReport, "spec replay --format json"),
    "spec-report": (SpecReport, "report.json of the spec guard"),
    "task-index": (TaskIndex, "tasks/index.json"),
}


def schema_files() -> Mapping[str, str]:
    """The content of each schema file, by its name."""
    schemas = {name: _portable(schema_of(kind, title=title)) for name, (kind, title) in _FORMATS.items()}
    schemas["spec"]["patternProperties"] = {"^x-": {}}  # any other key, which a dataclass has no field for
    return {
        f"{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }


def write_schemas(folder: Path = FOLDER) -> tuple[str, ...]:
    """Write the schemas that are absent or stale, and remove those of no format; the names of all these files."""
    folder.mkdir(exist_ok=True)
    wanted = schema_files()
    changed = []
    for path in sorted(folder.glob("*.schema.json")):
        if path.name not in wanted:
            path.unlink()
            changed.append(path.name)
    for name, text in wanted.items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_atomic(path, text.encode())
            changed.append(name)
    return tuple(changed)


def _portable(schema: Any) -> Any:
    """The schema with patterns in the dialect of ECMA-262, as JSON Schema requires: it has no `\\Z`."""
    if isinstance(schema, dict):
        return {
            key: value.replace(r"\Z", "$") if key == "pattern" and isinstance(value, str) else _portable(value)
            for key, value in schema.items()
        }
    return [_portable(item) for item in schema] if isinstance(schema, list) else schema


if __name__ == "__main__":
    for changed_name in write_schemas():
        sys.stdout.write(f"{changed_name} rewritten\n")
