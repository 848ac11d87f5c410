"""`[tool.pytest_orchestrator.patterns]`: which patterns run on which files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command_line import run
from tests.cli.patterns.command import call

TABLE = "[tool.pytest_orchestrator.patterns]\n"


def ran(project: Path, *arguments: str) -> set[str]:
    data = json.loads(call(project, "apply", "--diff", "--format", "json", *arguments).stdout)
    return set(data["patterns"])


def found(project: Path, *arguments: str) -> set[str]:
    data = json.loads(call(project, "lint", "--exit-zero", "--format", "json", *arguments).stdout)
    return {item["path"] for item in data["files"] if item["kind"] == "found"}


def test_the_project_chooses_patterns(project: Path) -> None:
    (project / "pyproject.toml").write_text(f'{TABLE}select = ["rename", "old-name", "no-object-base"]\n')
    assert ran(project, "a.py") == {"rename", "no-object-base"}
    assert ran(project, "--ignore", "rename", "a.py") == {"no-object-base"}
    assert ran(project, "--select", "super-no-args", "a.py") == {"super-no-args"}
    assert found(project, "a.py") == {"a.py"}
    (project / "pyproject.toml").write_text(f'{TABLE}ignore = ["rename"]\n')
    assert "rename" not in ran(project, "a.py")


def test_a_selection_without_the_kind_is_an_error(project: Path) -> None:
    (project / "pyproject.toml").write_text(f'{TABLE}select = ["rename"]\n')
    assert "the settings in pyproject.toml select no linter" in call(project, "lint", code=2).stderr


def test_a_folder_can_select_patterns_of_one_kind_only(project: Path) -> None:
    (project / "inner").mkdir()
    (project / "inner" / "n.py").write_text("x = old\n")
    (project / "inner" / "pyproject.toml").write_text(f'{TABLE}select = ["rename"]\n')
    assert found(project, "--select", "old-name", "a.py", "inner") == {"a.py", "inner/n.py"}
    (project / "pyproject.toml").write_text(f'{TABLE}select = ["old-name"]\n')
    assert found(project, "a.py", "inner") == {"a.py"}


def test_the_nearest_settings_count_file_by_file(project: Path) -> None:
    inner = project / "inner"
    (inner / "deep").mkdir(parents=True)
    (project / "other").mkdir()
    for folder in ("inner", "inner/deep", "other"):
        (project / folder / "n.py").write_text("x = old\n")
    (project / "pyproject.toml").write_text(f'{TABLE}select = ["old-name"]\nexclude = ["a.py", "c.py"]\n')
    (project / "other" / "pyproject.toml").write_text("[project]\nname = 'other'\n")  # without our table
    assert found(project, ".") == {"inner/n.py", "inner/deep/n.py", "other/n.py"}
    (inner / "pyproject.toml").write_text(f'{TABLE}ignore = ["old-name"]\n')
    assert found(project, ".") == {"other/n.py"}
    isolated = found(project, "--isolated", "--select", "old-name", ".")
    assert isolated == {"a.py", "inner/n.py", "inner/deep/n.py", "other/n.py"}
    assert found(project, "--config", "pyproject.toml", ".") == isolated - {"a.py"}


def test_files_are_excluded_and_patterns_ignored_by_globs(project: Path) -> None:
    (project / "tests").mkdir()
    (project / "tests" / "t.py").write_text("x = old\n")
    settings = f'{TABLE}select = ["old-name"]\nexclude = ["c.py"]\n'
    (project / "pyproject.toml").write_text(f'{settings}per_file_ignores = {{"tests/" = ["old-name"]}}\n')
    assert found(project, ".") == {"a.py"}
    (project / "pyproject.toml").write_text(f'{settings}per_file_ignores = {{"**/a.py" = ["tag:names"]}}\n')
    assert found(project, ".") == {"tests/t.py"}
    (project / "pyproject.toml").write_text(f'{TABLE}select = ["old-name"]\nexclude = ["tests", "*.py"]\n')
    assert found(project, ".") == set()


def test_files_for_which_nothing_is_left_are_clean(project: Path) -> None:
    table = f'{TABLE}select = ["old-name", "rename"]\nper_file_ignores = {{"a.py" = ["old-name", "rename"]}}\n'
    (project / "pyproject.toml").write_text(table)
    assert "0 files" in call(project, "lint", "a.py").stderr
    assert 'failures="0"' in call(project, "lint", "--format", "junit", "a.py").stdout
    call(project, "apply", "--allow-dirty", "a.py")
    kept = run(project, "patterns", "apply", "--stdin-filename", "a.py", "-", input="x = old\n", code=0)
    assert kept.stdout == "x = old\n"


def test_codemods_that_no_file_is_new_enough_for_are_skipped(project: Path) -> None:
    (project / "pyproject.toml").write_text(f'{TABLE}select = ["union-syntax"]\ntarget_python = "3.9"\n')
    assert "skipped union-syntax" in call(project, "apply", "--allow-dirty", "a.py").stderr
    named = call(project, "apply", "--allow-dirty", "--select", "union-syntax", "a.py", code=2)
    assert "no codemod is left to run" in named.stderr


def test_cases_of_patterns_are_left_alone(project: Path) -> None:
    cases = project / "patterns" / "rename" / "cases" / "one"
    cases.mkdir(parents=True, exist_ok=True)
    (cases / "before.py").write_text("old\n")
    call(project, "apply", "--select", "rename", "--allow-dirty", ".")
    assert (cases / "before.py").read_text() == "old\n"
    call(project, "apply", "--select", "rename", "--allow-dirty", "patterns")
    assert (cases / "before.py").read_text() == "old\n"


def test_parameters_and_consent_come_from_the_settings(project: Path) -> None:
    (project / "pyproject.toml").write_text(f'{TABLE}select = ["rename"]\nparameters.rename.name = "given"\n')
    assert "+x = given\n" in call(project, "apply", "--diff", "a.py").stdout
    assert "+x = mine\n" in call(project, "apply", "--diff", "--set", "rename.name=mine", "a.py").stdout
    (project / "patterns" / "rename" / "pattern.yaml").write_text(
        (project / "patterns" / "rename" / "pattern.yaml").read_text().replace("safety: safe", "safety: unsafe")
    )
    assert "unsafe" in call(project, "apply", "--diff", "a.py", code=2).stderr
    (project / "pyproject.toml").write_text(f'{TABLE}select = ["rename"]\nunsafe = true\n')
    assert "+x = new\n" in call(project, "apply", "--diff", "a.py").stdout


def test_the_target_python_can_be_set(project: Path) -> None:
    (project / "setup.cfg").write_text("[options]\npython_requires = >=3.6\n")
    (project / "a.py").write_text("from typing import List\n\n\ndef f(x: List[int]) -> None: ...\n")
    arguments = ("apply", "--diff", "--select", "builtin-generics", "a.py")
    assert "skipped builtin-generics" in call(project, *arguments, code=2).stderr
    (project / "pyproject.toml").write_text(f'{TABLE}target_python = "3.9"\n')
    assert "+def f(x: list[int])" in call(project, *arguments).stdout


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("selct = []", "pyproject.toml:2: "),
        ('select = ["renam"]', "pyproject.toml: [tool.pytest_orchestrator.patterns]: there is no pattern 'renam'"),
        ('ignore = ["tag:nothing"]', "there is no "),
        ('target_python = "py311"', "patterns.target_python: 'py311' is not a version"),
        ("parameters.renam.name = 'x'", "patterns.parameters: there is no pattern 'renam': did you mean 'rename'?"),
        ("parameters.rename.nam = 'x'", "pattern 'rename' has no parameter 'nam': did you mean 'name'?"),
        ("parameters.rename.name = 1", "parameter 'name' of pattern 'rename': expected"),
        ('exclude = ["[z-a]"]', "patterns.exclude: '[z-a]' is not a glob"),
        ("exclude = 1", "pyproject.toml:2: "),
    ],
)
def test_wrong_settings_are_errors(project: Path, line: str, message: str) -> None:
    (project / "pyproject.toml").write_text(f"{TABLE}{line}\n")
    result = call(project, "apply", "--diff", "a.py", code=2)
    assert message in result.stderr


def test_settings_are_shown(project: Path) -> None:
    shown = json.loads(call(project, "lint", "--show-settings").stdout)
    assert (shown["file"], shown["patterns"]["select"]) == (None, [])
    (project / "pyproject.toml").write_text(f'{TABLE}select = ["rename"]\n')
    (project / "inner").mkdir()
    shown = json.loads(call(project / "inner", "apply", "--show-settings").stdout)
    assert shown["file"].endswith("pyproject.toml")
    assert shown["patterns"]["select"] == ["rename"]
    assert json.loads(call(project, "lint", "--show-settings", "--isolated").stdout)["file"] is None
    (project / "other.toml").write_text("[tool.other]\n")
    for name, message in {"other.toml": "has no table", "nowhere.toml": "can't be read"}.items():
        assert f"{name}: {message}" in call(project, "lint", "--config", name, code=2).stderr
