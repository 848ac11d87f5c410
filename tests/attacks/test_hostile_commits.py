"""Commits with dates and file names that no calendar and no terminal has. Each command says what is wrong with them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.command_line import run
from tests.spec_guard.project import TODAY, Project

DATES = (
    "253402300800 +0000",  # the year 10000
    "67768036191676799 +0000",
    "99999999999999999999999 +0000",
    "-1 +0000",
    "0 +0000",
    "1600000000 +9999",
    "1600000000 -99999999",
    "x",
    "",
)
UNKNOWN = ("-1 +0000", "x", "")
NAMES = (
    b"src/a\x01b.py",
    b"src/\x01" + b"a" * 40 + b"\x02.py",
    b"src/:100644 100644 a b M.py",
    b"src/\n:a.py",
    b"src/\xff.py",
    b"src/\x1b[2Ka.py",
    b"src/\xe2\x80\xae.py",
    b'src/"a".py',
    b"src/ a .py",
    b"src/-a.py",
    b"src/" + b"a" * 250 + b".py",
)
FORMS = ("text", "json", "sarif", "github", "junit", "markdown")
_JUDGED = ("--today", str(TODAY))
COMMANDS = (
    *(("spec", "check", "--base", "base", "--format", form, *_JUDGED) for form in FORMS),
    ("spec", "replay", "--since", "base"),
    ("spec", "replay", "--since", "base", "--format", "json"),
    ("spec", "forecast", *_JUDGED),
    ("spec", "review", "--all-changed", "--stale", "--by", "ann", "--diff", "--yes", "--base", "base", *_JUDGED),
    ("spec", "stamp"),
    ("spec", "index"),
)


def _hash(project: Project, *arguments: str, data: bytes) -> str:
    command = ["git", "hash-object", "-w", "--stdin", "--literally", *arguments]
    return (
        subprocess.run(command, cwd=project.root, input=data, capture_output=True, check=True).stdout.decode().strip()
    )


def commit(project: Project, date: str) -> None:
    """Commit everything with a date that `git commit` would refuse."""
    project.git("add", "-A")
    tree, parent = project.git("write-tree"), project.git("rev-parse", "HEAD")
    person = f"A Tester <tester@example.org> {date}"
    text = f"tree {tree}\nparent {parent}\nauthor {person}\ncommitter {person}\n\nfix: a change\n"
    project.git("reset", "-q", "--soft", _hash(project, "-t", "commit", data=text.encode()))


def begun(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.write("pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n')
    project.write("src/cache.py", "LIMIT = 10\n")
    project.spec("cache", ["src/"], reviewed=TODAY - timedelta(days=5))
    project.commit(day=TODAY - timedelta(days=5))
    project.git("tag", "base")
    return project


def check_all(project: Project, commands: Sequence[Sequence[str]] = COMMANDS) -> None:
    for command in commands:
        done = run(project.root, *command)
        said = done.stdout + done.stderr
        assert done.returncode in (0, 1), said
        assert said.encode("utf-8", "surrogateescape").decode("utf-8") == said
        if command[1] == "check" and "sarif" not in command:  # SARIF lists every rule
            assert "SG007" in said


@pytest.mark.parametrize("date", DATES)
def test_date_of_a_commit(tmp_path: Path, date: str) -> None:
    project = begun(tmp_path)
    project.write("src/cache.py", "LIMIT = 20\n")
    commit(project, date)
    check_all(project)


@pytest.mark.parametrize("date", DATES)
def test_date_of_a_commit_that_moves_the_date_of_its_spec(tmp_path: Path, date: str) -> None:
    """A review counts only where the code is not of a later day, and nobody knows the day of this code."""
    project = begun(tmp_path)
    project.write("src/cache.py", "LIMIT = 20\n")
    project.spec("cache", ["src/"], reviewed=TODAY)
    commit(project, date)
    done = run(project.root, "spec", "check", "--base", "base", *_JUDGED)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert ("SG007" in done.stdout) == (date in UNKNOWN or date.startswith(("2", "6"))), done.stdout


@pytest.mark.parametrize("committed", [True, False])
def test_names_of_files(tmp_path: Path, committed: bool) -> None:
    project = begun(tmp_path)
    project.spec("other", reviewed=TODAY)
    project.commit(day=TODAY - timedelta(days=5))
    project.git("tag", "-f", "base")
    project.spec("other", reviewed=TODAY, body="New words, so that the days of the code count.")
    for name in NAMES:
        (project.root / os.fsdecode(name)).write_text("LIMIT = 20\n")
    if committed:
        project.commit()
    check_all(project)


def test_names_of_specs(tmp_path: Path) -> None:
    project = begun(tmp_path)
    text = (project.root / "specs" / "cache.md").read_text()
    for number, name in enumerate(NAMES):
        path = os.fsdecode(name.replace(b"src/", b"specs/").replace(b".py", b".md"))
        (project.root / path).write_text(text.replace("id: cache", f"id: other-{number}"))
    project.write("src/cache.py", "LIMIT = 20\n")
    project.commit()
    check_all(project, [command for command in COMMANDS if command[1] in ("check", "replay", "index")])
