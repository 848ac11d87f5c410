"""The reports of a run: `report.json`, `report.md`, and those of other packages."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.evaluation.outcome import (
    OUTCOMES,
    Errored,
    Failed,
    Flaky,
    Observation,
    Outcome,
    OverBudget,
    Passed,
    RejectedFile,
    Skipped,
)
from pytest_orchestrator.tables import markdown_table


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """One case of a run: a line of `results.jsonl`, and an entry of `report.json`."""

    id: str
    """Pytest's node id: `evaluation/<scenario>.scenario.yaml::<case>`."""
    scenario: str
    patterns: tuple[str, ...]
    fixture: str
    agent: str
    server: str = ""
    """Name and version that the agent reports."""
    outcome: Passed | Failed | Flaky | Skipped | Errored | OverBudget
    seconds: float
    observation: Observation | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    patch: str | None = None
    """The case's patch, relative to the run's folder; absent when nothing changed."""
    error: str | None = None
    """The file with an error's details, relative to the run's folder."""


@dataclass(frozen=True, kw_only=True)
class EvaluationReport:
    """`report.json`."""

    schema: Literal["pytest-orchestrator/evaluation-report/1"]
    run_id: str
    task_id: str
    started: datetime
    interrupted: bool
    counts: Mapping[str, int]
    """Cases by outcome."""
    cases: tuple[CaseRow, ...]


@dataclass(frozen=True, kw_only=True)
class Reporter:
    """A writer of a further report, registered through the hook `pytest_orchestrator_reporters`."""

    name: str
    write: Callable[[EvaluationReport], tuple[str, bytes]]
    """From the run's data to a file name, relative to the run's folder, and the file's content."""


def write_json(report: EvaluationReport) -> tuple[str, bytes]:
    """`report.json`."""
    return "report.json", (json.dumps(encode(report), indent=2, ensure_ascii=False) + "\n").encode()


def write_markdown(report: EvaluationReport) -> tuple[str, bytes]:
    """`report.md`."""
    counts = ", ".join(f"{count} {kind}" for kind, count in report.counts.items()) or "No case was run"
    lines = [
        f"# Evaluation {report.run_id}",
        "",
        f"{counts}. Started {report.started:%Y-%m-%d %H:%M:%S} UTC."
        + (" **Interrupted: some cases did not run.**" if report.interrupted else ""),
        "",
        *_markdown_table(report.cases),
    ]
    for row in report.cases:
        lines += _section(row)
    return "report.md", ("\n".join(lines) + "\n").encode("utf-8", "backslashreplace")


SHIPPED_REPORTERS = (Reporter(name="json", write=write_json), Reporter(name="markdown", write=write_markdown))

_MAX_FINDINGS = 50

HEADERS = ("case", "outcome", "files", "+", "-", "diagnostics", "rejected", "seconds")
ALIGN = ("left", "left", *["right"] * 6)


def table(cases: Sequence[CaseRow]) -> list[tuple[str, ...]]:
    """A row of cells for each case, under `HEADERS`."""
    rows = []
    for row in cases:
        seen, numbers = row.observation, ["-"] * 5
        if seen is not None:
            rejected = len({item.path for item in seen.rejected})
            numbers = [str(number) for number in (len(seen.edits), seen.added, seen.removed, seen.found, rejected)]
        rows.append((f"{row.scenario}::{row.id.rpartition('::')[2]}", row.outcome.kind, *numbers, f"{row.seconds:.1f}"))
    return rows


def count_outcomes(cases: Sequence[CaseRow]) -> Mapping[str, int]:
    """The number of cases by outcome, in a fixed order, without outcomes that don't occur."""
    counts: Counter[str] = Counter(row.outcome.kind for row in cases)
    return {kind: counts[kind] for kind in OUTCOMES if counts[kind]}


def describe(outcome: Outcome) -> tuple[str, ...]:
    """The details of an outcome, a line each."""
    match outcome:
        case Passed():
            return ()
        case Failed(gates=gates):
            return tuple(f"{gate.gate}: {problem}" for gate in gates for problem in gate.problems)
        case Flaky(differences=differences):
            return differences
        case Skipped(reason=reason):
            return (reason,)
        case Errored(message=message, fix=fix):
            return (message, *([f"fix: {fix}"] if fix else []))
        case OverBudget(seconds=seconds, budget_s=budget_s):
            return (f"the agent took {seconds:.1f} s, the scenario allows {budget_s:g} s",)


def _section(row: CaseRow) -> list[str]:
    """A section with the details of a case; empty for a case that passed without diagnostics."""
    rejected = row.observation.rejected if row.observation else ()
    details = [_inline(detail) for detail in describe(row.outcome)]
    findings = [_finding(item) for item in row.diagnostics[:_MAX_FINDINGS]]
    if len(row.diagnostics) > _MAX_FINDINGS:
        findings.append(f"... and {len(row.diagnostics) - _MAX_FINDINGS} more in report.json")
    rejections = [_rejection(item) for item in rejected]
    if not (details or findings or rejections):
        return []
    lines = ["", f"## {_inline(row.id)}", ""]
    lines.append(f"{row.outcome.kind}, agent {row.agent}" + (f" ({_inline(row.server)})" if row.server else ""))
    for title, entries in (("", details), ("Found:", findings), ("Rejected files:", rejections)):
        if entries:
            lines += ["", *([title, ""] if title else []), *(f"- {entry}" for entry in entries)]
    return [*lines, "", f"Details: [{row.error}]({row.error})"] if row.error else lines


def _finding(found: Diagnostic) -> str:
    location = f"{found.path}:{found.range.start_line}:{found.range.start_column}"
    return f"{_inline(location)}: {found.rule}: {_inline(found.message)}"


def _rejection(rejected: RejectedFile) -> str:
    location = f"{rejected.path}:{rejected.line}" if rejected.line else rejected.path
    by = f" ({_inline(rejected.pattern)})" if rejected.pattern else ""
    return f"{_inline(location)}: {rejected.reason}{by}: {_inline(rejected.message)}"


def _markdown_table(cases: Sequence[CaseRow]) -> list[str]:
    patches = (f"[patch]({row.patch})" if row.patch else "" for row in cases)
    rows = ((*map(_inline, cells), patch) for cells, patch in zip(table(cases), patches, strict=True))
    return markdown_table(rows, (*HEADERS, "diff"), align=(*ALIGN, "left"))


def _inline(text: str) -> str:
    """Text from files and agents, on one line and with Markdown's characters escaped."""
    flat = " ".join(text.split())
    for character in r"\`*_<>[]":
        flat = flat.replace(character, f"\\{character}")
    return flat
