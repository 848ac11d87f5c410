from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_orchestrator.codec.decode import decode_json, encode
from pytest_orchestrator.errors import InputError, PatternError, UsageError
from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, Change, Observer, Workers, apply
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.pattern import PatternCall, bind, read_pattern
from pytest_orchestrator.pattern_engine.results import ApplyReport, Edited, Found, Rejected

Write = Callable[..., Path]

CODEMOD = """
from pathlib import Path
from libcst.codemod import VisitorBasedCodemodCommand

class Entry(VisitorBasedCodemodCommand):
    def leave_Name(self, original_node, updated_node):
        name = original_node.value
        if name == "loops":
            while True: pass
        if name == "raises": raise ValueError("no")
        if name == "meddles": Path(self.context.filename).write_text("mine = 1\\n")
        return updated_node.with_changes(value="new") if name == "old" else updated_node
"""
LINTER = """
from pytest_orchestrator.api.patterns import Linter

class Entry(Linter):
    def visit_Name(self, node):
        if node.value == "old": self.report(node, "old")
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


def test_a_run_over_a_tree_edits_finds_rejects_and_counts(
    workspace: Workspace, codemod: PatternCall, linter: PatternCall, worker: WorkerHandle
) -> None:
    report = apply(workspace, [codemod, linter], workspace.select(), workers=Workers(handle=worker))
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


def test_a_report_survives_json(
    workspace: Workspace, codemod: PatternCall, linter: PatternCall, worker: WorkerHandle
) -> None:
    report = apply(workspace, [codemod, linter], workspace.select(), workers=Workers(handle=worker))
    assert decode_json(ApplyReport, json.loads(json.dumps(encode(report))), path="report") == report


def test_paths_limit_what_is_touched(workspace: Workspace, codemod: PatternCall, worker: WorkerHandle) -> None:
    report = apply(workspace, [codemod], ["d.py", "b.py"], workers=Workers(handle=worker))
    assert report.examined == 2
    assert texts(workspace)["a.py"] == "old = 1\n"
    assert texts(workspace)["d.py"] == "new = 2\n"


def test_without_writing_the_report_is_the_same_and_the_tree_stays(
    workspace: Workspace, codemod: PatternCall, worker: WorkerHandle
) -> None:
    before = texts(workspace)
    dry = apply(
        workspace, [codemod], workspace.select(), workers=Workers(handle=worker), options=ApplyOptions(write=False)
    )
    assert texts(workspace) == before
    assert apply(workspace, [codemod], workspace.select(), workers=Workers(handle=worker)).files == dry.files


def test_a_second_run_changes_nothing(workspace: Workspace, codemod: PatternCall, worker: WorkerHandle) -> None:
    apply(workspace, [codemod], workspace.select(), workers=Workers(handle=worker))
    assert apply(workspace, [codemod], workspace.select(), workers=Workers(handle=worker)).counts["edited"] == 0


def test_without_a_worker_a_run_starts_its_own(workspace: Workspace, codemod: PatternCall) -> None:
    assert apply(workspace, [codemod], ["a.py"]).counts["edited"] == 1


def test_progress_counts_up_to_the_number_of_files(
    workspace: Workspace, codemod: PatternCall, worker: WorkerHandle
) -> None:
    counts: list[tuple[int, int]] = []
    apply(
        workspace,
        [codemod],
        workspace.select(),
        workers=Workers(handle=worker),
        observer=Observer(progress=lambda done, total: counts.append((done, total))),
    )
    assert counts == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


def test_stopping_between_files_reports_what_was_done(
    workspace: Workspace, codemod: PatternCall, worker: WorkerHandle
) -> None:
    report = apply(
        workspace,
        [codemod],
        workspace.select(),
        workers=Workers(handle=worker),
        observer=Observer(should_stop=lambda: (workspace.root / "a.py").read_text() == "new = 1\n"),
    )
    assert (report.stopped, report.examined) == (True, 1)
    assert [result.path for result in report.files] == ["a.py"]
    assert texts(workspace)["d.py"] == "old = 2\n"


def test_stopping_a_run_without_files_reports_that(
    workspace: Workspace, codemod: PatternCall, worker: WorkerHandle
) -> None:
    observer = Observer(should_stop=lambda: True)
    report = apply(workspace, [codemod], [], workers=Workers(handle=worker), observer=observer)
    assert (report.stopped, report.examined) == (True, 0)


def test_stopping_inside_a_file_leaves_it_alone(
    workspace: Workspace, codemod: PatternCall, worker: WorkerHandle
) -> None:
    (workspace.root / "b.py").write_text("old = loops\n")
    answers = iter([False] * 8)
    report = apply(
        workspace,
        [codemod],
        ["b.py"],
        workers=Workers(handle=worker),
        observer=Observer(should_stop=lambda: next(answers, True)),
    )
    assert (report.stopped, report.examined, report.files) == (True, 0, ())
    assert texts(workspace)["b.py"] == "old = loops\n"


def test_a_file_that_changes_during_the_run_is_not_overwritten(
    workspace: Workspace, codemod: PatternCall, worker: WorkerHandle
) -> None:
    (workspace.root / "a.py").write_text("old = meddles\n")
    (rejected,) = apply(workspace, [codemod], ["a.py"], workers=Workers(handle=worker)).files
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "changed"
    assert texts(workspace)["a.py"] == "mine = 1\n"


def test_a_file_too_large_for_source_code_is_rejected(
    workspace: Workspace, codemod: PatternCall, worker: WorkerHandle
) -> None:
    with (workspace.root / "a.py").open("r+b") as stream:
        stream.truncate(40 << 20)  # sparse
    (rejected,) = apply(workspace, [codemod], ["a.py"], workers=Workers(handle=worker)).files
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "unreadable"
    assert "larger than" in rejected.message


def test_a_pattern_that_always_runs_out_of_time_is_given_up(
    workspace: Workspace, codemod: PatternCall, linter: PatternCall, worker: WorkerHandle
) -> None:
    for number in range(5):
        (workspace.root / f"l{number}.py").write_text("loops = old\n")
    worker.check([codemod])
    report = apply(
        workspace, [codemod, linter], workspace.select(["l*.py"]), workers=Workers(handle=worker, time_limit_s=1.0)
    )
    messages = [result.message for result in report.files if isinstance(result, Rejected)]
    assert ["not run" in message for message in messages] == [False, False, False, True, True]
    assert {result.reason for result in report.files if isinstance(result, Rejected)} == {"time"}
    assert report.counts == {"unchanged": 0, "edited": 0, "found": 5, "rejected": 5, "diagnostics": 5}
    assert report.examined == 5


def test_when_only_such_a_pattern_is_left_the_rest_is_not_examined(
    workspace: Workspace, codemod: PatternCall, worker: WorkerHandle
) -> None:
    for number in range(4):
        (workspace.root / f"l{number}.py").write_text("loops = 1\n")
    worker.check([codemod])
    report = apply(workspace, [codemod], workspace.select(["l*.py"]), workers=Workers(handle=worker, time_limit_s=1.0))
    assert report.counts["rejected"] == 4
    assert report.counts["unchanged"] == 0


def test_names_that_are_not_utf8_are_no_trouble(
    workspace: Workspace, linter: PatternCall, worker: WorkerHandle
) -> None:
    (workspace.root / "\udcff.py").write_text("old = 1\n")
    (found,) = apply(workspace, [linter], ["\udcff.py"], workers=Workers(handle=worker)).files
    assert isinstance(found, Found)
    assert found.path == "\udcff.py"


def test_a_pattern_that_cannot_be_loaded_stops_the_run_before_any_file(
    workspace: Workspace, codemod: PatternCall, worker: WorkerHandle, tmp_path: Path, write_pattern: Write
) -> None:
    broken = bind(read_pattern(write_pattern(tmp_path, "broken", code="x = (\n")), {})
    before = texts(workspace)
    with pytest.raises(PatternError, match="broken"):
        apply(workspace, [codemod, broken], workspace.select(), workers=Workers(handle=worker))
    assert texts(workspace) == before


def test_no_pattern_and_no_such_path_are_errors(
    workspace: Workspace, codemod: PatternCall, worker: WorkerHandle
) -> None:
    with pytest.raises(UsageError, match="no pattern"):
        apply(workspace, [], workspace.select(), workers=Workers(handle=worker))
    with pytest.raises(InputError, match="does not exist"):
        apply(workspace, [codemod], workspace.select(["nowhere"]), workers=Workers(handle=worker))


def test_several_workers_come_to_the_same_report(
    workspace: Workspace, codemod: PatternCall, linter: PatternCall
) -> None:
    for number in range(20):
        (workspace.root / f"m{number}.py").write_text("old = 1\n" * (number % 7))
    alone = apply(workspace, [codemod, linter], workspace.select(), options=ApplyOptions(write=False))
    counts: list[tuple[int, int]] = []
    shared = apply(
        workspace,
        [codemod, linter],
        workspace.select(),
        workers=Workers(count=3),
        observer=Observer(progress=lambda *count: counts.append(count)),
    )
    assert (shared.files, shared.counts) == (alone.files, alone.counts)
    assert counts[-1] == (24, 24)
    assert texts(workspace)["m1.py"] == "new = 1\n"


def test_several_workers_can_be_stopped(workspace: Workspace, codemod: PatternCall) -> None:
    for number in range(20):
        (workspace.root / f"m{number}.py").write_text("loops\n")
    asked: list[None] = []

    def should_stop() -> bool:
        asked.append(None)
        return len(asked) > 3

    report = apply(
        workspace, [codemod], workspace.select(), workers=Workers(count=2), observer=Observer(should_stop=should_stop)
    )
    assert report.stopped
    assert report.examined < 24


def test_edits_are_reported_with_their_bytes(workspace: Workspace, codemod: PatternCall, worker: WorkerHandle) -> None:
    changes: list[Change] = []
    apply(
        workspace,
        [codemod],
        workspace.select(),
        workers=Workers(handle=worker),
        observer=Observer(on_edit=changes.append),
        options=ApplyOptions(write=False),
    )
    assert changes == [
        Change(path="a.py", before=b"old = 1\n", after=b"new = 1\n"),
        Change(path="d.py", before=b"old = 2\n", after=b"new = 2\n"),
    ]


def test_a_file_that_no_trigger_matches_is_not_even_parsed(
    workspace: Workspace, tmp_path: Path, write_pattern: Write, worker: WorkerHandle
) -> None:
    folder = write_pattern(tmp_path, "triggered", code=CODEMOD)
    with (folder / "pattern.yaml").open("a") as file:
        file.write("trigger: {text: [old]}\n")
    call = bind(read_pattern(folder), {})
    fast = apply(
        workspace,
        [call],
        workspace.select(),
        workers=Workers(handle=worker),
        options=ApplyOptions(write=False, every_file=False),
    )
    assert [(result.kind, result.path) for result in fast.files] == [("edited", "a.py"), ("edited", "d.py")]
    full = apply(
        workspace, [call], workspace.select(), workers=Workers(handle=worker), options=ApplyOptions(write=False)
    )
    assert [(result.kind, result.path) for result in full.files if result.kind != "edited"] == [("rejected", "c.py")]
