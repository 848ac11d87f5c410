from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import pytest_orchestrator
from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, Workers, apply
from pytest_orchestrator.pattern_engine.host.cache import ResultCache, default_cache_folder, result_key
from pytest_orchestrator.pattern_engine.host.fingerprint import fingerprint
from pytest_orchestrator.pattern_engine.host.task import Examined
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import SourceFile, Workspace
from pytest_orchestrator.pattern_engine.library.library import load_library, shipped_folder
from pytest_orchestrator.pattern_engine.pattern import PatternCall, bind, read_pattern
from pytest_orchestrator.pattern_engine.results import ApplyReport, Unchanged

Write = Callable[..., Path]
MakeCall = Callable[..., PatternCall]
Run = Callable[..., tuple[ApplyReport, int]]
CODEMOD = """
from libcst.codemod import VisitorBasedCodemodCommand

class Entry(VisitorBasedCodemodCommand):
    def leave_Name(self, original_node, updated_node):
        if original_node.value == "raises": raise ValueError("no")
        if original_node.value == "forgets": raise OSError("no")
        if original_node.value == "lacks": __import__("nowhere_to_be_found")
        return updated_node.with_changes(value="new") if original_node.value == "old" else updated_node
"""
EMPTY = SourceFile(path="a.py", data=b"")
FILES = {"a.py": "old = 1\n", "b.py": "x = 1\n", "c.py": "x = (\n", "d.py": "raises\n"}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "tree"
    root.mkdir()
    for name, text in FILES.items():
        (root / name).write_text(text)
    return Workspace(root)


@pytest.fixture
def run(workspace: Workspace, codemod: PatternCall, worker: WorkerHandle, tmp_path: Path) -> Run:
    """Apply the module's codemod with a cache in `tmp_path`: the report, and how many results were known."""

    def run(*, write: bool = False) -> tuple[ApplyReport, int]:
        with ResultCache(tmp_path / "cache") as cache:
            options = ApplyOptions(cache=cache, write=write)
            report = apply(workspace, [codemod], workspace.select(), workers=Workers(handles=[worker]), options=options)
            return report, cache.hits

    return run


def key(path: str, data: bytes, calls: Sequence[PatternCall], root: Path, *, every_file: bool = True) -> bytes:
    digest = fingerprint(calls, root, every_file=every_file)
    assert digest is not None
    return result_key(digest, SourceFile(path=path, data=data))


def test_a_second_run_takes_every_result_from_the_cache(run: Run) -> None:
    first, hits = run()
    assert hits == 0
    second, hits = run()
    assert hits == len(FILES)
    assert second.files == first.files
    assert second.counts == first.counts == {
        "unchanged": 1, "edited": 1, "found": 0, "rejected": 2, "diagnostics": 0
    }  # fmt: skip


def test_what_is_known_is_written_too(run: Run, workspace: Workspace) -> None:
    run()
    _, hits = run(write=True)
    assert hits == len(FILES)
    assert (workspace.root / "a.py").read_text() == "new = 1\n"


def test_one_changed_file_costs_that_file_only(run: Run, workspace: Workspace) -> None:
    run()
    (workspace.root / "b.py").write_text("old = 2\n")
    report, hits = run()
    assert hits == len(FILES) - 1
    assert report.counts["edited"] == 2


def test_another_pattern_parameter_or_path_is_another_result(
    codemod: PatternCall, write_pattern: Write, tmp_path: Path
) -> None:
    folder = write_pattern(tmp_path / "other", "codemod", code=CODEMOD + "\n# changed\n")
    changed = bind(read_pattern(folder), {})
    keys = {
        key("a.py", b"x", [codemod], tmp_path),
        key("a.py", b"x", [codemod], tmp_path / "other"),
        key("b.py", b"x", [codemod], tmp_path),
        key("a.py", b"y", [codemod], tmp_path),
        key("a.py", b"x", [changed], tmp_path),
        key("a.py", b"x", [codemod, changed], tmp_path),
        key("a.py", b"x", [changed, codemod], tmp_path),
        key("a.py", b"x", [PatternCall(pattern=codemod.pattern, parameters={"size": 1})], tmp_path),
        key("a.py", b"x", [codemod], tmp_path, every_file=False),
    }
    assert len(keys) == 9
    assert key("a.py", b"x", [codemod], tmp_path) in keys


def test_results_of_installed_patterns_are_shared_between_trees() -> None:
    library = load_library([shipped_folder()])
    names = ["super-no-args", "fixit.rules.no_namedtuple.NoNamedTuple", "libcst.codemod.commands.noop.NOOPCommand"]
    calls = [bind(library.get(name), {}) for name in names]
    assert len({fingerprint(calls, root) for root in (Path("/one"), Path("/two"))} - {None}) == 1


@pytest.mark.parametrize("package", ["libcst", "fixit"])
def test_another_version_of_what_runs_a_pattern_is_another_result(
    codemod: PatternCall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    installed, first = importlib.metadata.version, fingerprint([codemod], tmp_path)
    assert fingerprint([codemod], tmp_path) == first
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "9" if name == package else installed(name))
    second = fingerprint([codemod], tmp_path)
    monkeypatch.setattr(sys, "version", "9")
    assert len({first, second, fingerprint([codemod], tmp_path)}) == 3


@pytest.mark.parametrize("changed", ["pattern_engine/linter.py", "diagnostics.py"])
def test_another_engine_comes_to_another_result(tmp_path: Path, changed: str) -> None:
    package = Path(pytest_orchestrator.__file__ or "").parent
    shutil.copytree(package, tmp_path / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    program = """
from pathlib import Path
from pytest_orchestrator.pattern_engine.host.fingerprint import fingerprint
print(fingerprint([], Path()))
"""

    def printed() -> str:
        command = [sys.executable, "-B", "-c", program]
        # Coverage would take the copy for more code that nothing runs.
        env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
        return subprocess.run(command, cwd=tmp_path, check=True, text=True, capture_output=True, env=env).stdout

    first = printed()
    assert printed() == first
    with (tmp_path / package.name / changed).open("a") as file:
        file.write("# changed\n")
    assert printed() != first


@pytest.mark.parametrize(
    ("code", "is_known"),
    [
        ("import ast, os.path\nfrom libcst import Name\nfrom fixit import LintRule\nfrom . import more\n", True),
        ("from pytest_orchestrator.api.patterns import Linter\n", True),
        ("import ast, shared.names\n", False),
        ("def f():\n    from shared import names\n", False),
        ("import importlib\n", False),
        ("x = (\n", False),
        (r"x = '\d'" + "\n", True),  # Python's parser warns of it
    ],
)
def test_nothing_is_kept_of_a_pattern_whose_code_is_elsewhere(
    make_call: MakeCall, tmp_path: Path, code: str, is_known: bool
) -> None:
    call = make_call("one", CODEMOD, files={"more.py": code})
    in_a_case = make_call("three", CODEMOD, files={"cases/old/before.py": "import requests\n"})
    assert fingerprint([in_a_case], tmp_path) is not None
    dotted = make_call("two", "", entry="shared.names:Entry")
    assert (fingerprint([call], tmp_path) is not None) is is_known
    assert fingerprint([dotted], tmp_path) is None


@pytest.mark.parametrize("name", ["forgets", "lacks"])
def test_results_that_may_differ_the_next_time_are_not_cached(run: Run, workspace: Workspace, name: str) -> None:
    (workspace.root / "d.py").write_text(f"{name}\n")
    run()
    _, hits = run()
    assert hits == len(FILES) - 1


def test_a_pattern_that_can_not_be_loaded_is_an_error_though_a_cache_is_at_hand(
    make_call: MakeCall, workspace: Workspace, tmp_path: Path
) -> None:
    broken = make_call("broken", "import nowhere_to_be_found\n")
    with ResultCache(tmp_path / "cache") as cache, pytest.raises(PatternError, match="nowhere_to_be_found"):
        apply(workspace, [broken], workspace.select(), options=ApplyOptions(cache=cache))


def test_a_corrupt_entry_is_dropped_and_made_again(run: Run, tmp_path: Path) -> None:
    first, _ = run()
    (file,) = (tmp_path / "cache").glob("*.sqlite")
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("UPDATE results SET value = substr(value, 1, length(value) - 1) || x'00'")
    database.close()
    again, hits = run()
    assert hits == 0
    assert again.files == first.files
    assert run()[1] == len(FILES)


def test_an_entry_whose_bytes_are_not_those_of_its_digest_is_never_written(
    run: Run, workspace: Workspace, codemod: PatternCall, tmp_path: Path
) -> None:
    folder = tmp_path / "cache"
    run()
    (file,) = folder.glob("*.sqlite")
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as database:
        for stored_key, value in database.execute("SELECT key, value FROM results").fetchall():
            content = value[32:].removesuffix(b"new = 1\n") + b"other = 1\n" * value.endswith(b"new = 1\n")
            stored = hashlib.sha256(content).digest() + content
            database.execute("UPDATE results SET value = ? WHERE key = ?", (stored, stored_key))
    pattern = codemod.pattern.folder
    program = f"""
from pathlib import Path
from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, apply
from pytest_orchestrator.pattern_engine.host.cache import ResultCache
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.pattern import bind, read_pattern
cache = ResultCache(Path({str(folder)!r}))
calls = [bind(read_pattern(Path({str(pattern)!r})), {{}})]
apply(Workspace(Path({str(workspace.root)!r})), calls, ["a.py"], options=ApplyOptions(cache=cache))
assert False, "-O removes assertions"
"""
    subprocess.run([sys.executable, "-O", "-c", program], check=True)
    assert (workspace.root / "a.py").read_text() == "new = 1\n"


@pytest.mark.parametrize("junk", [b"this is no database" * 100, b""])
def test_a_corrupt_file_is_replaced(run: Run, tmp_path: Path, junk: bytes) -> None:
    first, _ = run()
    (file,) = (tmp_path / "cache").glob("*.sqlite")
    file.write_bytes(junk)
    again, hits = run()
    assert (again.files, hits) == (first.files, 0)
    assert run()[1] == len(FILES)


def test_a_cache_that_can_not_be_used_is_no_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    report, hits = run()
    assert (report.counts["edited"], hits) == (1, 0)


def test_the_oldest_results_go_when_there_are_too_many(tmp_path: Path) -> None:
    with ResultCache(tmp_path, max_bytes=20_000) as cache:
        for number in range(400):
            cache.put(number.to_bytes(32, "big"), Examined(results=(Unchanged(path="a.py"),), data=b""))
    with ResultCache(tmp_path) as cache:
        kept = [number for number in range(400) if cache.get(number.to_bytes(32, "big"), EMPTY)]
    assert 50 < len(kept) < 200
    assert kept[-1] == 399


def test_processes_share_the_cache_and_survive_one_that_is_killed_while_it_writes(tmp_path: Path) -> None:
    program = """
import itertools, sys
from pathlib import Path
from pytest_orchestrator.pattern_engine.host.cache import ResultCache
from pytest_orchestrator.pattern_engine.host.task import Examined
from pytest_orchestrator.pattern_engine.results import Unchanged

start, count = map(int, sys.argv[2:])
with ResultCache(Path(sys.argv[1])) as cache:
    for number in itertools.count(start) if count == 0 else range(start, start + count):
        cache.put(number.to_bytes(32, "big"), Examined(results=(Unchanged(path="a.py"),), data=b""))
        print(number, flush=True)
"""

    def begin(start: int, count: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", program, str(tmp_path), str(start), str(count)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    endless, *others = begin(0, 0), begin(100_000, 200), begin(200_000, 200)
    assert endless.stdout is not None
    written = [int(endless.stdout.readline()) for _ in range(50)]  # it goes on while it is killed
    endless.kill()
    written += map(int, endless.communicate()[0].split()[:-1])  # the last number may be half there
    for other in others:
        written += map(int, other.communicate()[0].split())
    assert [process.returncode for process in (endless, *others)] == [-9, 0, 0]
    with ResultCache(tmp_path) as cache:
        assert [n for n in written if cache.get(n.to_bytes(32, "big"), EMPTY) is None] == []
    assert len(written) >= 449


def test_the_cache_can_be_put_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTEST_ORCHESTRATOR_CACHE", str(tmp_path))
    assert default_cache_folder() == tmp_path
