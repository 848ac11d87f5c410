from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.pattern_engine.apply import PatternCall, apply, bind
from pytest_orchestrator.pattern_engine.cache import ResultCache, default_cache_folder
from pytest_orchestrator.pattern_engine.pattern import read_pattern
from pytest_orchestrator.pattern_engine.results import ApplyReport, Unchanged
from pytest_orchestrator.pattern_engine.workers.crew import Crew, Examined
from pytest_orchestrator.pattern_engine.workspace import Workspace

Write = Callable[..., Path]
CODEMOD = """
from libcst.codemod import VisitorBasedCodemodCommand

class Entry(VisitorBasedCodemodCommand):
    def leave_Name(self, original_node, updated_node):
        if original_node.value == "raises": raise ValueError("no")
        if original_node.value == "forgets": raise OSError("no")
        return updated_node.with_changes(value="new") if original_node.value == "old" else updated_node
"""
FILES = {"a.py": "old = 1\n", "b.py": "x = 1\n", "c.py": "x = (\n", "d.py": "raises\n"}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "tree"
    root.mkdir()
    for name, text in FILES.items():
        (root / name).write_text(text)
    return Workspace(root)


def run(workspace: Workspace, codemod: PatternCall, crew: Crew, folder: Path) -> tuple[ApplyReport, int]:
    with ResultCache(folder) as cache:
        report = apply(workspace, [codemod], crew=crew, cache=cache, write=False)
        return report, cache.hits


def test_a_second_run_knows_every_result(
    workspace: Workspace, codemod: PatternCall, crew: Crew, tmp_path: Path
) -> None:
    first, hits = run(workspace, codemod, crew, tmp_path / "cache")
    assert hits == 0
    second, hits = run(workspace, codemod, crew, tmp_path / "cache")
    assert hits == len(FILES)
    assert second.files == first.files
    assert second.counts == first.counts == {
        "unchanged": 1, "edited": 1, "found": 0, "rejected": 2, "diagnostics": 0
    }  # fmt: skip


def test_what_is_known_is_written_too(workspace: Workspace, codemod: PatternCall, crew: Crew, tmp_path: Path) -> None:
    run(workspace, codemod, crew, tmp_path / "cache")
    with ResultCache(tmp_path / "cache") as cache:
        apply(workspace, [codemod], crew=crew, cache=cache)
        assert cache.hits == len(FILES)
    assert (workspace.root / "a.py").read_text() == "new = 1\n"


def test_one_changed_file_costs_that_file_only(
    workspace: Workspace, codemod: PatternCall, crew: Crew, tmp_path: Path
) -> None:
    run(workspace, codemod, crew, tmp_path / "cache")
    (workspace.root / "b.py").write_text("old = 2\n")
    report, hits = run(workspace, codemod, crew, tmp_path / "cache")
    assert hits == len(FILES) - 1
    assert report.counts["edited"] == 2


def test_another_pattern_parameter_or_path_is_another_result(
    workspace: Workspace, codemod: PatternCall, write_pattern: Write, tmp_path: Path
) -> None:
    changed = bind(read_pattern(write_pattern(tmp_path / "other", "codemod", code=CODEMOD + "\n# changed\n")), {})
    with ResultCache(tmp_path / "cache") as cache:
        keys = {
            cache.key("a.py", b"x", [codemod]),
            cache.key("b.py", b"x", [codemod]),
            cache.key("a.py", b"y", [codemod]),
            cache.key("a.py", b"x", [changed]),
            cache.key("a.py", b"x", [codemod, changed]),
            cache.key("a.py", b"x", [changed, codemod]),
            cache.key("a.py", b"x", [PatternCall(pattern=codemod.pattern, parameters={"size": 1})]),
        }
        assert len(keys) == 7
        assert cache.key("a.py", b"x", [codemod]) == cache.key("a.py", b"x", [codemod])


def test_what_may_end_better_the_next_time_is_not_kept(
    workspace: Workspace, codemod: PatternCall, crew: Crew, tmp_path: Path
) -> None:
    (workspace.root / "d.py").write_text("forgets\n")
    run(workspace, codemod, crew, tmp_path / "cache")
    _, hits = run(workspace, codemod, crew, tmp_path / "cache")
    assert hits == len(FILES) - 1


def test_a_pattern_that_can_not_be_loaded_is_an_error_though_a_cache_is_at_hand(
    workspace: Workspace, crew: Crew, write_pattern: Write, tmp_path: Path
) -> None:
    broken = bind(read_pattern(write_pattern(tmp_path, "broken", code="import nowhere_to_be_found\n")), {})
    with ResultCache(tmp_path / "cache") as cache, pytest.raises(PatternError, match="nowhere_to_be_found"):
        apply(workspace, [broken], crew=crew, cache=cache)


def test_a_corrupt_entry_is_dropped_and_made_again(
    workspace: Workspace, codemod: PatternCall, crew: Crew, tmp_path: Path
) -> None:
    first, _ = run(workspace, codemod, crew, tmp_path / "cache")
    (file,) = (tmp_path / "cache").glob("*.sqlite")
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("UPDATE results SET value = substr(value, 1, length(value) - 1) || x'00'")
    database.close()
    again, hits = run(workspace, codemod, crew, tmp_path / "cache")
    assert hits == 0
    assert again.files == first.files
    assert run(workspace, codemod, crew, tmp_path / "cache")[1] == len(FILES)


@pytest.mark.parametrize("junk", [b"this is no database" * 100, b""])
def test_a_corrupt_file_is_replaced(
    workspace: Workspace, codemod: PatternCall, crew: Crew, tmp_path: Path, junk: bytes
) -> None:
    first, _ = run(workspace, codemod, crew, tmp_path / "cache")
    (file,) = (tmp_path / "cache").glob("*.sqlite")
    file.write_bytes(junk)
    again, hits = run(workspace, codemod, crew, tmp_path / "cache")
    assert (again.files, hits) == (first.files, 0)
    assert run(workspace, codemod, crew, tmp_path / "cache")[1] == len(FILES)


def test_a_cache_that_can_not_be_used_is_no_error(
    workspace: Workspace, codemod: PatternCall, crew: Crew, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    report, hits = run(workspace, codemod, crew, tmp_path / "cache")
    assert (report.counts["edited"], hits) == (1, 0)


def test_the_oldest_results_go_when_there_are_too_many(tmp_path: Path) -> None:
    with ResultCache(tmp_path, max_bytes=20_000) as cache:
        for number in range(400):
            cache.put(number.to_bytes(32, "big"), Examined(results=(Unchanged(path="a.py"),), data=b""))
    with ResultCache(tmp_path) as cache:
        kept = [number for number in range(400) if cache.get(number.to_bytes(32, "big"), "a.py", b"")]
    assert 50 < len(kept) < 200
    assert kept[-1] == 399


def test_processes_share_the_cache_and_one_that_is_killed_harms_nobody(tmp_path: Path) -> None:
    program = """
import os, signal, sys
from pathlib import Path
from pytest_orchestrator.pattern_engine.cache import ResultCache
from pytest_orchestrator.pattern_engine.workers.crew import Examined
from pytest_orchestrator.pattern_engine.results import Unchanged

start = int(sys.argv[2])
cache = ResultCache(Path(sys.argv[1]))
for number in range(start, start + 200):
    cache.put(number.to_bytes(32, "big"), Examined(results=(Unchanged(path="a.py"),), data=b""))
if start == 0: os.kill(os.getpid(), signal.SIGKILL)
cache.close()
"""
    command = [sys.executable, "-c", program, str(tmp_path)]
    processes = [subprocess.Popen([*command, str(start)]) for start in (0, 1000, 2000)]
    assert [process.wait() for process in processes] == [-9, 0, 0]
    with ResultCache(tmp_path) as cache:
        found = sum(cache.get(n.to_bytes(32, "big"), "a.py", b"") is not None for n in range(3000))
    assert found == 600


def test_the_cache_can_be_put_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTEST_ORCHESTRATOR_CACHE", str(tmp_path))
    assert default_cache_folder() == tmp_path
