"""`patterns apply` and `patterns lint`, on real git repositories."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.cli.command_line import run
from tests.cli.patterns.command import CODEMOD, LINTER, call, git
from tests.sarif import sarif_log
from tests.waiting import wait_until_gone

Write = Callable[..., Path]
PERCENT = "libcst.codemod.commands.convert_percent_format_to_fstring.ConvertPercentFormatStringCommand"


def test_apply_writes_tracked_files_and_reports_rejected_ones(project: Path) -> None:
    result = call(project, "apply", "--select", "rename", "*.py")
    assert (project / "a.py").read_text() == "x = new\n\n\nprint('%s' % new)\n"
    assert (project / "ignored.py").read_text() == "x = old\n"
    assert "a.py: changed by rename\n" in result.stdout
    assert "c.py:1: left alone (syntax)" in result.stdout
    assert "3 files in" in result.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root lists every folder")
def test_an_unreadable_folder_is_reported_if_it_holds_tracked_files(project: Path) -> None:
    for name in ("known", "ignored"):
        (project / name).mkdir()
        (project / name / "d.py").write_text("x = old\n")
    (project / ".gitignore").write_text("ignored*\n")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "more")
    (project / "ignored.py").unlink()
    for name in ("known", "ignored"):
        (project / name).chmod(0)
    result = call(project, "apply", "--select", "rename", "--check", code=2)
    assert "known: left alone (unreadable): can't be read: Permission denied" in result.stdout
    assert "ignored" not in result.stdout + result.stderr


@pytest.mark.parametrize("name", ["a.py", "new.py"])
def test_apply_refuses_to_change_files_that_git_could_not_restore(project: Path, name: str) -> None:
    (project / name).write_text("y = old\n")
    result = call(project, "apply", "--select", "rename", code=2)
    assert f"{name} has uncommitted changes, and would be changed" in result.stderr
    assert "old" in (project / "a.py").read_text()
    assert (project / name).read_text() == "y = old\n"
    call(project, "apply", "--select", "rename", "--allow-dirty", name)
    assert (project / name).read_text() == "y = new\n"


def test_uncommitted_files_that_stay_as_they_are_do_not_matter(project: Path) -> None:
    (project / "b.py").write_text("x = 2\n")
    (project / "pyproject.toml").write_text("[project]\nname = 'p'\n")
    (project / "out.log").write_text("a log\n")
    (project / "new.py").write_text("x = old\n")
    call(project, "apply", "--select", "rename", "a.py", "b.py")
    assert (project / "a.py").read_text().startswith("x = new")
    assert (project / "new.py").read_text() == "x = old\n"


def test_apply_refuses_to_write_where_no_git_is(tmp_path: Path, project: Path) -> None:
    (project / ".git").rename(tmp_path / "git")
    assert "not a git repository" in call(project, "apply", "--select", "rename", code=2).stderr
    assert "-x = old" in call(project, "apply", "--select", "rename", "--diff", "a.py").stdout


@pytest.mark.parametrize("flag", ["assume-unchanged", "skip-worktree"])
def test_apply_refuses_to_write_files_whose_changes_git_ignores(project: Path, flag: str) -> None:
    git(project, "update-index", f"--{flag}", "a.py")
    (project / "a.py").write_text("x = old  # this is in no commit\n")
    call(project, "apply", "--select", "rename", "b.py")
    refused = call(project, "apply", "--select", "rename", code=2)
    assert "git ignores changes of a.py" in refused.stderr
    assert "old" in (project / "a.py").read_text()
    assert call(project, "apply", "--select", "rename", "--allow-dirty", "a.py").stdout == "a.py: changed by rename\n"


def test_absolute_paths_of_the_workspace_are_taken(project: Path) -> None:
    result = call(project, "lint", "--select", "old-name", str(project / "a.py"), code=1)
    assert result.stdout.startswith("a.py:1:5: old-name")
    assert "is ignored by git" in call(project, "lint", str(project / "ignored.py"), code=2).stderr
    assert "outside of the workspace" in call(project, "lint", str(project.parent), code=2).stderr


def test_json_holds_the_diff_that_was_asked_for(project: Path) -> None:
    result = call(project, "apply", "--select", "rename", "--diff", "--format", "json", "a.py")
    report = json.loads(result.stdout)
    assert report["diff"] == call(project, "apply", "--select", "rename", "--diff", "a.py").stdout
    assert report["counts"]["edited"] == 1
    assert "diff" not in json.loads(call(project, "apply", "--check", "--format", "json", "b.py").stdout)


@pytest.mark.parametrize("form", ["sarif", "github"])
def test_diff_is_refused_in_a_format_that_cannot_hold_it(project: Path, form: str) -> None:
    assert "use --check" in call(project, "apply", "--diff", "--format", form, code=2).stderr


def test_check_and_diff_write_nothing(project: Path) -> None:
    call(project, "apply", "--select", "rename", "--check", code=1)
    call(project, "apply", "--select", "rename", "--check", "b.py", code=0)
    diff = call(project, "apply", "--select", "rename", "--diff", "a.py").stdout
    assert (project / "a.py").read_text().startswith("x = old")
    subprocess.run(["git", "apply"], input=diff, text=True, cwd=project, check=True)
    assert (project / "a.py").read_text() == "x = new\n\n\nprint('%s' % new)\n"


def test_output_distinguishes_written_edits_from_possible_ones(project: Path) -> None:
    found = call(project, "lint", "--select", "old-name", "a.py", "b.py", code=1)
    assert found.stderr.endswith(": 1 unchanged, 2 diagnostics\n")
    (project / "a.py").write_text("x = old\n")
    assert call(project, "lint", "--select", "old-name", "a.py", code=1).stderr.endswith(": 1 diagnostic\n")
    looked = call(project, "apply", "--select", "rename", "--check", "a.py", code=1)
    assert looked.stdout == "a.py: would be changed by rename\n"
    assert looked.stderr.endswith(": 1 would change\n")
    wrote = call(project, "apply", "--select", "rename", "--allow-dirty", "a.py")
    assert wrote.stdout == "a.py: changed by rename\n"
    assert wrote.stderr.endswith(": 1 edited\n")


@pytest.mark.parametrize("options", [(), ("--no-cache",), ("--no-cache", "--jobs", "3")])
def test_another_run_gives_the_same_output(project: Path, options: tuple[str, ...]) -> None:
    first = call(project, "apply", "--select", "rename", "--diff")
    assert call(project, "apply", "--select", "rename", "--diff", *options).stdout == first.stdout


def test_parameters_are_set_by_name(project: Path) -> None:
    result = call(project, "apply", "--select", "rename", "--set", "rename.name=other", "--diff", "a.py")
    assert "+x = other" in result.stdout
    assert "no parameter 'nam'" in call(project, "apply", "--select", "rename", "--set", "rename.nam=x", code=2).stderr
    assert "not of this form" in call(project, "apply", "--set", "x", code=2).stderr
    assert (
        "not one of the selected patterns"
        in call(project, "apply", "--select", "rename", "--set", "other.name=x", code=2).stderr
    )


def test_stock_commands_run_by_their_dotted_name_when_unsafe_is_allowed(project: Path) -> None:
    assert "add --unsafe" in call(project, "apply", "--select", PERCENT, code=2).stderr
    assert "+print(f'{old}')" in call(project, "apply", "--select", PERCENT, "--unsafe", "--diff", "a.py").stdout


def test_patterns_are_chosen_by_tag_and_safety(project: Path) -> None:
    result = call(project, "apply", "--select", "tag:names", "--diff", "--statistics", "a.py")
    assert "+x = new" in result.stdout
    assert "rename" in result.stderr
    assert "no-object-base" not in result.stderr
    assert "+x = new" in call(project, "apply", "--select", "safety:safe", "--diff", "a.py").stdout
    assert "is unsafe" in call(project, "apply", "--select", "safety:unsafe", code=2).stderr
    assert "no codemod is left" in call(project, "apply", "--select", "rename", "--ignore", "rename", code=2).stderr
    assert "there is no codemod" in call(project, "apply", "--select", "tag:nothing", code=2).stderr
    assert "patterns lint --select old-name" in call(project, "apply", "--select", "old-name", code=2).stderr
    assert "no pattern 'renam'" in call(project, "apply", "--select", "renam", code=2).stderr


def test_lint_reports_locations_and_exits_1(project: Path) -> None:
    result = call(project, "lint", "--select", "old-name", code=1)
    assert "a.py:1:5: old-name 100% old, and bad\n" in result.stdout
    assert "ignored.py" not in result.stdout
    call(project, "lint", "--select", "old-name", "b.py", code=0)


def test_lint_in_json_and_for_github(project: Path) -> None:
    report = json.loads(call(project, "lint", "--select", "old-name", "--format", "json", code=1).stdout)
    assert report["patterns"] == ["old-name"]
    assert report["counts"]["diagnostics"] == 2
    lines = call(project, "lint", "--select", "old-name", "--format", "github", code=1).stdout.splitlines()
    assert lines[0] == "::warning file=a.py,line=1,col=5,endLine=1,endColumn=8,title=old-name::100%25 old, and bad"
    assert lines[-1].startswith("::notice file=c.py,line=1,title=left alone::")


def test_sarif_carries_findings_and_fixes_that_can_be_applied(project: Path) -> None:
    output = call(project, "lint", "--select", "old-name", "--format", "sarif", code=1).stdout
    assert len(sarif_log(output).runs[0].results) == 2
    found = json.loads(output)
    (run,) = found["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert (rule["id"], rule["shortDescription"]) == ("old-name", {"text": "The pattern old-name"})
    assert rule["help"]["text"]
    assert rule["defaultConfiguration"] == {"level": "warning"}
    assert run["tool"]["driver"]["version"] == version("pytest-orchestrator")
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"] == "ROOT"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 8}
    output = call(project, "apply", "--select", "rename", "--check", "--format", "sarif", code=1).stdout
    assert sarif_log(output).runs[0].results
    fixed = json.loads(output)
    lines = (project / "a.py").read_text().splitlines(keepends=True)
    for result in reversed(fixed["runs"][0]["results"]):
        (change,) = result["fixes"][0]["artifactChanges"]
        (replacement,) = change["replacements"]
        deleted = replacement["deletedRegion"]
        lines[deleted["startLine"] - 1 : deleted["endLine"] - 1] = [replacement["insertedContent"]["text"]]
    assert "".join(lines) == "x = new\n\n\nprint('%s' % new)\n"


def test_apply_for_github_names_the_files(project: Path) -> None:
    lines = call(project, "apply", "--select", "rename", "--check", "--format", "github", code=1).stdout.splitlines()
    assert lines[0] == "::warning file=a.py,title=rename::rename would change it"


@pytest.mark.parametrize("verb", [("lint", "--select", "broken"), ("apply", "--check", "--select", "breaks")])
def test_a_pattern_that_fails_on_a_file_is_no_clean_run(project: Path, write_pattern: Write, verb: tuple[str]) -> None:
    code = LINTER.replace('self.report(node, "100% old, and bad")', "raise ValueError(node.value)")
    write_pattern(project / "patterns", "broken", code=code, kind="linter")
    code = CODEMOD.replace("return updated_node", "raise ValueError(original_node.value)\n        return updated_node")
    write_pattern(project / "patterns", "breaks", code=code)
    result = call(project, *verb, "a.py", code=2)
    assert "ValueError" in result.stdout + result.stderr
    sarif = call(project, *verb, "--format", "sarif", "a.py", code=2).stdout
    sarif_log(sarif)
    (invocation,) = json.loads(sarif)["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [item["level"] for item in invocation["toolExecutionNotifications"]] == ["error"]
    assert call(project, *verb, "--format", "github", "a.py", code=2).stdout.startswith("::error ")


def test_codemods_that_change_the_same_lines_are_reported(project: Path, write_pattern: Write) -> None:
    code = CODEMOD.replace('"new"', '"mine"')
    write_pattern(project / "patterns", "claim", code=code, after="[rename]")
    options = ("apply", "--diff", "--select", "claim", "--select", "rename", "a.py")
    result = call(project, *options)
    assert (
        "a.py:1: rename and claim both change this line: rename ran first, claim had nothing left to do"
        in result.stderr
    )
    overlaps = json.loads(call(project, *options, "--format", "json").stdout)["files"][0]["overlaps"]
    assert [(item["line"], item["winner"], item["loser"], item["outcome"]) for item in overlaps] == [
        (1, "rename", "claim", "nothing-left"),
        (4, "rename", "claim", "nothing-left"),
    ]


def test_codemods_that_change_the_same_lines_in_turn_are_no_news(project: Path, write_pattern: Write) -> None:
    write_pattern(project / "patterns", "more", code=CODEMOD.replace('"old"', '"x"').replace('"new"', '"y"'))
    options = ("apply", "--diff", "--select", "rename", "--select", "more", "a.py")
    result = call(project, *options)
    assert "+y = new" in result.stdout
    assert "both change" not in result.stderr
    overlaps = json.loads(call(project, *options, "--format", "json").stdout)["files"][0]["overlaps"]
    assert [item["outcome"] for item in overlaps] == ["changed-too"]


def test_codemods_that_undo_each_other_leave_the_file_alone(project: Path, write_pattern: Write) -> None:
    code = CODEMOD.replace('"old"', '"new"').replace('name="new"', 'name="old"')
    write_pattern(project / "patterns", "undo", code=code)
    result = call(project, "apply", "--allow-dirty", "--select", "rename", "--select", "undo", "a.py", code=2)
    assert "a.py:1: left alone (fight): undo: does not reach a stable result with rename" in result.stdout
    assert (project / "a.py").read_text().startswith("x = old")


def test_codemods_that_conflict_are_refused_together(project: Path, write_pattern: Write) -> None:
    write_pattern(project / "patterns", "rival", code=CODEMOD, conflicts_with="[rename]")
    result = call(project, "apply", "--diff", "--select", "tag:names", "--select", "rival", code=2)
    assert "rival and rename can't be run together" in result.stderr
    assert "--ignore rename" in result.stderr
    assert re.search(r"^conflicts_with +rename$", call(project, "show", "rival").stdout, re.MULTILINE)
    write_pattern(project / "patterns", "rival", code=CODEMOD, after="[renam]")
    assert "patterns/rival/pattern.yaml:9: there is no pattern 'renam'" in call(project, "list", code=2).stderr
    assert "did you mean 'rename'?" in call(project, "build", "--check", code=2).stderr


def test_a_diff_is_a_patch_in_the_files_own_bytes_and_names(project: Path) -> None:
    (project / "latin.py").write_bytes(b"# coding: latin-1\nx = old  # \xe9\n")
    (project / "escape.py").write_bytes(b"RED = '\x1b[31m'\nx = old\n")
    (project / 'new\nline "quoted".py').write_bytes(b"x = old\r\ny = 1\r\n")
    command = [sys.executable, "-m", "pytest_orchestrator", "patterns", "apply", "--select", "rename", "--diff"]
    result = subprocess.run(command, capture_output=True, check=True, cwd=project)
    git(project, "add", "-A")
    subprocess.run(["git", "apply", "-"], input=result.stdout, cwd=project, check=True)
    assert (project / "latin.py").read_bytes() == b"# coding: latin-1\nx = new  # \xe9\n"
    assert (project / "escape.py").read_bytes() == b"RED = '\x1b[31m'\nx = new\n"
    assert (project / 'new\nline "quoted".py').read_bytes() == b"x = new\r\ny = 1\r\n"


def test_a_file_that_can_not_be_read_is_no_clean_run(project: Path) -> None:
    for command in (["lint"], ["apply", "--check", "--select", "rename"]):
        assert "c.py:1: left alone (syntax)" in call(project, *command, "c.py", code=1).stdout
    text = call(project, "lint", "--format", "sarif", "c.py", code=1).stdout
    sarif_log(text)
    (notification,) = json.loads(text)["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("left alone (syntax)")
    assert notification["level"] == "warning"
    assert json.loads(text)["runs"][0]["invocations"][0]["executionSuccessful"] is True


@pytest.mark.parametrize(
    ("code", "commands"),
    [
        (f"old{'.b' * 3_000}", [("apply", "--check"), ("lint",)]),
        (f"{'-' * 2_800}old", [("apply", "--check")]),
        (f"{'-' * 5_000}old", [("apply", "--check"), ("lint",)]),
    ],
)
def test_a_file_that_nests_too_deeply_is_no_fault_of_a_pattern(
    project: Path, code: str, commands: list[tuple[str, ...]]
) -> None:
    (project / "deep.py").write_text(f"x = {code}\n")
    for command in commands:
        result = call(project, *command, "--select", "tag:names", "deep.py", code=1)
        assert result.stdout == "deep.py: left alone (syntax): is nested too deeply for LibCST\n"


@pytest.mark.parametrize("name", ["ignored.py", "./ignored.py"])
def test_a_file_that_is_named_and_may_not_be_touched_is_an_error(project: Path, name: str) -> None:
    assert "is ignored by git" in call(project, "lint", name, code=2).stderr


def test_a_folder_of_nothing_but_ignored_files_is_an_error_too(project: Path) -> None:
    (project / "drafts").mkdir()
    (project / "drafts" / "ignored.py").write_text("x = old\n")
    assert "drafts: is ignored by git" in call(project, "lint", "a.py", "drafts", code=2).stderr


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_empty_word_does_not_mean_everything(project: Path, option: str) -> None:
    assert "the value is empty" in call(project, "apply", option, "", code=2).stderr


def test_codemods_write_no_newer_python_than_the_project_supports(project: Path) -> None:
    (project / "pyproject.toml").write_text('[project]\nname = "p"\nrequires-python = ">=3.7"\n')
    (project / "a.py").write_text("import typing\nx: typing.List[int] = old\n")
    result = call(project, "apply", "--diff")
    assert (
        "skipped builtin-generics: it writes Python 3.9, and requires-python in pyproject.toml allows 3.7"
        in result.stderr
    )
    assert "+x: typing.List[int] = new" in result.stdout
    assert "no codemod is left" in call(project, "apply", "--select", "builtin-generics", "--diff", code=2).stderr


KEPT = "x = old  # orchestrator: ignore[{}] the name of a city\n"


def test_a_suppression_keeps_a_codemod(project: Path) -> None:
    (project / "a.py").write_text(KEPT.format("rename"))
    message = "a.py:1: left alone (suppressed): rename: a comment suppresses it here"
    assert message in call(project, "apply", "--check", "--select", "rename", "a.py").stdout
    assert message in call(project, "apply", "--allow-dirty", "--select", "rename", "a.py").stdout
    assert (project / "a.py").read_text() == KEPT.format("rename")


WRONG = {
    KEPT.format("rename").replace("old", "1"): "8: suppression rename would change nothing here",
    KEPT.format("renam"): "10: suppression there is no pattern 'renam': did you mean 'rename'?",
    "x = old  # orchestrator: ignore\n": "10: suppression suppresses nothing: write # orchestrator: ",
}


def test_a_wrong_suppression_is_reported(project: Path) -> None:
    (project / "a.py").write_text("".join(WRONG))
    checked = call(project, "apply", "--check", "--select", "rename", "a.py", code=1).stdout
    written = call(project, "apply", "--allow-dirty", "--select", "rename", "a.py").stdout
    for number, message in enumerate(WRONG.values(), 1):
        assert f"a.py:{number}:{message}" in checked
        assert f"a.py:{number}:{message}" in written
    assert "old" not in (project / "a.py").read_text()


def test_suppressions_are_counted_and_known_to_sarif(project: Path) -> None:
    (project / "a.py").write_text("x = 1  # orchestrator: ignore[old-nam] why\n")
    result = call(project, "lint", "--statistics", "--select", "old-name", "a.py", code=1)
    assert re.search(r"^suppression +0 +1$", result.stderr, re.MULTILINE)
    text = call(project, "lint", "--format", "sarif", "--select", "old-name", "a.py", code=1).stdout
    sarif_log(text)
    (sarif,) = json.loads(text)["runs"]
    assert [rule["id"] for rule in sarif["tool"]["driver"]["rules"]] == ["old-name", "suppression"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_in_the_middle_reports_changed_files_and_leaves_no_worker(
    project: Path, write_pattern: Write, number: signal.Signals
) -> None:
    code = """
import os
from pathlib import Path
from libcst.codemod import VisitorBasedCodemodCommand

class Entry(VisitorBasedCodemodCommand):
    def leave_Name(self, original_node, updated_node):
        if original_node.value == "stop":
            Path(__file__).with_name("pipe").write_text(str(os.getpid()))
            while True: pass
        return updated_node.with_changes(value="new") if original_node.value == "old" else updated_node
"""
    pipe = write_pattern(project / "patterns", "halting", code=code) / "pipe"
    (project / "z.py").write_text("stop\n")
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "pytest_orchestrator", "patterns", "apply", "--allow-dirty", "--jobs", "1"]
    command += ["--select", "halting", "a.py", "z.py"]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        worker = int(pipe.read_text())
        process.send_signal(number)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert "stopped; files changed: at most 1; `git diff` shows them" in output
    assert "new" in (project / "a.py").read_text()
    wait_until_gone(worker)


def test_standard_input_is_linted_and_changed(project: Path) -> None:
    linted = run(project, "patterns", "lint", "--select", "old-name", "-", input="old\n", code=1)
    assert linted.stdout.startswith("stdin.py:1:1: old-name")
    command = ["patterns", "apply", "--select", "rename", "--stdin-filename", str(project / "new" / "a.py"), "-"]
    changed = run(project, *command, input="x = old\n", code=0)
    assert (changed.stdout, "new/a.py: changed by rename" in changed.stderr) == ("x = new\n", True)
    assert run(project, *command, input="x = 1\n", code=0).stdout == "x = 1\n"
    checked = run(project, *command, "--check", input="x = old\n", code=1)
    assert checked.stdout == "new/a.py: would be changed by rename\n"
    assert "+x = new\n" in run(project, *command, "--diff", input="x = old\n", code=0).stdout
    assert not (project / "new").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--stdin-filename", "a.py"], "--stdin-filename needs the path -"),
        (["-", "a.py"], "- stands for standard input, and goes with no other path"),
        (["--stdin-filename", "../a.py", "-"], "../a.py is outside of the current folder"),
        (["--format", "json", "-"], "the new text can't be combined with --format json"),
    ],
)
def test_wrong_use_of_standard_input_is_an_error(project: Path, arguments: list[str], message: str) -> None:
    assert message in call(project, "apply", *arguments, code=2).stderr


def test_python_files_have_other_names_too(project: Path) -> None:
    (project / "window.pyw").write_text("x = old\n")
    for name, first in {
        "env": "/usr/bin/env python3",
        "path": "/usr/bin/python3.12 -E",
        "dash": "/usr/bin/env -S python",
    }.items():
        (project / name).write_text(f"#!{first}\nx = old\n")
    (project / "shell").write_text("#!/bin/sh\npython old\n")
    found = call(project, "lint", "--select", "old-name", "window.pyw", "env", "path", "dash", code=1).stdout
    assert re.findall(r"^(\w+\S*):\d+:5: old-name", found, re.MULTILINE) == ["dash", "env", "path", "window.pyw"]
    assert "window.pyw" in call(project, "lint", "--select", "old-name", code=1).stdout
    assert "shell: is not a Python file" in call(project, "lint", "--select", "old-name", "shell", code=2).stderr


def test_what_is_found_today_can_be_suppressed(project: Path) -> None:
    text = 'x = old\ny = f(\n    old,  # why\n    """\n    """, old\n)\r\nz = old + \\\n    old  \n'
    (project / "a.py").write_text(text, newline="")
    git(project, "commit", "-q", "-a", "-m", "more")
    command = ("lint", "--select", "old-name", "--add-ignores", "not reviewed yet", "a.py", "b.py")
    assert call(project, *command).stdout == "comments added: 4, in files: 1\n"
    mark = "  # orchestrator: ignore[old-name] not reviewed yet"
    assert (project / "a.py").read_bytes().decode() == (
        f'x = old{mark}\ny = f(\n    old,  # why{mark}\n    """\n    """, old{mark}\n)\r\nz = old + \\\n    old{mark}\n'
    )
    call(project, "lint", "--select", "old-name", "a.py")
    git(project, "reset", "-q", "--hard")
    (project / "a.py").write_text("x = old\n")
    assert "a.py has uncommitted changes" in call(project, *command, code=2).stderr
    assert "comments added: 1" in call(project, *command, "--allow-dirty").stdout
    for reason in ("", "a # b", "until 2020-01-01: old"):
        assert "is not a reason" in call(project, "lint", "--add-ignores", reason, code=2).stderr


def test_comments_are_added_to_all_files_or_none(project: Path) -> None:
    (project / "a.py").write_text("x = old\n")
    (project / "b.py").write_text("# coding: latin-1\nx = old\n")
    git(project, "commit", "-q", "-a", "-m", "more")
    refused = call(project, "lint", "--select", "old-name", "--add-ignores", "ok \N{RIGHTWARDS ARROW} later", code=2)
    assert "b.py: is in iso-8859-1, which can't hold the reason" in refused.stderr
    assert (project / "a.py").read_text() == "x = old\n"


def test_wrong_suppressions_stay_and_are_counted(project: Path) -> None:
    (project / "a.py").write_text("x = old  # orchestrator: ignore[old-name] Until 2020-01-01: why\n")
    command = ("lint", "--select", "old-name", "--add-ignores", "ok", "--allow-dirty", "a.py")
    assert "suppressions that are wrong, and stay: 1" in call(project, *command, code=1).stderr
