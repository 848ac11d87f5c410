"""`spec replay`: what it judges, what it leaves out, what justifies a block, and that it can be continued."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import run
from tests.spec_guard.project import TODAY, Project

START = TODAY - timedelta(days=300)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Eight specs, each over a module of its own, committed 300 days ago."""
    made = Project(tmp_path)
    made.write("pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n')
    for number in range(8):
        module(made, number, 10)
        made.spec(f"s{number}", [f"src/m{number}.py"], reviewed=START, body=text(number, 10))
    made.commit(day=START)
    return made


def module(project: Project, number: int, limit: int) -> None:
    project.write(f"src/m{number}.py", f"max_items_{number} = {limit}\n")


def text(number: int, limit: int) -> str:
    return f"# Part {number}\n\nIt MUST hold at most {limit} items, see `max_items_{number}`.\n"


def correct(project: Project, number: int, limit: int, *, day: int, **options: Any) -> str:
    project.spec(
        f"s{number}", [f"src/m{number}.py"], reviewed=START, body=options.pop("body", text(number, limit)), **options
    )
    return project.commit(day=START + timedelta(days=day))


def change(project: Project, number: int, limit: int, *, day: int) -> str:
    module(project, number, limit)
    return project.commit(day=START + timedelta(days=day))


def replay(project: Project, *arguments: str, rules: str = "SG007") -> dict[str, Any]:
    result = run(project.root, "spec", "replay", "--rules", rules, "--format=json", *arguments, code=0)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_correction_in_terms_of_the_change_justifies_a_block(project: Project) -> None:
    blocked = change(project, 0, 20, day=1)
    corrected = correct(project, 0, 20, day=9)
    (block,) = replay(project)["blocks"]
    assert (block["commit"], block["path"], block["measured"]) == (blocked, "specs/s0.md", True)
    assert block["justified"].startswith(f"the spec was corrected by {corrected[:12]} on {START + timedelta(days=9)}: ")
    assert not block["placebo"]
    assert "1 (100.0%)   0 (0.0%)" in run(project.root, "spec", "replay", "--rules=SG007").stdout


@pytest.mark.parametrize("how", ["date", "retire", "delete", "move", "other words", "late", "sweep", "own change"])
def test_what_does_not_correct_the_spec_justifies_nothing(project: Project, how: str) -> None:
    change(project, 0, 20, day=1)
    day = 9
    match how:
        case "date":
            project.spec("s0", ["src/m0.py"], reviewed=START + timedelta(days=day), body=text(0, 10))
        case "retire":
            project.spec("s0", ["src/m0.py"], reviewed=START, status="retired", body="Archived: `max_items_0`.")
        case "delete":
            (project.root / "specs/s0.md").unlink()
        case "move":
            (project.root / "specs/old").mkdir()
            project.git("mv", "specs/s0.md", "specs/old/s0.md")
        case "other words":
            project.spec("s0", ["src/m0.py"], reviewed=START, body=text(0, 10) + "\nNobody likes it.\n")
        case "late":
            correct(project, 0, 20, day=90)
        case "sweep":
            project.write("pyproject.toml", (project.root / "pyproject.toml").read_text() + "bulk_dates = 3\n")
            for number in range(8):
                project.spec(f"s{number}", [f"src/m{number}.py"], reviewed=START, body=text(number, 20))
        case "own change":
            module(project, 0, 30)
            project.spec("s0", ["src/m0.py"], reviewed=START, body=text(0, 30))
    project.commit(day=START + timedelta(days=day))
    assert [block["justified"] for block in replay(project)["blocks"]] == [""]


def test_project_with_one_spec_has_no_placebo(tmp_path: Path) -> None:
    project = Project(tmp_path)
    module(project, 0, 10)
    correct(project, 0, 10, day=0)
    change(project, 0, 20, day=1)
    correct(project, 0, 20, day=2)
    (block,) = replay(project)["blocks"]
    assert (bool(block["justified"]), "placebo" in block) == (True, False)
    assert run(project.root, "spec", "replay", "--rules=SG007").stdout.splitlines()[-2].split()[-2:] == [
        "(100.0%)",
        "-",
    ]


def test_placebo_is_seldom_justified_and_the_same_each_time(project: Project) -> None:
    for turn in range(8):
        change(project, turn, 100 + turn, day=2 * turn + 1)
        correct(project, turn, 100 + turn, day=2 * turn + 2)
    first = replay(project)
    assert (len(first["blocks"]), first == replay(project)) == (8, True)
    assert sum(bool(block["justified"]) for block in first["blocks"]) == 8
    assert not any(block["placebo"] for block in first["blocks"])


def test_specs_that_can_not_be_read_are_not_judged_and_lead_the_summary(project: Project) -> None:
    project.write("specs/foreign.md", "# No front matter\n")
    project.commit(day=START + timedelta(days=1))
    project.write("specs/foreign.md", "# No front matter, still\n")
    project.commit(day=START + timedelta(days=2))
    change(project, 0, 20, day=3)
    result = replay(project, rules="SG001,SG007")
    assert [block["rule"] for block in result["blocks"]] == ["SG007"]
    assert result["unread"] == [
        {"path": "specs/foreign.md", "reason": "has no front matter: line 1 is not ---"},
    ]
    assert (result["specs"], result["unread_specs"]) == (9, 1)
    lines = run(project.root, "spec", "replay", "--rules=SG007").stdout.splitlines()
    summary = lines[next(index for index, line in enumerate(lines) if not line.startswith((" ", "20"))) :]
    assert summary[:2] == [
        "not judged: 1 spec in the commits in which they can't be read; 1 of 9 in the last one",
        "  specs/foreign.md: has no front matter: line 1 is not ---",
    ]


def test_specs_without_a_date_are_judged_but_for_their_age(tmp_path: Path) -> None:
    made = Project(tmp_path)
    table = "tool.pytest_orchestrator.spec_guard"
    made.write("pyproject.toml", f'[{table}]\npaths = ["adr"]\n[{table}.front_matter]\nids = ["adr/{{id}}.md"]\n')
    for number in range(4):
        module(made, number, 10)
        front = f"---\nstatus: approved\nowners: [ann]\ncovers: [src/m{number}.py]\n---\n"
        made.write(f"adr/{number}.md", front + text(number, 10))
    made.commit(day=START)
    changed = change(made, 1, 20, day=1)
    made.write("adr/1.md", (tmp_path / "adr/1.md").read_text().replace("10", "20"))
    made.commit(day=START + timedelta(days=2))
    result = replay(made, rules="SG003,SG005,SG007")
    (block,) = result["blocks"]
    assert (block["commit"], block["rule"], block["path"]) == (changed, "SG007", "adr/1.md")
    assert block["justified"]
    assert (result["unread"], result["unread_specs"], result["undated_specs"]) == ([], 0, 4)
    lines = run(made.root, "spec", "replay", "--rules=SG007").stdout
    assert "without a date: 4 of 4 specs in the last commit; judged, but for the age of their reviews" in lines
    assert "can't be read" not in lines


def test_commit_that_makes_a_spec_unreadable_is_blocked(project: Project) -> None:
    project.write("specs/s0.md", "# The front matter is gone\n")
    broken = project.commit(day=START + timedelta(days=1))
    (block,) = replay(project, rules="SG001")["blocks"]
    assert (block["commit"], block["path"], block["measured"]) == (broken, "specs/s0.md", False)


def test_files_refs_and_unknown_names_are_left_alone(project: Project) -> None:
    change(project, 0, 20, day=1)
    project.write("scratch.txt", "mine")
    refs, status = project.git("for-each-ref"), project.git("status", "--porcelain")
    replay(project)
    assert (project.git("for-each-ref"), project.git("status", "--porcelain")) == (refs, status)
    assert len(replay(project, "--since", "HEAD~1")["blocks"]) == 1
    completed = run(project.root, "spec", "replay", "--since", "HEAD~1", "--rules", "SG005")
    assert completed.stdout == "1 commit: 0 would have been blocked\n"
    run(project.root, "spec", "replay", "--rules", "SG5", code=2)
    run(project.root, "spec", "replay", "--since", "nowhere", code=2)


def test_commits_before_the_first_spec_are_left_out(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs", "later"]\n')
    for number in range(3):
        change(project, 0, number, day=number)
    project.spec("s0", ["src/m0.py"], reviewed=START)
    project.commit(day=START + timedelta(days=4))
    change(project, 0, 9, day=5)
    result = replay(project)
    assert (result["skipped"], result["commits"], len(result["blocks"]), result["problems"]) == (2, 2, 1, [])
    assert "left out: 2 commits before the first spec" in run(project.root, "spec", "replay", "--rules=SG007").stdout


def test_replay_continues_where_it_ended(project: Project, tmp_path: Path) -> None:
    state = tmp_path.parent / f"{tmp_path.name}.state"
    for turn in range(4):
        change(project, turn, 50, day=turn + 1)
    whole = replay(project, f"--resume={state}")
    written = state.read_text()
    state.write_text("".join(written.splitlines(keepends=True)[:3]) + '{"commit": "half')
    assert replay(project, f"--resume={state}") == whole == replay(project)
    assert state.read_text() == written
    correct(project, 0, 50, day=6)
    assert [bool(block["justified"]) for block in replay(project, f"--resume={state}")["blocks"]] == [
        True,
        *[False] * 3,
    ]
    assert state.read_text().startswith(written)


@pytest.mark.parametrize(
    ("damage", "message"),
    [("rules", "is no state of this replay"), ("json", ":2: is damaged"), ("history", "not in this history")],
)
def test_state_of_another_replay_is_refused(project: Project, tmp_path: Path, damage: str, message: str) -> None:
    state = tmp_path.parent / f"{tmp_path.name}.state"
    change(project, 0, 20, day=1)
    change(project, 1, 20, day=2)
    replay(project, f"--resume={state}")
    lines = state.read_text().splitlines(keepends=True)
    if damage == "json":
        state.write_text(lines[0] + "{\n")
    elif damage == "history":
        state.write_text(lines[0] + lines[2])
    rules = "SG005" if damage == "rules" else "SG007"
    result = run(project.root, "spec", "replay", f"--rules={rules}", f"--resume={state}", code=2)
    assert message in result.stderr


def test_replay_sees_what_a_check_of_each_commit_sees(project: Project) -> None:
    """Merges, side branches, ledgers, moved code, links and a sub-folder's names: as a check on each day found it."""
    change(project, 0, 20, day=1)
    project.git("checkout", "-q", "-b", "side")
    change(project, 1, 20, day=2)
    project.git("checkout", "-q", "main")
    change(project, 2, 20, day=3)
    project.git("merge", "-q", "--no-ff", "-m", "merge", "side", day=START + timedelta(days=4))
    run(project.root, "spec", "review", "specs/s3.md", "--by=ann", f"--today={START + timedelta(days=5)}", code=0)
    project.commit(day=START + timedelta(days=5))
    project.git("mv", "src/m3.py", "src/moved.py")
    (project.root / "src/link.py").symlink_to("moved.py")
    project.commit(day=START + timedelta(days=6))
    (project.root / "src/m5.py").unlink()
    project.write("src/m5.py/inner.py", "A = 1\n")
    project.commit(day=START + timedelta(days=7))
    (project.root / "src/m5.py/inner.py").unlink()
    (project.root / "src/m5.py").rmdir()
    module(project, 5, 30)
    project.commit(day=START + timedelta(days=8))
    change(project, 4, 20, day=40)
    project.git("config", "log.diffMerges", "combined")
    expected = []
    for commit in project.git("rev-list", "--first-parent", "--reverse", "HEAD~8..HEAD").split():
        project.git("checkout", "-q", commit)
        day = project.git("log", "-1", "--format=%as")
        checked = ("spec", "check", f"--today={day}", f"--base={commit}^1", "--scope=changed", "--format=json")
        found = json.loads(run(project.root, *checked).stdout)["diagnostics"]
        expected += [
            (commit, item["rule"], item["path"], item["message"]) for item in found if item["severity"] == "error"
        ]
    project.git("checkout", "-q", "main")
    rules = "SG005,SG007,SG010,SG011,SG012,SG015"
    blocks = replay(project, "--since", "HEAD~8", rules=rules)["blocks"]
    assert {item[1] for item in expected} >= {"SG005", "SG007", "SG012"}
    assert [(item["commit"], item["rule"], item["path"], item["message"]) for item in blocks] == expected


def test_project_in_a_folder_of_the_repository(tmp_path: Path) -> None:
    project = Project(tmp_path)
    (tmp_path / "sub").mkdir()
    project.write("sub/pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n')
    project.write("sub/specs/a.md", (tmp_path / project.spec("a", ["src/a.py"], reviewed=START)).read_text())
    (tmp_path / "specs/a.md").unlink()
    project.write("sub/src/a.py", "A = 1\n")
    project.commit(day=START)
    project.write("sub/src/a.py", "A = 2\n")
    project.write("src/other.py", "")
    project.commit(day=START + timedelta(days=1))
    result = run(tmp_path / "sub", "spec", "replay", "--rules=SG007", "--format=json", code=0)
    assert [block["path"] for block in json.loads(result.stdout)["blocks"]] == ["specs/a.md"]


def test_number_of_git_processes_does_not_grow_with_the_commits(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tools = tmp_path_factory.mktemp("tools")
    calls = tools / "calls"
    wrapper = tools / "git"
    wrapper.write_text(f'#!/bin/sh\necho "$@" >> {calls}\nexec {shutil.which("git")} "$@"\n')
    wrapper.chmod(0o755)
    counts = []
    for turn in range(8):
        change(project, turn, 20, day=turn + 1)
        if turn in (3, 7):
            run(project.root, "spec", "replay", env={"PATH": f"{tools}:{os.environ['PATH']}"}, code=0)
            counts.append(len(calls.read_text().splitlines()))
            calls.unlink()
    assert counts[1] <= counts[0] + 1 < 15  # the second time, git is asked whether the cached log is of an ancestor


def test_file_outside_of_the_folder_is_not_written(project: Project, tmp_path: Path) -> None:
    blob = project.git("hash-object", "-w", "src/m0.py")
    planted = Path(tempfile.gettempdir()) / f"planted-{os.getpid()}-{tmp_path.name}"

    def tree(listing: str) -> str:
        made = subprocess.run(
            ["git", "mktree"], cwd=project.root, input=listing, capture_output=True, text=True, check=True
        )
        return made.stdout.strip()

    inner = tree(f"100644 blob {blob}\t{planted.name}\n")
    whole = tree(project.git("ls-tree", "HEAD") + f"\n040000 tree {inner}\t..\n")
    project.git("update-ref", "HEAD", project.git("commit-tree", "-p", "HEAD", "-m", "hostile", whole))
    result = replay(project)
    assert (result["commits"], result["problems"], planted.exists()) == (1, [], False)
