from __future__ import annotations

import pickle
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pytest_orchestrator.evaluation.outcome import (
    CaseRun,
    Errored,
    FileDiagnostics,
    FileEdit,
    Flaky,
)
from pytest_orchestrator.evaluation.plan.evaluation import open_evaluation
from pytest_orchestrator.evaluation.run.repeats import run_case
from tests.evaluation.project import FILES, Project


@pytest.fixture
def ready(project: Project) -> Project:
    """A project with a pin and two patterns."""
    project.pin()
    project.patterns()
    return project


def run(project: Project, script: str = "", *arguments: str, timeout_s: int = 60, **keys: Any) -> CaseRun:
    """Run the only case of a scenario, by a test agent unless `script` is empty."""
    if script:
        project.agent("helper", script, *arguments, timeout_s=timeout_s)
        keys["agents"] = ["helper"]
    evaluation = open_evaluation(project.root)
    (case,) = evaluation.plan(project.scenario(**keys))
    return run_case(case, evaluation.library)


def errored(run: CaseRun) -> Errored:
    assert isinstance(run.verdict, Errored), run
    return run.verdict


def problems(run: CaseRun) -> Mapping[str, tuple[str, ...]]:
    assert run.verdict is None, run.verdict
    return {gate.gate: gate.problems for gate in run.gates if gate.problems}


def copy_through_pickle(value: object) -> object:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own


def test_a_codemod_is_applied_and_its_diff_is_taken_by_us(ready: Project, tmp_path: Path) -> None:
    found = run(ready)
    assert problems(found) == {}
    assert found.observation is not None
    assert found.observation.edits == (FileEdit(path="demo/__init__.py", added=1, removed=1),)
    assert [(item.path, item.reason) for item in found.observation.rejected] == [("demo/template.py", "syntax")]
    assert found.observation.examined == 3
    assert {gate.gate for gate in found.gates} == {"works", "parses", "compiles", "idempotent", "contained"}
    assert found.seconds > 0
    for name, data in FILES.items():
        path = tmp_path / "applied" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    subprocess.run(["git", "apply"], cwd=tmp_path / "applied", input=found.patch, check=True)
    assert (tmp_path / "applied/demo/__init__.py").read_bytes() == b"class OLD(object):\n    pass\n"


def test_the_guides_sample_agent_works(ready: Project) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "mcp.md").read_text()
    part = guide.partition("## Be an agent for the evaluation")[2]
    blocks = [re.search(rf"```{language}\n(.*?)```", part, re.DOTALL) for language in ("toml", "python")]
    for name, block in zip(("pyproject.toml", "agent.py"), blocks, strict=True):
        assert block is not None
        ready.write(name, block[1])

    found = run(ready, patterns=["no-object-base"], agents=["mine"])

    assert problems(found) == {}
    assert found.observation is not None
    assert found.observation.edits == (FileEdit(path="demo/__init__.py", added=1, removed=1),)


def test_a_linter_reads_and_changes_nothing(ready: Project) -> None:
    found = run(ready, patterns=["whisper"])
    assert problems(found) == {}
    assert found.observation is not None
    assert found.observation.diagnostics == (FileDiagnostics(path="demo/__init__.py", count=1),)
    assert found.observation.diagnostics_sha256
    assert found.patch == b""
    assert "idempotent" not in {gate.gate for gate in found.gates}


def test_only_selected_files_are_examined(ready: Project) -> None:
    found = run(ready, paths=["demo/e*.py"])
    assert found.observation is not None
    assert (found.observation.examined, found.observation.edits) == (1, ())


def test_a_glob_that_nothing_matches_is_an_error(ready: Project) -> None:
    assert "src/*.py: matches no Python file" in errored(run(ready, paths=["src/*.py"])).message


def test_a_pattern_that_cannot_be_loaded_is_an_error_with_its_reason(ready: Project) -> None:
    ready.write("patterns/shout/pattern.py", "import nothing_of_this_name\n")
    verdict = errored(run(ready))
    assert verdict.agent == "builtin"
    assert "nothing_of_this_name" in verdict.message


def test_a_pattern_that_raises_fails_its_case(ready: Project) -> None:
    code = ready.read("patterns/shout/pattern.py").replace("return updated_node", "1 / 0; return updated_node")
    ready.write("patterns/shout/pattern.py", code)
    ((problem,),) = problems(run(ready)).values()
    assert problem.startswith("demo/__init__.py: shout raised: patterns/shout/pattern.py:")
    assert "ZeroDivisionError" in problem


@pytest.mark.parametrize(
    ("mode", "gate", "message"),
    [
        ("append", "idempotent", "demo/__init__.py changes again"),
        ("break", "parses", "demo/__init__.py does not parse any more"),
        ("uncompilable", "compiles", "demo/__init__.py does not compile any more"),
        ("elsewhere", "contained", "README was changed but not selected"),
        ("pipe", "contained", "pipe was added"),
        ("late", "idempotent", "late.py changes again"),
    ],
)
def test_what_an_honest_agent_gets_wrong_fails_at_its_gate(ready: Project, mode: str, gate: str, message: str) -> None:
    found = problems(run(ready, "as_told.py", mode))
    assert message in found[gate][0]


def test_gates_that_a_scenario_leaves_out_are_not_asked(ready: Project) -> None:
    assert problems(run(ready, "as_told.py", "append", gates=["parses"])) == {}


def test_an_honest_edit_passes(ready: Project) -> None:
    found = run(ready, "as_told.py", "edit")
    assert problems(found) == {}
    assert found.agent is not None
    assert (found.agent.server, found.agent.version) == ("test-agent", "1.2.3")


@pytest.mark.parametrize(("reason", "pattern"), [("raised", "shout"), ("time", "shout"), ("exited", "shout")])
def test_a_pattern_that_fails_on_a_file_fails_the_case(ready: Project, reason: str, pattern: str) -> None:
    assert problems(run(ready, "as_told.py", "reject", reason, pattern)) == {
        "works": (f"demo/__init__.py: {pattern} {reason}: because",)
    }


def test_a_file_that_is_no_text_is_reported_and_fails_no_gate(ready: Project) -> None:
    found = run(ready, "as_told.py", "reject", "not-text", "")
    assert problems(found) == {}
    assert found.observation is not None
    assert found.observation.rejected[0].reason == "not-text"


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("crash_in_call", "about to fall over"),
        ("wrong_report", "answered patterns.apply with something else than a report"),
        ("lie_about_edits", "reports an edit of demo/__init__.py, but the tree does not contain it"),
        ("hide_edits", "changed demo/__init__.py without reporting it"),
        ("edit_outside", "changed TRESPASS.md without reporting it"),
        ("refuse", "not today"),
    ],
)
def test_an_agent_that_breaks_or_makes_false_claims_is_an_error_that_names_it(
    ready: Project, mode: str, expected: str
) -> None:
    verdict = errored(run(ready, "misbehave.py", mode))
    assert verdict.agent == "helper"
    assert expected in verdict.message


def test_an_agent_that_claims_an_impossible_location_is_an_error(ready: Project) -> None:
    verdict = errored(run(ready, "as_told.py", "find-beyond", patterns=["whisper"]))
    assert "found something at demo/__init__.py:999" in verdict.message
    assert problems(run(ready, "as_told.py", "find", patterns=["whisper"])) == {}


def test_an_agent_that_stops_early_is_an_error(ready: Project) -> None:
    assert "before every file was examined" in errored(run(ready, "as_told.py", "stop")).message


def test_an_agent_that_hangs_is_an_error_at_its_deadline(ready: Project) -> None:
    verdict = errored(run(ready, "misbehave.py", "hang_in_call", timeout_s=1))
    assert verdict.agent == "helper"


def test_repeats_that_agree_are_one_result(ready: Project) -> None:
    assert problems(run(ready, "as_told.py", "edit", repeat=2)) == {}


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        ("waver", "run 1 found 1 diagnostics, run 2 found 1, and they differ"),
        ("fade", "run 1 rejected 0 files, run 2 1, or the reasons differ"),
    ],
)
def test_findings_and_rejections_that_differ_are_flaky(ready: Project, tmp_path: Path, mode: str, message: str) -> None:
    found = run(ready, "as_told.py", mode, str(tmp_path), patterns=["whisper"], repeat=2)
    assert found.verdict == Flaky(differences=(message,))


def test_an_agent_that_breaks_on_a_repeat_is_an_error(ready: Project, tmp_path: Path) -> None:
    assert errored(run(ready, "as_told.py", "tire", str(tmp_path), repeat=2)).agent == "helper"


def test_a_repeat_without_a_verdict_is_the_cases_end(ready: Project) -> None:
    assert errored(run(ready, "misbehave.py", "crash_in_call", repeat=2)).agent == "helper"


def test_a_machine_without_room_is_an_error(ready: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    assert "this machine could not run the case: No such file or directory" in errored(run(ready)).message


def test_a_case_and_its_result_travel_between_processes(ready: Project) -> None:
    evaluation = open_evaluation(ready.root)
    (case,) = evaluation.plan(ready.scenario())
    assert copy_through_pickle(case) == case
    found = run(ready, "as_told.py", "edit")
    assert copy_through_pickle(found) == found
