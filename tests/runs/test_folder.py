from __future__ import annotations

import hashlib
import json
import resource
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pytest_orchestrator.codec.decode import decode_json
from pytest_orchestrator.codec.schema import schema_of
from pytest_orchestrator.errors import RunError
from pytest_orchestrator.runs.artifact import write_artifact
from pytest_orchestrator.runs.folder import RunFolder
from pytest_orchestrator.runs.manifest import InputDigest, RunManifest
from tests.waiting import wait_until


def start(tmp_path: Path, **changes: Any) -> RunFolder:
    arguments: dict[str, Any] = {
        "task_id": "evaluate",
        "kind": "evaluate",
        "command_line": ["pytest", "--evaluate"],
        "root": tmp_path,
        **changes,
    }
    return RunFolder.create(tmp_path / ".runs", **arguments)


def manifest_json(folder: RunFolder) -> Any:
    return json.loads((folder.path / "manifest.json").read_text(encoding="utf-8"))


def load_manifest(folder: Path) -> RunManifest:
    return decode_json(RunManifest, json.loads((folder / "manifest.json").read_text(encoding="utf-8")), path="")


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_new_run_is_running(tmp_path: Path) -> None:
    folder = start(tmp_path)
    found = load_manifest(folder.path)
    assert found.status == "running"
    assert found.ended is None
    assert found.started.utcoffset() == timedelta(0)
    folder.finish("passed", {})


def test_the_command_line_is_kept_without_credentials(tmp_path: Path) -> None:
    words = ["pytest", "--index=https://me:pa@ss@pypi.example/simple?x=a@b&token=t", "user@example.org", "tcp://h:1"]
    folder = start(tmp_path, command_line=words)
    words[1] = "--index=https://***@pypi.example/simple?x=a@b&token=***"
    assert manifest_json(folder)["command_line"] == words
    folder.finish("passed", {})


def test_the_manifest_of_a_finished_run_fits_its_schema_and_proves_its_files(tmp_path: Path) -> None:
    folder = start(tmp_path)
    folder.describe(
        pins=[InputDigest(name="click", version="7.1.2", digest="ab")],
        patterns=[InputDigest(name="super-no-args", digest="cd")],
        agents=["builtin"],
    )
    folder.record({"case": "a", "outcome": {"kind": "passed"}})
    folder.write_artifact("diffs/a.patch", b"diff --git a/x b/x\n")
    folder.finish("passed", {"passed": 1})

    data = manifest_json(folder)
    jsonschema.Draft202012Validator(schema_of(RunManifest, title="manifest")).validate(data)
    assert data["status"] == "passed"
    assert data["counts"] == {"passed": 1}
    assert data["pins"] == [{"name": "click", "version": "7.1.2", "digest": "ab"}]
    assert data["started"] <= data["heartbeat"]
    assert data["ended"] <= data["heartbeat"]
    assert [item["path"] for item in data["artifacts"]] == ["diffs/a.patch", "results.jsonl"]
    for item in data["artifacts"]:
        content = (folder.path / item["path"]).read_bytes()
        assert (item["sha256"], item["size"]) == (hashlib.sha256(content).hexdigest(), len(content))


def test_results_are_kept_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    folder = start(tmp_path)
    for case in ("b", "ä", "a"):
        folder.record({"case": case})
    assert [line["case"] for line in lines(folder.path / "results.jsonl")] == ["b", "ä", "a"]
    folder.finish("passed", {})


def test_finishing_twice_keeps_the_first_verdict(tmp_path: Path) -> None:
    folder = start(tmp_path)
    folder.finish("failed", {"failed": 1})
    folder.finish("interrupted", {})
    assert load_manifest(folder.path).status == "failed"


def test_the_heartbeat_moves_while_the_run_is_alive_and_stops_with_it(tmp_path: Path) -> None:
    folder = start(tmp_path, heartbeat_s=0.01)
    first = load_manifest(folder.path).heartbeat
    wait_until(lambda: load_manifest(folder.path).heartbeat > first)
    folder.finish("passed", {})
    assert not [thread for thread in threading.enumerate() if thread.name == "run-heartbeat" and thread.is_alive()]


def test_run_ids_sort_by_time_and_never_collide(tmp_path: Path) -> None:
    folders = [start(tmp_path) for _ in range(5)]
    assert len({folder.path for folder in folders}) == 5
    times = [load_manifest(folder.path).started for folder in sorted(folders, key=lambda folder: folder.path.name)]
    assert [time.replace(microsecond=time.microsecond // 1000 * 1000) for time in times] == sorted(
        time.replace(microsecond=time.microsecond // 1000 * 1000) for time in times
    )
    for folder in folders:
        folder.finish("passed", {})


def test_runs_stay_out_of_commits(tmp_path: Path) -> None:
    start(tmp_path).finish("passed", {})
    assert (tmp_path / ".runs" / ".gitignore").read_text(encoding="utf-8").splitlines()[-1] == "*"


def test_a_folder_that_holds_other_things_is_not_ignored_by_us(tmp_path: Path) -> None:
    (tmp_path / "source.py").touch()
    RunFolder.create(tmp_path, task_id="t", kind="evaluate", command_line=[], root=tmp_path).finish("passed", {})
    assert not (tmp_path / ".gitignore").exists()


def test_a_run_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / ".runs").write_text("a file")
    with pytest.raises(RunError, match=r"can't be written.*\n.*--run-dir") as caught:
        start(tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_an_artifact_may_not_leave_the_folder(tmp_path: Path) -> None:
    for name in ("../x", "/x", "a/../../x"):
        with pytest.raises(ValueError, match="relative"):
            write_artifact(tmp_path, name, b"")


def test_an_artifact_written_twice_is_listed_once(tmp_path: Path) -> None:
    folder = start(tmp_path)
    folder.write_artifact("report.md", b"old")
    reference = folder.write_artifact("report.md", b"new")
    assert folder.finish("passed", {}).artifacts.count(reference) == 1


def test_problems_are_kept_in_the_manifest_once_each(tmp_path: Path) -> None:
    folder = start(tmp_path)
    folder.report_problem("no space")
    folder.report_problem("no space")
    folder.finish("errored", {})
    assert load_manifest(folder.path).problems == ("no space",)


def test_a_removed_results_file_does_not_stop_the_last_manifest(tmp_path: Path) -> None:
    folder = start(tmp_path)
    (folder.path / "results.jsonl").unlink()
    assert "results.jsonl" not in [item.path for item in folder.finish("errored", {}).artifacts]


def test_a_folder_that_vanished_is_an_error_and_not_a_traceback(tmp_path: Path) -> None:
    folder = start(tmp_path)
    for file in folder.path.iterdir():
        file.unlink()
    folder.path.rmdir()
    with pytest.raises(RunError):
        folder.record({})
    with pytest.raises(RunError):
        folder.finish("passed", {})


FULL_DISK = """
import json, sys
from pathlib import Path
from pytest_orchestrator.errors import RunError
from pytest_orchestrator.runs.folder import RunFolder
folder = RunFolder.create(Path(sys.argv[1]), task_id="t", kind="evaluate", command_line=[], root=Path(sys.argv[2]))
errors = []
for number in range(100):
    try:
        folder.record({"case": number, "text": "x" * 9000})
        recorded = number
    except RunError as error:
        errors.append(str(error))
        break
try:
    folder.write_artifact("report.md", bytes(400_000))
except RunError as error:
    errors.append(str(error))
try:
    with (folder.path / "somebody-elses").open("wb", buffering=0) as file:
        while file.write(bytes(512)) == 512:
            pass
except OSError:
    pass
folder.report_problem(errors[0])
folder.finish("errored", {"passed": recorded + 1})
print(json.dumps({"errors": errors, "recorded": recorded, "path": str(folder.path)}))
"""


def test_a_file_that_may_not_grow_keeps_whole_lines_and_ends_with_a_verdict(tmp_path: Path) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    command = [sys.executable, "-c", FULL_DISK, str(tmp_path / "runs"), str(tmp_path)]
    completed = subprocess.run(command, check=False, capture_output=True, preexec_fn=limit)

    assert completed.returncode == 0, completed.stderr.decode()
    outcome = json.loads(completed.stdout)
    assert len(outcome["errors"]) == 2
    assert "fix: free some space" in outcome["errors"][0]
    folder = Path(outcome["path"])
    assert [line["case"] for line in lines(folder / "results.jsonl")] == list(range(outcome["recorded"] + 1))
    found = load_manifest(folder)
    assert found.status == "errored"
    assert found.problems == (outcome["errors"][0],)
    assert not (folder / "report.md").exists()
