from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_orchestrator.codec.decode import decode_json, encode
from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.evaluation.outcome import (
    Errored,
    Failed,
    FileDiagnostics,
    FileEdit,
    Flaky,
    GateResult,
    Observation,
    Outcome,
    OverBudget,
    Passed,
    RejectedFile,
    Skipped,
)
from pytest_orchestrator.evaluation.record.report import (
    CaseRow,
    EvaluationReport,
    count_outcomes,
    describe,
    table,
    write_json,
    write_markdown,
)

FAILED = Failed(gates=(GateResult(gate="parses", problems=("a.py does not parse",)),))
ALL: tuple[Outcome, ...] = (
    Passed(),
    FAILED,
    Flaky(differences=("run 1 differs",)),
    Skipped(reason="needs Python 3.14"),
    Errored(message="it broke", fix="mend it", agent="x", details={"claimed": [1]}),
    OverBudget(seconds=12.34, budget_s=10),
)


def row(outcome: Outcome, **changes: Any) -> CaseRow:
    return CaseRow(
        **{
            "id": "evaluation/s.scenario.yaml::p[demo]",
            "scenario": "s",
            "patterns": ("p",),
            "fixture": "demo 1.0",
            "agent": "builtin",
            "outcome": outcome,
            "seconds": 1.25,
            **changes,
        }
    )


def report(*rows: CaseRow, interrupted: bool = False) -> EvaluationReport:
    return EvaluationReport(
        schema="pytest-orchestrator/evaluation-report/1",
        run_id="r",
        task_id="evaluate",
        started=datetime(2026, 1, 31, 12, 0, tzinfo=UTC),
        interrupted=interrupted,
        counts=count_outcomes(rows),
        cases=rows,
    )


def finding(line: int, message: str = "look") -> Diagnostic:
    range_ = Range(start_line=line, start_column=2, end_line=line, end_column=3)
    return Diagnostic(rule="p", severity="warning", message=message, path="a.py", range=range_)


SEEN = Observation(
    tree="1" * 40,
    examined=3,
    edits=(FileEdit(path="a.py", added=2, removed=1), FileEdit(path="b.py", added=3, removed=0)),
    diagnostics=(FileDiagnostics(path="a.py", count=2),),
    rejected=(
        RejectedFile(path="c.py", reason="raised", pattern="p", message="x", line=3),
        RejectedFile(path="c.py", reason="raised", pattern="q", message="x"),
    ),
)


def test_the_json_report_is_read_back_as_it_was() -> None:
    original = report(*(row(outcome) for outcome in ALL), row(Passed(), observation=SEEN, diagnostics=(finding(1),)))
    name, data = write_json(original)
    assert name == "report.json"
    assert decode_json(EvaluationReport, json.loads(data), path=name) == original
    assert json.loads(data) == encode(original)


def test_outcomes_are_counted_in_their_own_order() -> None:
    rows = [row(outcome) for outcome in (*reversed(ALL), Passed())]
    assert list(count_outcomes(rows).items())[:2] == [("passed", 2), ("failed", 1)]
    assert count_outcomes([]) == {}


def test_a_case_without_a_result_has_dashes_in_the_table() -> None:
    assert table([row(ALL[4]), row(Passed(), observation=SEEN)]) == [
        ("s::p[demo]", "errored", "-", "-", "-", "-", "-", "1.2"),
        ("s::p[demo]", "passed", "2", "5", "1", "2", "1", "1.2"),
    ]


DESCRIPTIONS = (
    (),
    ("parses: a.py does not parse",),
    ("run 1 differs",),
    ("needs Python 3.14",),
    ("it broke", "fix: mend it"),
    ("the agent took 12.3 s, the scenario allows 10 s",),
)


@pytest.mark.parametrize(
    ("outcome", "expected"), [*zip(ALL, DESCRIPTIONS, strict=True)], ids=lambda value: getattr(value, "kind", "")
)
def test_every_outcome_has_a_description(outcome: Outcome, expected: tuple[str, ...]) -> None:
    assert describe(outcome) == expected


def test_the_page_lists_failures_findings_and_rejections() -> None:
    rows = [
        row(FAILED, patch="diffs/p.patch"),
        row(Passed(), observation=SEEN, diagnostics=(finding(7),), server="srv 1.0"),
        row(ALL[4], error="errors/01.json"),
    ]
    page = write_markdown(report(*rows, interrupted=True))[1].decode()
    assert "1 passed, 1 failed, 1 errored. Started 2026-01-31 12:00:00 UTC. **Interrupted" in page
    assert "[patch](diffs/p.patch)" in page
    assert "- parses: a.py does not parse\n" in page
    assert (
        "passed, agent builtin (srv 1.0)\n\nFound:\n\n- a.py:7:2: p: look\n\nRejected files:\n\n- c.py:3: raised"
        in page
    )
    assert "Details: [errors/01.json](errors/01.json)" in page


def test_a_case_that_passed_without_a_word_has_only_its_row() -> None:
    assert "##" not in write_markdown(report(row(Passed())))[1].decode()
    assert "No case was run" in write_markdown(report())[1].decode()


def test_a_page_of_findings_is_enough() -> None:
    page = write_markdown(report(row(Passed(), diagnostics=tuple(map(finding, range(1, 61))))))[1].decode()
    assert page.count(": p: look") == 50
    assert "... and 10 more in report.json" in page


def test_text_of_agents_and_files_is_escaped_in_the_markup() -> None:
    expected = "<script>\n# [x](y) `z` | *"
    page = write_markdown(report(row(Failed(gates=(GateResult(gate="works", problems=(expected,)),)))))[1].decode()
    assert "- works: \\<script\\> # \\[x\\](y) \\`z\\` | \\*" in page
