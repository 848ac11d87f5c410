from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.patterns.command import call
from tests.pattern_engine.old_names import CODEMOD

Write = Callable[..., Path]
FILES = {"cases/edit/before.py": "old = 1\n", "cases/edit/after.py": "new = 1\n"}
PARAMETERS = "\n  size: {type: integer, description: How large., default: 3}"


@pytest.fixture
def project(tmp_path: Path, write_pattern: Write) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    write_pattern(tmp_path / "patterns", "one", code=CODEMOD, files=FILES, tags="[strings]")
    return tmp_path


def test_list_shows_the_projects_patterns_and_the_shipped_ones(project: Path) -> None:
    result = call(project, "list")
    assert "one" in result.stdout
    assert "super-no-args" in result.stdout
    listed = json.loads(call(project, "list", "--format", "json").stdout)
    (one,) = [item for item in listed if item["id"] == "one"]
    assert one["tags"] == ["strings"]


def test_show_prints_the_metadata_and_the_readme(project: Path, write_pattern: Write) -> None:
    write_pattern(project / "patterns", "two", code=CODEMOD, parameters=PARAMETERS)
    result = call(project, "show", "two")
    for word in ("two", "For a test.", "pattern.py:Entry", "size", "How large.", "# Why"):
        assert word in result.stdout
    described = json.loads(call(project, "show", "two", "--format", "json").stdout)
    assert described["parameters"] == {"size": {"type": "integer", "description": "How large.", "default": 3}}
    assert described["readme"] == "# Why\n"
    assert len(described["digest"]) == 64


def test_show_takes_libcst_commands_and_refuses_unknown_names(project: Path) -> None:
    call(project, "show", "libcst.codemod.commands.noop.NOOPCommand")
    refused = call(project, "show", "super-no-arg", code=2)
    assert "did you mean 'super-no-args'?" in refused.stderr
    assert "did you mean 'super-no-args'?" in call(project, "show", "SUPER-NO-ARGS", code=2).stderr


def test_test_runs_the_projects_own_cases(project: Path) -> None:
    result = call(project, "test")
    assert result.stdout.splitlines()[-1].split() == ["one", "1", "9", "0"]


def test_test_fails_with_the_location_and_the_difference(project: Path) -> None:
    (project / "patterns" / "one" / "cases" / "edit" / "after.py").write_text("newer = 1\n")
    result = call(project, "test", "one", code=1)
    assert "one/cases/edit/after.py: output: the pattern gives another result" in result.stdout
    assert "-newer = 1\n+new = 1" in result.stdout
    (verdict,) = json.loads(call(project, "test", "one", "--format", "json", code=1).stdout)
    assert (verdict["pattern"], verdict["cases"], verdict["checks"]) == ("one", 1, 9)
    assert {failure["check"] for failure in verdict["failed"]} >= {"output", "crlf"}


def test_test_prints_a_reason_once_for_several_failed_checks(project: Path) -> None:
    after = project / "patterns" / "one" / "cases" / "edit" / "after.py"
    after.write_text("newer = 1\n")
    result = call(project, "test", code=1)
    assert result.stdout.count("the pattern gives another result") == 1
    assert "\nfor the same reason: crlf, bom, no-final-newline, encoding-cookie, form-feed\n" in result.stdout
    assert result.stdout.splitlines()[-1].split() == ["one", "1", "9", "6"]

    (project / "patterns" / "one" / "pattern.py").write_text("class Entry(:\n")
    result = call(project, "test", code=1)
    assert result.stdout.count("SyntaxError") == 1
    assert "\nand for the same reason 8 more checks\n" in result.stdout


def test_a_pattern_that_deletes_itself_is_no_bug_of_ours(project: Path) -> None:
    code = "import pathlib, shutil\nshutil.rmtree(pathlib.Path(__file__).parent)\n"
    (project / "patterns" / "one" / "pattern.py").write_text(CODEMOD + code)
    result = call(project, "test", "one", code=2)
    assert "patterns/one/pattern.py: can't be read: No such file or directory" in result.stderr


def test_test_without_patterns_of_its_own_tests_the_library(tmp_path: Path) -> None:
    refused = call(tmp_path, "test", "libcst.codemod.commands.noop.NOOPCommand", code=2)
    assert "has no cases" in refused.stderr
    (verdict,) = json.loads(call(tmp_path, "test", "super-no-args", "--format", "json").stdout)
    assert verdict["pattern"] == "super-no-args"


def test_build_writes_and_check_lists_stale_files(project: Path) -> None:
    stale = call(project, "build", "--check", code=1)
    assert "patterns/README.md: is stale" in stale.stdout
    assert "patterns/index.json: is stale" in stale.stdout
    assert not (project / "patterns" / "index.json").exists()

    call(project, "build")
    fresh = call(project, "build", "--check")
    assert (fresh.returncode, fresh.stdout) == (0, "1 pattern, everything up to date\n")

    (project / "patterns" / "one" / "README.md").write_text("# Other\n")
    stale = call(project, "build", "--check", code=1)
    assert stale.stdout == "patterns/index.json: is stale: run pytest-orchestrator patterns build\n"


def test_build_without_patterns_is_bad_input(tmp_path: Path) -> None:
    result = call(tmp_path, "build", code=2)
    assert "has no folder 'patterns'" in result.stderr


@pytest.mark.parametrize("arguments", [("list",), ("show", "one"), ("test",), ("build",)])
def test_a_malformed_pattern_is_bad_input_with_its_line(project: Path, arguments: tuple[str, ...]) -> None:
    with (project / "patterns" / "one" / "pattern.yaml").open("a") as stream:
        stream.write("safty: safe\n")
    result = call(project, *arguments, code=2)
    assert "patterns/one/pattern.yaml:10: unknown key 'safty'" in result.stderr
