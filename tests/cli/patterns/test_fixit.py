"""Fixit's rules and LibCST's commands at the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.patterns.command import call

OBJECT = "fixit.rules.no_inherit_from_object.NoInheritFromObject"
LAMBDA = "fixit.rules.no_redundant_lambda.NoRedundantLambda"
RENAME = "libcst.codemod.commands.rename.RenameCommand"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTEST_ORCHESTRATOR_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "a project"
    root.mkdir()
    (root / "pyproject.toml").write_text("")
    (root / "a b.py").write_text("é = '😀', lambda: f()\nclass A(object):  # noqa\n    pass\n", encoding="utf-8")
    return root


def test_lint_names_the_rules_and_marks_findings_with_a_fix(project: Path) -> None:
    result = call(project, "lint", "--select", "fixit.rules", code=1)
    assert [line.partition(" ")[2].partition(" ")[0] for line in result.stdout.splitlines()] == [
        f"b.py:1:10: {LAMBDA}".partition(" ")[0],
        f"b.py:2:1: {OBJECT}".partition(" ")[0],
    ]
    assert result.stdout.count("(has a fix)\n") == 2


def test_sarif_carries_fixes_with_columns_in_characters(project: Path) -> None:
    completed = call(project, "lint", "--select", LAMBDA, "--format", "sarif", code=1)
    (run,) = json.loads(completed.stdout)["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    (result,) = run["results"]
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": "a%20b.py", "uriBaseId": "ROOT"}
    assert location["region"] == {"startLine": 1, "startColumn": 10, "endLine": 1, "endColumn": 21}
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    lines = (project / "a b.py").read_text(encoding="utf-8").splitlines()
    assert changed(lines[0], replacement) == "é = '😀', f"


def changed(line: str, replacement: dict[str, Any]) -> str:
    region: dict[str, int] = replacement["deletedRegion"]
    text: str = replacement["insertedContent"]["text"]
    assert region["startLine"] == region["endLine"] == 1
    return line[: region["startColumn"] - 1] + text + line[region["endColumn"] - 1 :]


def test_github_annotations_carry_the_same_locations(project: Path) -> None:
    result = call(project, "lint", "--select", LAMBDA, "--format", "github", code=1)
    assert result.stdout.startswith("::warning file=a b.py,line=1,col=10,endLine=1,endColumn=21,title=")


def test_apply_makes_the_changes_of_a_rule_when_unsafe_is_allowed(project: Path) -> None:
    refused = call(project, "apply", "--select", OBJECT, "--allow-dirty", code=2)
    assert "is unsafe" in refused.stderr
    call(project, "apply", "--select", "fixit.rules", "--unsafe", "--allow-dirty")
    assert (project / "a b.py").read_text(encoding="utf-8") == "é = '😀', f\nclass A:  # noqa\n    pass\n"


def test_the_changes_of_files_in_other_encodings_are_right_in_sarif(project: Path) -> None:
    (project / "c.py").write_bytes("# coding: latin-1\nclass Ä(object): pass".encode("latin-1"))
    completed = call(project, "apply", "--select", OBJECT, "--unsafe", "--check", "--format", "sarif", "c.py", code=1)
    (result,) = json.loads(completed.stdout)["runs"][0]["results"]
    (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement == {
        "deletedRegion": {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 22},
        "insertedContent": {"text": "class Ä: pass"},
    }


def test_the_examples_of_a_rule_are_its_test(project: Path) -> None:
    result = call(project, "test", OBJECT, "--format", "json")
    (verdict,) = json.loads(result.stdout)
    assert (verdict["pattern"], verdict["cases"], verdict["failed"]) == (OBJECT, 4, [])
    refused = call(project, "test", RENAME, code=2)
    assert "it has no cases" in refused.stderr


def test_a_command_that_needs_parameters_names_them_and_takes_them(project: Path) -> None:
    asked = ("apply", "--select", RENAME, "--unsafe", "--allow-dirty")
    refused = call(project, *asked, code=2)
    assert "needs parameters: old_name (" in refused.stderr
    assert f"--set {RENAME}.old_name=... --set {RENAME}.new_name=..." in refused.stderr
    call(project, *asked, "--set", f"{RENAME}.old_name=f", "--set", f"{RENAME}.new_name=g")
    assert "lambda: g()" in (project / "a b.py").read_text(encoding="utf-8")
