from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from pytest_orchestrator.diagnostics import Diagnostic, Edit, Range
from pytest_orchestrator.sarif import Notification, SarifLog, SarifRule, render_sarif
from tests.sarif import sarif_log

WORD = Range(start_line=2, start_column=3, end_line=2, end_column=6)


def _finding(*, path: str = "a.py", found: Range = WORD, edit: Edit | None = None) -> Diagnostic:
    return Diagnostic(rule="r", severity="warning", message="is old", path=path, range=found, edit=edit)


def _run(*results: Diagnostic, notifications: tuple[Notification, ...] = ()) -> dict[str, Any]:
    rules = [SarifRule(id="r", summary="Old names")]
    log = SarifLog(
        rules=rules, results=results, notifications=notifications, successful=True, version="1.0", root="The project."
    )
    text = render_sarif(log)
    sarif_log(text)  # raises when the schema refuses it
    (run,) = json.loads(text)["runs"]
    assert isinstance(run, dict)
    return run


@pytest.mark.parametrize(
    ("found", "region"),
    [
        (WORD, {"startLine": 2, "startColumn": 3, "endLine": 2, "endColumn": 6}),
        (Range.of_line(2), {"startLine": 2, "endLine": 2}),
        (Range(start_line=2, end_line=5), {"startLine": 2, "endLine": 4}),
        (
            Range(start_line=2, start_column=3, end_line=3),
            {"startLine": 2, "startColumn": 3, "endLine": 3, "endColumn": 1},
        ),
    ],
)
def test_region_of_whole_lines_ends_at_its_last_line(found: Range, region: dict[str, int]) -> None:
    (result,) = _run(_finding(found=found))["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == region


def test_fix_deletes_exactly_its_range() -> None:
    (result,) = _run(_finding(edit=Edit(range=Range.of_line(2), text="")))["results"]
    ((replacement,),) = [change["replacements"] for change in result["fixes"][0]["artifactChanges"]]
    assert replacement["deletedRegion"] == {"startLine": 2, "startColumn": 1, "endLine": 3, "endColumn": 1}


def test_path_is_a_uri_of_its_bytes_and_is_relative_to_the_root() -> None:
    run = _run(_finding(path="a b/caf\udce9.py"))
    artifact = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "a%20b/caf%E9.py", "uriBaseId": "ROOT"}
    assert run["originalUriBaseIds"] == {"ROOT": {"description": {"text": "The project."}}}


def test_notification_has_a_location_only_where_it_is_about_a_file() -> None:
    run = _run(
        notifications=(
            Notification(level="error", message="no git"),
            Notification(level="warning", message="syntax", path="a.py", line=3),
        )
    )
    first, second = run["invocations"][0]["toolExecutionNotifications"]
    assert "locations" not in first
    assert second["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}


@pytest.mark.parametrize(
    ("message", "found"),
    [("is old", "is old. replace it"), ("did you mean 'b'?", "did you mean 'b'? replace it")],
)
def test_fix_follows_the_message_as_a_sentence_of_its_own(message: str, found: str) -> None:
    (result,) = _run(replace(_finding(), message=message, fix="replace it"))["results"]
    assert result["message"]["text"] == found
