from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, Observer, Workers, apply
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.pattern import PatternCall
from pytest_orchestrator.pattern_engine.results import ApplyReport, Edited, Found, Rejected

MakeCall = Callable[..., PatternCall]
Run = Callable[..., ApplyReport]

CODEMOD = """
from pathlib import Path
from libcst.codemod import VisitorBasedCodemodCommand

class Entry(VisitorBasedCodemodCommand):
    def leave_Name(self, original_node, updated_node):
        name = original_node.value
        if name == "loops":
            while True: pass
        if name == "meddles": Path(self.context.filename).write_text("mine = 1\\n")
        return updated_node.with_changes(value="new") if name == "old" else updated_node
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "tree"
    root.mkdir()
    for name, text in {"a.py": "old = 1\n", "b.py": "x = 1\n", "c.py": "x = (\n", "d.py": "old = 2\n"}.items():
        (root / name).write_text(text)
    return Workspace(root)


def texts(workspace: Workspace) -> dict[str, str]:
    return {path: (workspace.root / path).read_text() for path in workspace.select()}


@pytest.fixture
def run(workspace: Workspace, worker: WorkerHandle) -> Run:
    """Apply patterns to all files, or to `paths`, in the module's worker; further arguments are those of `apply`."""

    def run(*calls: PatternCall, paths: Sequence[str] | None = None, **more: Any) -> ApplyReport:
        chosen = workspace.select() if paths is None else paths
        return apply(workspace, calls, chosen, **{"workers": Workers(handles=[worker]), **more})

    return run


def test_a_run_over_a_tree_edits_finds_rejects_and_counts(
    run: Run, workspace: Workspace, codemod: PatternCall, linter: PatternCall
) -> None:
    report = run(codemod, linter)
    assert [(result.kind, result.path) for result in report.files] == [
        ("edited", "a.py"),
        ("found", "a.py"),
        ("rejected", "c.py"),
        ("edited", "d.py"),
        ("found", "d.py"),
    ]
    assert (report.examined, report.stopped) == (4, False)
    assert report.counts == {"unchanged": 1, "edited": 2, "found": 2, "rejected": 1, "diagnostics": 2}
    assert report.seconds > 0
    assert texts(workspace) == {"a.py": "new = 1\n", "b.py": "x = 1\n", "c.py": "x = (\n", "d.py": "new = 2\n"}
    edited = report.files[0]
    assert isinstance(edited, Edited)
    assert edited.before_sha256 == hashlib.sha256(b"old = 1\n").hexdigest()
    assert edited.after_sha256 == hashlib.sha256(b"new = 1\n").hexdigest()


def test_without_a_worker_a_run_starts_its_own(workspace: Workspace, codemod: PatternCall) -> None:
    assert apply(workspace, [codemod], ["a.py"]).counts["edited"] == 1


def test_stopping_between_files_reports_what_was_done(run: Run, workspace: Workspace, codemod: PatternCall) -> None:
    observer = Observer(should_stop=lambda: (workspace.root / "a.py").read_text() == "new = 1\n")
    report = run(codemod, observer=observer)
    assert (report.stopped, report.examined) == (True, 1)
    assert [result.path for result in report.files] == ["a.py"]
    assert texts(workspace)["d.py"] == "old = 2\n"


def test_stopping_a_run_without_files_reports_that(run: Run, codemod: PatternCall) -> None:
    report = run(codemod, paths=[], observer=Observer(should_stop=lambda: True))
    assert (report.stopped, report.examined) == (True, 0)


def test_stopping_inside_a_file_leaves_it_alone(run: Run, workspace: Workspace, codemod: PatternCall) -> None:
    (workspace.root / "b.py").write_text("old = loops\n")
    answers = iter([False] * 8)
    observer = Observer(should_stop=lambda: next(answers, True))
    report = run(codemod, paths=["b.py"], observer=observer)
    assert (report.stopped, report.examined, report.files) == (True, 0, ())
    assert texts(workspace)["b.py"] == "old = loops\n"


def test_a_file_that_changes_during_the_run_is_not_overwritten(
    run: Run, workspace: Workspace, codemod: PatternCall
) -> None:
    (workspace.root / "a.py").write_text("old = meddles\n")
    (rejected,) = run(codemod, paths=["a.py"]).files
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "changed"
    assert texts(workspace)["a.py"] == "mine = 1\n"


def test_a_file_too_large_for_source_code_is_rejected(run: Run, workspace: Workspace, codemod: PatternCall) -> None:
    with (workspace.root / "a.py").open("r+b") as stream:
        stream.truncate(40 << 20)  # sparse
    (rejected,) = run(codemod, paths=["a.py"]).files
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "unreadable"
    assert "larger than" in rejected.message


def test_a_pattern_that_always_runs_out_of_time_is_given_up(
    run: Run, workspace: Workspace, codemod: PatternCall, linter: PatternCall, worker: WorkerHandle
) -> None:
    paths = [f"l{number}.py" for number in range(5)]
    for path in paths:
        (workspace.root / path).write_text("loops = old\n")
    worker.check([codemod])
    report = run(codemod, linter, paths=paths, workers=Workers(handles=[worker], time_limit_s=1.0))
    messages = [result.message for result in report.files if isinstance(result, Rejected)]
    assert ["not run" in message for message in messages] == [False, False, False, True, True]
    assert {result.reason for result in report.files if isinstance(result, Rejected)} == {"time"}
    assert report.counts == {"unchanged": 0, "edited": 0, "found": 5, "rejected": 5, "diagnostics": 5}
    assert report.examined == 5
    alone = run(codemod, paths=paths, workers=Workers(handles=[worker], time_limit_s=0.3))
    assert alone.counts["rejected"] == 5


def test_names_that_are_not_utf8_are_no_trouble(run: Run, workspace: Workspace, linter: PatternCall) -> None:
    (workspace.root / "\udcff.py").write_text("old = 1\n")
    (found,) = run(linter, paths=["\udcff.py"]).files
    assert isinstance(found, Found)
    assert found.path == "\udcff.py"


def test_a_pattern_that_cannot_be_loaded_stops_the_run_before_any_file(
    run: Run, workspace: Workspace, codemod: PatternCall, make_call: MakeCall
) -> None:
    broken = make_call("broken", "x = (\n")
    before = texts(workspace)
    with pytest.raises(PatternError, match="broken"):
        run(codemod, broken)
    assert texts(workspace) == before


def test_several_workers_come_to_the_same_report(
    run: Run, workspace: Workspace, codemod: PatternCall, linter: PatternCall
) -> None:
    for number in range(20):
        (workspace.root / f"m{number}.py").write_text("old = 1\n" * (number % 7))
    alone = run(codemod, linter, options=ApplyOptions(write=False))
    counts: list[tuple[int, int]] = []
    observer = Observer(progress=lambda *count: counts.append(count))
    shared = run(codemod, linter, workers=Workers(count=3), observer=observer)
    assert (shared.files, shared.counts) == (alone.files, alone.counts)
    assert counts == [(done, 24) for done in range(25)]
    assert texts(workspace)["m1.py"] == "new = 1\n"


def test_several_workers_can_be_stopped(run: Run, workspace: Workspace, codemod: PatternCall) -> None:
    for number in range(20):
        (workspace.root / f"m{number}.py").write_text("loops\n")
    answers = iter([False] * 3)
    observer = Observer(should_stop=lambda: next(answers, True))
    report = run(codemod, workers=Workers(count=2), observer=observer)
    assert report.stopped
    assert report.examined < 24


def test_a_file_that_no_trigger_matches_is_not_even_parsed(run: Run, make_call: MakeCall) -> None:
    call = make_call("triggered", CODEMOD, trigger="{text: [old]}")
    fast = run(call, options=ApplyOptions(write=False, every_file=False))
    assert [(result.kind, result.path) for result in fast.files] == [("edited", "a.py"), ("edited", "d.py")]
    full = run(call, options=ApplyOptions(write=False))
    assert [(result.kind, result.path) for result in full.files if result.kind != "edited"] == [("rejected", "c.py")]
