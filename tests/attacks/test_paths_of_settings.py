"""Settings, ledgers and records stay inside of the project, and a ledger holds whole lines."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from pytest_orchestrator.files import append_whole
from tests.cli.command_line import run
from tests.lean import LEAN
from tests.spec_guard.project import TODAY, Project

TABLE = '[tool.pytest_orchestrator.spec_guard]\npaths = ["specs"]\n'
TODAY_OPTION = ("--today", str(TODAY))
INDEX = ("spec", "index")
REVIEW = ("spec", "review", "specs/cache.md", "--by", "ann", *TODAY_OPTION)
CHECK = ("spec", "check", *TODAY_OPTION)


@pytest.fixture
def guarded(tmp_path: Path) -> Project:
    root = tmp_path / "project"
    root.mkdir()
    project = Project(root)
    project.write("pyproject.toml", TABLE)
    project.write("src/cache.py", "LIMIT = 10\n")
    project.spec("cache", ["src/cache.py"], reviewed=TODAY)
    project.commit()
    outside = project.root.parent / "outside"
    outside.mkdir()
    for name in ("profile", "folder-is-here"):
        (outside / name).write_text("theirs\n")
    (project.root / "folder").symlink_to(outside, target_is_directory=True)
    (project.root / "link").symlink_to(outside / "profile")
    return project


def outside(project: Project) -> dict[str, str]:
    folder = project.root.parent / "outside"
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


LEAVING = ("/OUTSIDE/profile", "../outside/profile", "x/../../outside/new", "..", ".")
LINKED = ("folder/profile", "folder/new", "link")


@pytest.mark.parametrize("path", [*LEAVING, *LINKED])
@pytest.mark.parametrize(("setting", "command"), [("index", INDEX), ("reviews", REVIEW), ("reviews", CHECK)])
def test_ledger_outside_of_the_project_is_neither_read_nor_written(
    guarded: Project, setting: str, command: tuple[str, ...], path: str
) -> None:
    named = path.replace("/OUTSIDE", str(guarded.root.parent / "outside"))
    guarded.write("pyproject.toml", f'{TABLE}{setting} = "{named}"\n')
    before, spec = outside(guarded), (guarded.root / "specs" / "cache.md").read_bytes()
    done = run(guarded.root, *command)
    said = done.stdout + done.stderr
    if path in LEAVING:
        assert done.returncode == 2
        assert f"pyproject.toml:3: tool.pytest_orchestrator.spec_guard.{setting}: '{named}' is not a file in" in said
    else:
        assert done.returncode == (1 if command == CHECK else 2)
        assert "is a symbolic link, or is below one" in said
    assert outside(guarded) == before
    assert (guarded.root / "specs" / "cache.md").read_bytes() == spec


@pytest.mark.parametrize("setting", ["overrides", "approvers"])
@pytest.mark.parametrize("path", LINKED)
def test_ledger_behind_a_link_is_not_read(guarded: Project, setting: str, path: str) -> None:
    guarded.write("pyproject.toml", f'{TABLE}{setting} = "{path}"\n')
    said = run(guarded.root, *CHECK, code=1).stdout
    assert "is a symbolic link, or is below one" in said
    assert "theirs" not in said


@pytest.mark.parametrize("name", ["$(touch pwned)x", "`touch pwned`", "; touch pwned #", "-rf", "a b'\"c"])
def test_characters_of_a_shell_are_plain_text(guarded: Project, name: str) -> None:
    quoted = name.replace('"', '\\"')
    guarded.write("pyproject.toml", f'{TABLE}index = "tasks/{quoted}"\nreviews = "{quoted}"\n')
    guarded.spec(f"{name}.md", identity="odd", reviewed=TODAY)
    run(guarded.root, *INDEX, code=0)
    run(guarded.root, "spec", "review", "specs", "--by", "ann", *TODAY_OPTION, code=0)
    assert (guarded.root / "tasks" / name).read_text().startswith("{")
    assert (guarded.root / name).read_text().count("\n") == 2
    assert not (guarded.root / "pwned").exists()


@pytest.mark.parametrize("setting", ["max_age_days", "warn_days", "bulk_dates", "drift.max_days"])
@pytest.mark.parametrize("days", [10**10, 10**30])
def test_number_may_be_larger_than_any_calendar(guarded: Project, setting: str, days: int) -> None:
    guarded.write("pyproject.toml", f"{TABLE}{setting} = {days}\n")
    guarded.commit()  # as a change it would loosen the setting
    review = ("spec", "review", "--stale", "--by", "ann", "--yes", *TODAY_OPTION)
    for command in (CHECK, review, ("spec", "forecast", *TODAY_OPTION), (*review, "--level", "1")):
        run(guarded.root, *command, code=0)


def test_linked_spec_is_not_stamped(guarded: Project) -> None:
    (guarded.root / "specs" / "a.md").symlink_to(guarded.root.parent / "outside" / "profile")
    before = outside(guarded)
    assert "specs/a.md: is a symbolic link" in run(guarded.root, "spec", "stamp", code=2).stderr
    assert outside(guarded) == before


@pytest.mark.parametrize("link", [".runs", ".runs/spec-guard"])
def test_record_of_a_run_is_not_written_through_a_link(guarded: Project, link: str) -> None:
    where = guarded.root / link
    where.parent.mkdir(exist_ok=True)
    where.symlink_to(guarded.root.parent / "outside", target_is_directory=True)
    before = sorted((guarded.root.parent / "outside").rglob("*"))
    command = [sys.executable, "-m", "pytest", *LEAN, "--spec-guard-only", f"--spec-guard-today={TODAY}"]
    done = subprocess.run(command, cwd=guarded.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "the run could not be recorded" in done.stdout
    assert "is a symbolic link, or is below one" in done.stdout
    assert sorted((guarded.root.parent / "outside").rglob("*")) == before


def test_review_that_does_not_fit_is_no_review(guarded: Project) -> None:
    ledger, spec = guarded.write("tasks/reviews.jsonl", "\n" * 50_000), guarded.root / "specs" / "cache.md"
    before = spec.read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "pytest_orchestrator", *REVIEW],
        cwd=guarded.root,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_040, 50_040)),
    )
    assert done.returncode == 2
    assert "tasks/reviews.jsonl: can't be written: File too large" in done.stderr
    assert "fix: free some space" in done.stderr
    assert ledger.read_bytes() == b"\n" * 50_000
    assert spec.read_bytes() == before


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_ledger_that_is_no_file_is_an_error(guarded: Project, kind: str) -> None:
    where = guarded.root / "reviews.jsonl"
    os.mkfifo(where) if kind == "pipe" else where.mkdir()
    guarded.write("pyproject.toml", f'{TABLE}reviews = "reviews.jsonl"\n')
    assert "reviews.jsonl: can't be read" in run(guarded.root, *REVIEW, code=2).stderr


def test_last_line_without_its_end_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    path.write_bytes(b"one")
    append_whole(path, b"two\n")
    assert path.read_bytes() == b"one\ntwo\n"


_APPENDERS, _LINES, _LENGTH = 3, 200, 20_000


def _append(path: Path, letter: str, start: Barrier) -> None:
    # The limit ends each appender within a line.
    resource.setrlimit(resource.RLIMIT_FSIZE, (_APPENDERS * _LINES * _LENGTH // 2 + 7,) * 2)
    start.wait()
    for _ in range(_LINES):
        try:
            append_whole(path, letter.encode() * _LENGTH + b"\n")
        except OSError:
            continue


def test_lines_of_several_appenders_are_whole(tmp_path: Path) -> None:
    path, context = tmp_path / "ledger", get_context("spawn")
    start = context.Barrier(_APPENDERS)
    appenders = [context.Process(target=_append, args=(path, letter, start)) for letter in "abc"]
    for process in appenders:
        process.start()
    for process in appenders:
        process.join()
    *lines, end = path.read_bytes().split(b"\n")
    assert end == b""
    assert len(lines) == _APPENDERS * _LINES * _LENGTH // 2 // (_LENGTH + 1)
    assert {(len(line), len(set(line))) for line in lines} == {(_LENGTH, 1)}
