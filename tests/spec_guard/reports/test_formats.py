"""Reports for other tools."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.spec_guard.ledgers.evidence import Evidence
from pytest_orchestrator.spec_guard.reports.formats import render_github, render_junit, render_sarif
from pytest_orchestrator.spec_guard.reports.report import SpecReport, render_markdown
from pytest_orchestrator.spec_guard.rules.shipped import SHIPPED_RULES
from tests.sarif import sarif_log

_FOUND = Diagnostic(
    rule="SG005",
    severity="error",
    message="100 % old, it says: read\nme",
    path="docs/specs/a b,c.md",
    range=Range(start_line=6, end_line=7),
    fix="read it",
)
_WARNED = Diagnostic(
    rule="TEAM1",
    severity="warning",
    message="<&>",
    path="x.md",
    range=Range(start_line=1, start_column=2, end_line=1, end_column=5),
)
_REPORT = SpecReport(
    today=date(2020, 11, 20),
    specs=("clean.md", "docs/specs/a b,c.md", "x.md"),
    diagnostics=(_FOUND, _WARNED),
    problems=("git is away",),
    evidence=(Evidence(spec="a", required=True, passed=("t",)),),
)


def test_sarif_has_what_the_standard_requires() -> None:
    """The properties that SARIF 2.1.0 marks as required, and the constraints on those that we use."""
    log = json.loads(render_sarif(_REPORT, SHIPPED_RULES, version="0.1.0"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    assert [rule["id"] for rule in driver["rules"]] == [rule.id for rule in SHIPPED_RULES]
    assert all(rule["defaultConfiguration"]["level"] in ("error", "warning") for rule in driver["rules"])
    first, second = run["results"]
    assert driver["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "SG005"
    assert "ruleIndex" not in second
    assert (first["level"], second["level"]) == ("error", "warning")
    location = first["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": "docs/specs/a%20b%2Cc.md", "uriBaseId": "ROOT"}
    assert location["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
    assert location["region"] == {"startLine": 6, "endLine": 6}
    region = second["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 2, "endLine": 1, "endColumn": 5}
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "git is away"


def test_sarif_is_what_its_schema_allows() -> None:
    text = render_sarif(_REPORT, SHIPPED_RULES, version="0.1.0")
    (run,) = sarif_log(text).runs
    assert [result.ruleId for result in run.results] == ["SG005", "TEAM1"]
    clean = replace(_REPORT, diagnostics=(), problems=())
    assert sarif_log(render_sarif(clean, SHIPPED_RULES, version="0.1.0")).runs[0].results == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"level": "error"', '"level": "bad"'),
        ('"startLine": 6', '"startLine": 0'),
        ('"ruleIndex": 4', '"ruleIndex": -2'),
        ('"version": "2.1.0"', '"version": "2.0.0"'),
        ('"columnKind": "', '"unknown": "'),
        ('"driver": {', '"driver_": {'),
    ],
)
def test_schema_of_sarif_refuses_a_wrong_log(right: str, wrong: str) -> None:
    text = render_sarif(_REPORT, SHIPPED_RULES, version="0.1.0")
    assert right in text
    with pytest.raises(ValueError, match="validation error"):
        sarif_log(text.replace(right, wrong))


def test_annotations_are_escaped_as_github_wants_them() -> None:
    lines = render_github(_REPORT).splitlines()
    assert lines == [
        "::error file=docs/specs/a b%2Cc.md,line=6,title=SG005::100 %25 old, it says: read%0Ame%0Afix: read it",
        "::warning file=x.md,line=1,title=TEAM1::<&>",
        "::error title=spec guard::not checked: git is away",
    ]


def test_junit_has_a_case_for_each_finding_and_each_clean_spec() -> None:
    root = ET.fromstring(render_junit(_REPORT))  # noqa: S314 - our own text
    (suite,) = root
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "1", "1")
    assert [case.get("classname") for case in suite] == ["clean.md", "docs/specs/a b,c.md", "x.md", "spec-guard"]
    assert suite[1][0].get("type") == "SG005"
    assert suite[2][0].text == "warning: x.md:1: <&>"


def test_markdown_holds_findings_and_evidence() -> None:
    text = render_markdown(_REPORT)
    assert "| `docs/specs/a b,c.md:6` | SG005 | error |" in text
    assert "| a | passed | 1 | 0 | 0 |" in text


@given(st.text())
def test_any_message_makes_a_well_formed_report(message: str) -> None:
    item = Diagnostic(rule="SG001", severity="error", message=message, path=message, range=Range.of_line(1))
    report = SpecReport(today=date(2020, 11, 20), specs=(), diagnostics=(item,))
    ET.fromstring(render_junit(report))  # noqa: S314 - our own text
    sarif_log(render_sarif(report, SHIPPED_RULES, version="0"))
    assert len(render_github(report).splitlines()) >= 1


@pytest.mark.parametrize("form", ["sarif", "github", "junit", "json", "markdown", "text"])
def test_surrogates_do_not_stop_a_report(form: str) -> None:
    from pytest_orchestrator.commands.spec.render import render

    item = Diagnostic(rule="SG001", severity="error", message="x", path="caf\udce9.md", range=Range.of_line(1))
    report = SpecReport(today=date(2020, 11, 20), specs=("caf\udce9.md",), diagnostics=(item,))
    assert "caf" in render(report, form)  # type: ignore[arg-type]  # each is a form
