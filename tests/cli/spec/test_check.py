"""`pytest-orchestrator spec check`, as a person or a hook runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import run
from tests.spec_guard.project import Project


def spec_check(folder: Path, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return run(folder, "spec", "check", *arguments, **options)


def today() -> date:
    return date.today()  # noqa: DTZ011 - what the command itself judges by


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_clean_project_exits_0(project: Project) -> None:
    project.spec("a", reviewed=today())
    result = spec_check(project.root)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.endswith("1 spec checked: 0 violations, 0 warnings\n")


def test_violation_exits_1_with_file_line_and_fix(project: Project) -> None:
    project.spec("a", reviewed=date(2020, 9, 1))
    result = spec_check(project.root, "--today", "2020-11-20", code=1)
    first, fix, *_ = result.stdout.splitlines()
    assert first == "specs/a.md:6: SG005 last reviewed 2020-09-01, 80 days ago, limit 30 days"
    assert fix.startswith("  fix: read the spec")


def test_dry_run_exits_0_with_the_same_output(project: Project) -> None:
    project.spec("a", reviewed=date(2020, 1, 1))
    result = spec_check(project.root, "--dry-run", code=0)
    assert "SG005" in result.stdout


def test_json_holds_the_report(project: Project) -> None:
    project.spec("a", reviewed=date(2020, 9, 1))
    result = spec_check(project.root, "--today=2020-11-20", "--format=json")
    report = json.loads(result.stdout)
    assert result.returncode == 1
    assert (report["today"], report["specs"]) == ("2020-11-20", ["specs/a.md"])
    assert report["diagnostics"][0]["range"]["start_line"] == 6


def test_options_and_settings_are_heard(project: Project) -> None:
    project.spec("a", ["src/"], reviewed=today() - timedelta(days=20))
    project.commit(day=today() - timedelta(days=20))
    project.write("src/a.py", "x")
    project.commit(day=today())
    spec_check(project.root, code=0)
    assert "SG007" in spec_check(project.root, "--base", "HEAD~1").stdout
    assert "SG005" in spec_check(project.root, "--max-age", "10").stdout
    project.write("pyproject.toml", "[tool.pytest_orchestrator.spec_guard]\nmax_age_days = 10\n")
    assert "SG005" in spec_check(project.root).stdout


def test_paths_are_those_of_the_folder_one_is_in(project: Project) -> None:
    project.spec("a", reviewed=date(2020, 1, 1))
    project.spec("b", reviewed=date(2020, 1, 1))
    result = spec_check(project.root / "specs", "b.md")
    assert "specs/b.md" in result.stdout
    assert "specs/a.md" not in result.stdout
    assert "2 specs checked" in spec_check(project.root / "specs", "..").stdout
    spec_check(project.root, str(project.root / "specs/a.md"), code=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--today", "soon"], "--today must be a date as YYYY-MM-DD"),
        (["--max-age", "0"], "--max-age must be at least 1 day"),
        (["--base", "nowhere"], "the base 'nowhere' is not a commit of this clone"),
        (["nowhere.md"], "nowhere.md does not exist"),
        (["/etc"], "/etc is not in the project"),
        (["--format", "xml"], "Invalid value"),
    ],
)
def test_wrong_arguments_exit_2_without_a_traceback(project: Project, arguments: list[str], message: str) -> None:
    project.spec("a")
    project.commit()
    result = spec_check(project.root, *arguments, code=2)
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("paths = ['nowhere']", "spec_guard.paths: 'nowhere' does not exist"),
        ("paths = ['../x']", "spec_guard.paths: '../x' is not in the project"),
        ("code = ['/src']", "spec_guard.code: '/src' is absolute"),
        ("code = ['src/{a,b}.py']", "spec_guard.code: 'src/{a,b}.py' holds {...,...}"),
        ("reviews = '/tmp/reviews.jsonl'", "spec_guard.reviews: '/tmp/reviews.jsonl' is not a file in the project"),
        ("overrides = '../o.yaml'", "spec_guard.overrides: '../o.yaml' is not a file in the project"),
        ("index = ''", "spec_guard.index: '' is not a file in the project"),
        ("severity = {SG5 = 'off'}", "spec_guard.severity: names the unknown rule 'SG5'"),
    ],
)
def test_setting_that_can_not_be_used_exits_2_with_its_line(project: Project, setting: str, message: str) -> None:
    project.write("pyproject.toml", f"[tool.pytest_orchestrator.spec_guard]\n\n{setting}\n")
    result = spec_check(project.root, code=2)
    assert f"pyproject.toml:3: tool.pytest_orchestrator.{message}" in result.stderr


def test_wrong_setting_exits_2_with_its_line(project: Project) -> None:
    project.write("pyproject.toml", "[tool.pytest_orchestrator.spec_guard]\nwarn_day = 3\n")
    result = spec_check(project.root, code=2)
    assert "pyproject.toml:2: unknown key 'warn_day'" in result.stderr


def test_no_git_exits_2(project: Project) -> None:
    project.spec("a")
    result = spec_check(project.root, env={"PATH": str(project.root)}, code=2)
    assert "git is not installed" in result.stderr


def test_file_name_that_is_not_utf8_is_shown_with_escapes(project: Project) -> None:
    project.write("specs/caf\udce9.md", "no front matter")
    result = spec_check(project.root, code=1)
    assert "specs/caf\\udce9.md:1: SG001" in result.stdout
    spec_check(project.root, "--format=json", code=1)


def test_nothing_heavy_is_imported(project: Project) -> None:
    project.spec("a", reviewed=today())
    code = (
        "import sys; sys.argv = ['x', 'spec', 'check']\n"
        "from pytest_orchestrator.cli.main import main\n"
        "try:\n    main()\n"
        "finally:\n    print([n for n in ('pytest', 'jsonschema', 'git', 'rich', 'tabulate', 'libcst', 'mcp')"
        " if n in sys.modules], file=sys.stderr)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=project.root, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr.strip()) == (0, "[]")


def test_help_has_an_example() -> None:
    result = spec_check(Path.cwd(), "--help")
    assert "Example: pytest-orchestrator spec check" in result.stdout
