"""The forms, files, colours and exit codes of `patterns lint` and `patterns apply`."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.command_line import run
from tests.cli.patterns.command import call

FOUND = "a.py:1:5: old-name 100% old, and bad"
PAINTED = "a.py:1:5: \x1b[33mold-name\x1b[0m 100% old, and bad\n\x1b[2m  1 | x = old\x1b[0m\n"


def test_several_patterns_are_named_in_one_value(project: Path) -> None:
    names = "rename, no-object-base"
    data = json.loads(call(project, "apply", "--check", "--select", names, "--format", "json", "b.py").stdout)
    assert set(data["patterns"]) == {"rename", "no-object-base"}
    assert "the value is empty" in call(project, "apply", "--select", "rename,", code=2).stderr


def test_exit_zero_keeps_the_exit_code_of_failures(project: Path) -> None:
    assert FOUND in call(project, "lint", "--select", "old-name", "--exit-zero", "a.py").stdout
    call(project, "apply", "--select", "rename", "--check", "--exit-zero", "a.py")
    call(project, "lint", "--select", "old-name", "--exit-zero", "nowhere.py", code=2)


def test_quiet_prints_the_findings_only(project: Path) -> None:
    result = call(project, "lint", "--select", "old-name", "--quiet", "a.py", code=1)
    assert result.stdout.startswith(FOUND)
    assert result.stderr == ""


def test_statistics_have_no_rows_of_zeros(project: Path) -> None:
    result = call(project, "apply", "--select", "rename,no-object-base", "--check", "--statistics", "a.py", code=1)
    assert "rename" in result.stderr
    assert "no-object-base" not in result.stderr
    clean = call(project, "apply", "--select", "no-object-base", "--check", "--statistics", "b.py")
    assert "files changed" not in clean.stderr


def test_the_report_goes_to_a_file(project: Path) -> None:
    result = call(project, "lint", "--select", "old-name", "--format", "json", "-o", "report.json", "a.py", code=1)
    assert result.stdout == ""
    assert json.loads((project / "report.json").read_text())["patterns"] == ["old-name"]
    failed = call(project, "lint", "--select", "old-name", "-o", "no/report.json", "a.py", code=2)
    assert "no/report.json: can't be written" in failed.stderr


def test_a_report_in_a_file_has_no_colours(project: Path) -> None:
    environment = {"FORCE_COLOR": "1"}
    run(project, "patterns", "lint", "--select", "old-name", "-o", "report", "a.py", code=1, env=environment)
    assert FOUND in (project / "report").read_text()


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        (
            ["--color", "always"],
            {},
            "a.py:1:5: \x1b[33mold-name\x1b[0m 100% old, and bad\n\x1b[2m  1 | x = old\x1b[0m\n",
        ),
        (
            [],
            {"FORCE_COLOR": "1"},
            "a.py:1:5: \x1b[33mold-name\x1b[0m 100% old, and bad\n\x1b[2m  1 | x = old\x1b[0m\n",
        ),
        (["--color", "never"], {"FORCE_COLOR": "1"}, f"{FOUND}\n"),
        (["--format", "concise"], {"FORCE_COLOR": "1"}, f"{FOUND}\n"),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, f"{FOUND}\n"),
    ],
)
def test_persons_get_colours_and_lines(
    project: Path, arguments: list[str], environment: dict[str, str], expected: str
) -> None:
    (project / "a.py").write_text("x = old\n")
    command = ["patterns", "lint", "--select", "old-name", *arguments, "a.py"]
    assert run(project, *command, code=1, env=environment).stdout == expected


def test_github_actions_gets_annotations_beside_the_text(project: Path) -> None:
    command = ["patterns", "lint", "--select", "old-name", "a.py"]
    printed = run(project, *command, code=1, env={"GITHUB_ACTIONS": "true"}).stdout
    assert FOUND in printed
    assert "::warning file=a.py,line=1," in printed
    as_json = run(project, *command, "--format", "json", code=1, env={"GITHUB_ACTIONS": "true"}).stdout
    json.loads(as_json)


def test_junit_has_failures_and_errors(project: Path) -> None:
    linted = ET.fromstring(  # noqa: S314 - our own text
        call(project, "lint", "--select", "old-name", "--format", "junit", "a.py", "c.py", code=1).stdout
    )
    suite = linted.find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "3", "0")
    assert [case.get("classname") for case in suite] == ["a.py", "a.py", "c.py"]
    checked = call(project, "apply", "--select", "rename", "--check", "--format", "junit", "a.py", code=1).stdout
    assert '<failure message="would change this file" type="rename">' in checked
    written = call(project, "apply", "--select", "rename", "--format", "junit", "a.py").stdout
    assert 'failures="0"' in written
    clean = call(project, "lint", "--select", "old-name", "--format", "junit", "b.py").stdout
    assert 'tests="1" failures="0"' in clean


def test_fingerprints_for_gitlab_survive_moved_lines(project: Path) -> None:
    def issues(text: str) -> list[dict[str, object]]:
        (project / "a.py").write_text(text)
        printed = call(project, "lint", "--select", "old-name", "--format", "gitlab", "a.py", code=1).stdout
        found: list[dict[str, object]] = json.loads(printed)
        return found

    before, after = issues("x = old\ny = old\n"), issues("\n\nx = old\ny = old\n")
    assert [item["location"] for item in after] == [{"path": "a.py", "lines": {"begin": line}} for line in (3, 4)]
    fingerprints = [item["fingerprint"] for item in before]
    assert len(set(fingerprints)) == 2
    assert fingerprints == [item["fingerprint"] for item in after]


def test_what_comments_suppress_is_shown_on_request(project: Path) -> None:
    text = "x = old  # orchestrator: ignore[old-name] why\ny = old\nz = 1  # orchestrator: ignore[old-name] why\n"
    (project / "a.py").write_text(text)
    for _ in range(2):  # the second time from the cache
        result = call(project, "lint", "--select", "old-name", "--show-suppressed", "--quiet", "a.py", code=1)
        assert [line.split()[:2] for line in result.stdout.splitlines()] == [
            ["a.py:2:5:", "old-name"],
            ["a.py:3:8:", "suppression"],
        ]
        assert result.stderr == f"{FOUND} (suppressed)\n"
