from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from pytest_orchestrator.codec.schema import schema_of
from pytest_orchestrator.evaluation.record.report import EvaluationReport
from pytest_orchestrator.fixture_store.store import Store
from pytest_orchestrator.process import kill_group
from pytest_orchestrator.runs.manifest import RunManifest
from tests.evaluation.project import Project
from tests.fixture_store.archives import pin_of, sdist
from tests.plugin.pytest_runs import run_process, run_pytest
from tests.waiting import wait_until, wait_until_gone

pytest_plugins = ["pytester"]


@pytest.fixture
def bare(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Project:
    """The folder that pytest runs in, as a project without a scenario."""
    monkeypatch.setenv("PYTEST_ORCHESTRATOR_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    project = Project(pytester.path, Store(tmp_path / "store"))
    project.write("pyproject.toml", "")
    return project


@pytest.fixture
def project(bare: Project) -> Project:
    """A project with a pin, two patterns and an agent that edits honestly."""
    bare.pin()
    bare.patterns()
    bare.agent("helper", "as_told.py", "edit")
    return bare


def approve(pytester: pytest.Pytester) -> None:
    assert run_pytest(pytester, "--update-expected", "--evaluate-only").ret == 0


def test_the_whole_way_with_the_builtin_agent(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario(patterns=["shout", "whisper"])
    result = run_process(pytester, "--evaluate-only", "-v")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "evaluation/first.scenario.yaml::shout[[]demo[]] FAILED*",
            "*expected: evaluation/expected/first/shout@demo.yaml does not exist: *--update-expected",
            "diff: .runs/evaluate/*/diffs/first--shout@demo.patch",
            "first::shout[[]demo[]] * failed * 1 * 1 * 1 * 0 * 1 *",
            "first::whisper[[]demo[]] * failed * 0 * 0 * 0 * 1 * 1 *",
            "report: .runs/evaluate/*/report.md",
            "diffs:  .runs/evaluate/*/diffs",
        ]
    )
    assert project.manifest()["status"] == "failed"

    result = run_pytest(pytester, "--evaluate-only", "--update-expected")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "*expected/first/shout@demo.yaml: new -> +1 -1 in 1 file, 1 file rejected",
            "*whisper@demo.yaml: new -> 1 diag*",
        ]
    )
    assert "demo/template.py: syntax" in project.read("evaluation/expected/first/shout@demo.yaml")

    run_pytest(pytester, "--evaluate-only").assert_outcomes(passed=2)
    run = project.runs()[-1]
    manifest = project.manifest()
    jsonschema.Draft202012Validator(schema_of(RunManifest, title="manifest")).validate(manifest)
    assert (manifest["status"], manifest["counts"]) == ("passed", {"passed": 2})
    assert [item["name"] for item in manifest["pins"]] == ["demo"]
    assert [item["name"] for item in manifest["patterns"]] == ["shout", "whisper"]
    assert manifest["agents"] == ["builtin"]
    assert {"diffs/first--shout@demo.patch", "report.json", "report.md", "results.jsonl"} <= {
        item["path"] for item in manifest["artifacts"]
    }
    report = json.loads((run / "report.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema_of(EvaluationReport, title="report")).validate(report)
    assert [case["id"] for case in report["cases"]] == [
        "evaluation/first.scenario.yaml::shout[demo]",
        "evaluation/first.scenario.yaml::whisper[demo]",
    ]
    assert report["cases"] == project.results()
    page = (run / "report.md").read_text(encoding="utf-8")
    assert "| first::shout\\[demo\\] | passed | 1 | 1 | 1 | 0 | 1 |" in page
    assert "- demo/template.py:1: syntax: " in page
    assert "- demo/\\_\\_init\\_\\_.py:1:7: whisper: a class" in page


def test_a_wrong_expectation_fails_and_update_lists_the_differences(
    pytester: pytest.Pytester, project: Project
) -> None:
    project.scenario(agents=["helper"])
    approve(pytester)
    name = "evaluation/expected/first/shout@demo.yaml"
    right = project.read(name)
    project.write(name, right.replace("+1 -0", "+7 -0"))
    result = run_pytest(pytester, "--evaluate-only")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*expected: demo/__init__.py: expected +7 -0, found +1 -0"])

    project.write("evaluation/expected/first/gone@demo.yaml", right)
    result = run_pytest(pytester, "--evaluate-only", "--update-expected")
    result.stdout.fnmatch_lines(
        [
            "*shout@demo.yaml: +7 -0 in 1 file -> +1 -0 in 1 file",
            "*demo/__init__.py: expected +7 -0, found +1 -0",
            "*gone@demo.yaml: removed: it has no case",
        ]
    )
    assert project.read(name) == right
    assert not (project.root / "evaluation/expected/first/gone@demo.yaml").exists()
    assert "expectations:" not in run_pytest(pytester, "--update-expected", "--evaluate-only").stdout.str()


def test_junit_gets_what_a_case_was_about(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario(agents=["helper"])
    run_pytest(pytester, "--evaluate-only", "--junitxml=out.xml")
    (case,) = ET.parse(project.root / "out.xml").iter("testcase")  # noqa: S314 - our own text
    properties = {item.get("name"): item.get("value") for item in case.iter("property")}
    assert {name: properties[name] for name in ("fixture", "patterns", "agent", "outcome")} == {
        "fixture": "demo 1.0",
        "patterns": "shout",
        "agent": "helper",
        "outcome": "failed",
    }
    assert (project.root / (properties["diff"] or "")).is_file()


def test_names_with_dots_are_printed_unchanged(pytester: pytest.Pytester, project: Project) -> None:
    name = "libcst.codemod.commands.convert_percent_format_to_fstring.ConvertPercentFormatStringCommand"
    project.scenario(patterns=[name], agents=["helper"])
    result = run_pytest(pytester, "--evaluate-only", "--collect-only", "-q")
    result.stdout.fnmatch_lines([f"evaluation/first.scenario.yaml::{name}[[]demo-helper[]]"])
    approve(pytester)
    result = run_pytest(pytester, "--evaluate-only", "-v")
    result.stdout.fnmatch_lines([f"evaluation/first.scenario.yaml::{name}[[]demo-helper[]] PASSED*"])


def test_collecting_starts_nothing_and_leaves_nothing(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario()
    project.lock(pin_of(sdist(), name="absent"))
    project.scenario("second", fixtures=["absent"])
    result = run_pytest(pytester, "--evaluate-only", "--collect-only", "-q")
    result.stdout.fnmatch_lines(
        ["evaluation/first.scenario.yaml::shout[[]demo[]]", "evaluation/second.scenario.yaml::shout[[]absent[]]"]
    )
    assert not (project.root / ".runs").exists()


def test_without_the_option_scenarios_are_no_tests(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario()
    assert run_pytest(pytester, "--ignore=patterns").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_tests_patterns_and_scenarios_run_side_by_side(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario(agents=["helper"])
    approve(pytester)
    project.write("tests/test_own.py", "def test_own(): pass\n")
    project.write("pyproject.toml", project.read("pyproject.toml") + "[tool.pytest]\ntestpaths = ['tests']\n")
    found = run_pytest(pytester, "--evaluate", "--collect-only", "-q").stdout
    found.fnmatch_lines(
        ["tests/test_own.py::test_own", "evaluation/first.scenario.yaml::shout*", "patterns/shout/pattern.yaml::*"]
    )
    result = run_pytest(pytester, "--evaluate", "-k", "own or helper")
    result.assert_outcomes(passed=2, deselected=2)
    assert project.manifest()["counts"] == {"passed": 1}


def test_a_case_can_be_named_and_deselected_ones_never_run(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario(agents=["helper"], patterns=["shout", "no-object-base"])
    approve(pytester)
    project.write("tests/test_own.py", "def test_own(): pass\n")
    result = run_pytest(pytester, "--evaluate", "tests", "evaluation/first.scenario.yaml::shout[demo-helper]")
    result.assert_outcomes(passed=2)
    assert [row["id"].rpartition("::")[2] for row in project.results()] == ["shout[demo-helper]"]
    run_pytest(pytester, "--evaluate-only", "-k", "object").assert_outcomes(passed=1, deselected=1)
    assert len(project.results()) == 1


def test_last_failed_cases_can_be_run_again(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario(agents=["helper"], patterns=["shout", "no-object-base"])
    approve(pytester)
    (project.root / "evaluation/expected/first/no-object-base@demo.yaml").unlink()
    run_pytest(pytester, "--evaluate-only").assert_outcomes(passed=1, failed=1)
    result = run_pytest(pytester, "--evaluate-only", "--lf")
    result.assert_outcomes(failed=1, deselected=1)


def test_an_agent_can_be_chosen_for_a_run(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario()
    result = run_pytest(pytester, "--evaluate-only", "--evaluate-agent=helper", "-v")
    result.stdout.fnmatch_lines(["*::shout[[]demo-helper[]] FAILED*"])
    result = run_pytest(pytester, "--evaluate-only", "--evaluate-agent=helpr")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: there is no agent 'helpr': did you mean 'helper'?", "*fix: *"])


def test_a_scenario_that_names_what_is_not_there_is_an_error(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario(patterns=["shuot"])
    result = run_pytest(pytester, "--evaluate-only")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    message = "evaluation/first.scenario.yaml:5: there is no pattern 'shuot': did you mean 'shout'?"
    assert message in result.stdout.str()
    assert "Traceback" not in result.stdout.str()
    assert project.manifest()["status"] == "errored"
    assert project.manifest()["problems"] == ["pytest ended before all items ran", "no case ran"]


def test_a_broken_lock_file_is_a_usage_error(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario()
    project.write("fixtures/fixtures.lock.yaml", "schema: [")
    result = run_pytest(pytester, "--evaluate-only")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: fixtures/fixtures.lock.yaml:1: is not valid YAML*"])


def test_a_malformed_expectation_is_an_error_of_its_case(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario(agents=["helper"])
    project.write("evaluation/expected/first/shout@demo.yaml", "schema: x\n")
    result = run_pytest(pytester, "--evaluate-only")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["evaluation/expected/first/shout@demo.yaml:1: *"])
    assert project.manifest()["counts"] == {"errored": 1}


@pytest.mark.parametrize(
    ("mode", "message"),
    [("crash_in_call", "about to fall over"), ("lie_about_edits", "reports an edit of demo/__init__.py")],
)
def test_an_agent_that_breaks_is_an_error_of_setup_with_its_details_kept(
    pytester: pytest.Pytester, project: Project, mode: str, message: str
) -> None:
    project.agent("bad", "misbehave.py", mode)
    project.scenario(agents=["helper", "bad"])
    result = run_pytest(pytester, "--evaluate-only")
    result.assert_outcomes(failed=1, errors=1)
    assert message in result.stdout.str()
    details = json.loads((project.runs()[-1] / "errors/02-first--shout@demo--bad.json").read_text(encoding="utf-8"))
    assert details["agent"] == "bad"
    assert message in details["message"]
    assert project.manifest()["status"] == "errored"
    assert project.manifest()["counts"] == {"failed": 1, "errored": 1}


def test_an_agent_that_is_killed_costs_its_own_case(pytester: pytest.Pytester, project: Project) -> None:
    project.agent("mortal", "as_told.py", "die")
    project.scenario(agents=["helper", "mortal"], patterns=["shout", "no-object-base"], gates=["parses"])
    result = run_process(pytester, "--evaluate-only", "--evaluate-jobs=2")
    result.assert_outcomes(passed=2, errors=2)
    result.stdout.fnmatch_lines(["agent 'mortal' was killed by SIGKILL (asked for patterns.apply)"])
    assert project.manifest()["counts"] == {"passed": 2, "errored": 2}


def test_cases_begin_after_the_tests_before_them_and_do_not_see_their_warning_filters(
    pytester: pytest.Pytester, project: Project
) -> None:
    project.scenario(agents=["helper"], gates=["parses"])
    project.write("pyproject.toml", project.read("pyproject.toml") + "[tool.pytest]\nfilterwarnings = ['error']\n")
    project.write(
        "tests/test_own.py",
        """\
        import threading

        def test_own():
            assert [thread.name for thread in threading.enumerate() if thread.name.startswith("case")] == []
        """,
    )
    result = run_process(pytester, "--evaluate", "tests", "-k", "own or helper")
    result.assert_outcomes(passed=2)


def test_a_pin_that_cannot_be_fetched_is_an_error_with_the_command(pytester: pytest.Pytester, project: Project) -> None:
    project.lock(pin_of(sdist(), name="absent"))
    project.scenario(agents=["helper"], fixtures=["absent", "demo"], gates=["parses"])
    result = run_pytest(pytester, "--evaluate-only")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["fetching absent 1.0", "*absent 1.0 is not in the fixture store*", "*fixtures fetch absent*"]
    )


@pytest.mark.parametrize("arguments", [(), ("-n1",)], ids=["threads", "xdist"])
def test_no_output_of_a_run_holds_the_credentials_of_an_index(
    pytester: pytest.Pytester, project: Project, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://us3r:s3cret@127.0.0.1:9/simple?token=s3cret")
    project.lock(pin_of(sdist(), name="absent"))
    project.scenario(agents=["helper"], fixtures=["absent"], gates=["parses"])
    result = run_process(pytester, "--evaluate-only", "--log-level=WARNING", "-o", "log_cli=true", *arguments)
    assert "http://***@127.0.0.1:9/simple?token=***" in result.stdout.str()
    (run,) = project.runs()
    files = {path.relative_to(run).as_posix(): path.read_bytes() for path in run.rglob("*") if path.is_file()}
    assert {"manifest.json", "results.jsonl", "report.json", "report.md"} < files.keys()
    assert b"***" in files["results.jsonl"]
    printed = {"stdout": result.stdout.str().encode(), "stderr": result.stderr.str().encode()}
    assert [name for name, text in {**files, **printed}.items() if b"s3cret" in text or b"us3r" in text] == []


def test_skips_flakes_and_budgets_have_outcomes_of_their_own(
    pytester: pytest.Pytester, project: Project, tmp_path: Path
) -> None:
    project.agent("old", "as_told.py", "reject", "unsupported-python", "shout")
    project.agent("dice", "as_told.py", "random")
    project.agent("snail", "as_told.py", "slow", str(tmp_path))
    project.scenario(paths=["demo/__init__.py"], repeat=2, gates=["parses"], agents=["old", "dice"])
    project.scenario("hasty", budget_s=1, agents=["snail"])
    result = run_pytest(pytester, "--evaluate-only", "-rs")
    result.assert_outcomes(skipped=1, failed=2)
    result.stdout.fnmatch_lines_random(["run 1 ended with the tree *", "the agent took * s, the scenario allows 1 s"])
    assert project.manifest()["counts"] == {"skipped": 1, "flaky": 1, "over-budget": 1}
    assert project.manifest()["status"] == "failed"


def test_xdist_workers_run_cases_and_one_process_keeps_the_record(pytester: pytest.Pytester, project: Project) -> None:
    project.agent("bad", "misbehave.py", "crash_in_call")
    project.scenario(agents=["helper", "bad"], patterns=["shout", "no-object-base"])
    result = run_process(pytester, "-n2", "--evaluate-only", "--update-expected")
    result.assert_outcomes(passed=2, errors=2)
    assert len(project.runs()) == 1
    manifest = project.manifest()
    assert manifest["counts"] == {"passed": 2, "errored": 2}
    assert {item["path"] for item in manifest["artifacts"]} >= {
        "diffs/first--shout@demo--helper.patch",
        "errors/02-first--shout@demo--bad.json",
    }
    assert len(project.results()) == 4
    run_pytest(pytester, "--evaluate-only").assert_outcomes(passed=2, errors=2)


def test_a_run_folder_that_cannot_be_written_ends_the_run_before_it_begins(
    pytester: pytest.Pytester, project: Project
) -> None:
    project.scenario()
    project.write("taken", "a file\n")
    result = run_pytest(pytester, "--evaluate-only", "--run-dir=taken")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *taken*the run's record can't be written: *", "*fix: *--run-dir"])
    assert "Traceback" not in result.stderr.str()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--evaluate-jobs=0"], "--evaluate-jobs=0 is less than 1"),
        (["--evaluate-jobs=2", "--evaluate-cluster=tcp://x:1"], "leave one of them out"),
        (["--task-id=../x"], "'../x' is not a task id"),
        (["evaluation/nothing.scenario.yaml"], "evaluation/nothing.scenario.yaml"),
    ],
)
def test_options_that_make_no_sense_are_usage_errors(
    pytester: pytest.Pytester, project: Project, options: list[str], message: str
) -> None:
    project.scenario()
    result = run_pytest(pytester, "--evaluate-only", *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert message in result.stderr.str()
    assert "Traceback" not in result.stderr.str()


def test_a_full_disk_loses_no_verdict(pytester: pytest.Pytester, project: Project, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("may not mount a tmpfs here")
    try:
        big = b"".join(b"x%d = %d\n" % (number, number) for number in range(40_000))
        project.pin("big", {"a.py": big})
        project.scenario(fixtures=["demo", "big"], agents=["helper"], gates=["parses"])
        project.agent("helper", "as_told.py", "random")
        result = run_pytest(pytester, "--evaluate-only", f"--run-dir={disk}/runs")
        assert result.ret == pytest.ExitCode.TESTS_FAILED
        result.stdout.fnmatch_lines(["error: *the run's record can't be written: No space left on device"])
        assert "Traceback" not in result.stdout.str()
        assert "INTERNALERROR" not in result.stdout.str()
        (run,) = (disk / "runs" / "evaluate").iterdir()
        manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["status"] == "errored"
        assert manifest["counts"] == {"passed": 2}
        assert len((run / "results.jsonl").read_text(encoding="utf-8").splitlines()) == 2
        assert not list(run.glob("**/*.tmp"))
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.fixture
def slow_run(pytester: pytest.Pytester, project: Project, tmp_path: Path) -> Iterator[SlowRun]:
    """A run whose first two cases have passed, and whose last two are at work."""
    project.agent("snail", "as_told.py", "slow", str(tmp_path))
    project.scenario(agents=["helper", "snail"], patterns=["shout", "no-object-base"], gates=["parses"])
    command = [sys.executable, "-m", "pytest", "--evaluate-only", "--evaluate-jobs=2", "-v"]
    with subprocess.Popen(command, cwd=project.root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        output = ""
        while "PASSED" not in output:
            line = process.stdout.readline()
            assert line, output
            output += line
        wait_until(lambda: any(tmp_path.glob("agent-*")) or process.poll() is not None)
        assert process.poll() is None
        agents = list(tmp_path.glob("agent-*"))
        yield SlowRun(process=process, agents=[int(agent.name.partition("-")[2]) for agent in agents])
        process.kill()


@dataclass(frozen=True, kw_only=True)
class SlowRun:
    """Pytest, and the process ids of agents that work."""

    process: subprocess.Popen[str]
    agents: list[int]

    def end_by(self, number: int, *, again: bool = False) -> None:
        """Send a signal, `again` and again if wanted, and check that pytest and the agents end."""
        self.process.send_signal(number)
        while again and self.process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=0.03)
            self.process.send_signal(number)
        self.process.communicate(timeout=120)
        for agent in self.agents:
            wait_until_gone(agent, timeout_s=10)


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_keeps_what_is_known_and_leaves_no_agent(
    slow_run: SlowRun, project: Project, number: int, again: bool
) -> None:
    slow_run.end_by(number, again=again)
    if number == signal.SIGTERM:
        assert slow_run.process.returncode == -signal.SIGTERM
    elif not again:  # pytest itself may be interrupted after the record was written
        assert slow_run.process.returncode == pytest.ExitCode.INTERRUPTED
    manifest = project.manifest()
    assert manifest["status"] == "interrupted"
    assert manifest["counts"]["passed"] >= 1
    assert "ended" in manifest
    assert "Interrupted" in (project.runs()[-1] / "report.md").read_text(encoding="utf-8")


def test_a_run_that_is_killed_claims_nothing(slow_run: SlowRun, project: Project) -> None:
    slow_run.process.kill()
    slow_run.process.communicate()
    for agent in slow_run.agents:  # nobody is left to end those
        kill_group(agent)
    assert project.manifest()["status"] == "running"
    lines = (project.runs()[-1] / "results.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["outcome"]["kind"] for line in lines} == {"passed"}
    assert not list(project.root.rglob("*.tmp"))


def test_reporters_of_a_conftest_write_into_the_runs_folder(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario(agents=["helper"], gates=["parses"])
    project.write(
        "conftest.py",
        """\
        from pytest_orchestrator.api.hooks import hookimpl
        from pytest_orchestrator.api.reporters import Reporter

        @hookimpl
        def pytest_orchestrator_reporters():
            return [
                Reporter(name="count", write=lambda report: ("count.txt", str(len(report.cases)).encode())),
                Reporter(name="broken", write=lambda report: 1 / 0),
            ]
        """,
    )
    result = run_pytest(pytester, "--evaluate-only")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["error: the reporter 'broken' raised ZeroDivisionError: division by zero"])
    assert (project.runs()[-1] / "count.txt").read_text(encoding="utf-8") == "1"
    assert (project.runs()[-1] / "report.md").exists()


def test_the_shipped_scenarios_are_there_for_a_project_without_its_own(
    pytester: pytest.Pytester, bare: Project
) -> None:
    output = run_pytest(pytester, "--evaluate-only", "--collect-only", "-q").stdout
    output.fnmatch_lines(
        [
            "evaluation/lint.scenario.yaml::mutable-default-argument[[]itsdangerous[]]",
            "evaluation/modernize.scenario.yaml::super-no-args[[]click[]]",
        ]
    )
    named = "evaluation/modernize.scenario.yaml::super-no-args[click]"
    output = run_pytest(pytester, "--evaluate", named, "--collect-only", "-q").stdout
    output.fnmatch_lines(["evaluation/modernize.scenario.yaml::super-no-args[[]click[]]", "*1 test collected*"])


def test_a_shipped_case_that_is_not_there_is_an_error(pytester: pytest.Pytester, bare: Project) -> None:
    result = run_pytest(pytester, "--evaluate", "evaluation/lint.scenario.yaml::naive-datetime[clik]")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(
        ["there is no case *::naive-datetime[[]clik[]]: did you mean 'naive-datetime[[]click[]]'?"]
    )


def test_shipped_expectations_are_not_rewritten_from_elsewhere(pytester: pytest.Pytester, bare: Project) -> None:
    result = run_pytest(pytester, "--evaluate-only", "--update-expected")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(
        ["evaluation/lint.scenario.yaml: the shipped expectations can't be rewritten*", "*fix: copy *"]
    )


def test_both_only_options_are_their_union(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario(agents=["helper"])
    project.write("tests/test_own.py", "def test_own(): pass\n")
    project.write("specs/one.md", "---\nid: one\n---\n")
    both = ["--spec-guard-only", "--evaluate-only"]
    for options in (both, ["--spec-guard", "--evaluate-only"], ["--spec-guard-only", "--evaluate"]):
        output = run_pytest(pytester, *options, "--collect-only", "-q").stdout
        output.fnmatch_lines_random(["specs/one.md::*", "evaluation/first.scenario.yaml::shout[[]demo-helper[]]"])
        output.no_fnmatch_line("tests/*")
        output.no_fnmatch_line("patterns/*")
    output = run_pytest(pytester, "--spec-guard", "--evaluate", "--collect-only", "-q").stdout
    output.fnmatch_lines_random(["specs/one.md::*", "evaluation/*", "tests/test_own.py::*", "patterns/*"])


@pytest.mark.parametrize(("option", "loaded"), [("--collect-only", []), ("-s", ["mcp"])])
def test_pytest_imports_only_what_the_cases_that_run_need(
    pytester: pytest.Pytester, project: Project, option: str, loaded: list[str]
) -> None:
    project.scenario(agents=["helper"], gates=["parses"])
    project.write(
        "conftest.py",
        """\
        import sys

        def pytest_sessionfinish():
            print("loaded:", sorted({"mcp", "libcst", "unearth", "distributed"} & set(sys.modules)))
        """,
    )
    result = run_process(pytester, "--evaluate-only", "-s", option)
    assert result.ret == 0
    assert f"loaded: {loaded}" in result.stdout.str()


def test_agents_that_disagree_write_no_expectation(pytester: pytest.Pytester, project: Project) -> None:
    project.agent("other", "as_told.py", "random")
    project.scenario(agents=["helper", "other"], gates=["parses", "expected"])
    result = run_pytest(pytester, "--evaluate-only", "--update-expected")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["*shout@demo.yaml: not written: the agents helper and other disagree", "error: *helper and other disagree"]
    )
    assert not (project.root / "evaluation/expected").exists()


def test_updating_replaces_a_malformed_expectation(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario(agents=["helper"])
    project.write("evaluation/expected/first/shout@demo.yaml", "schema: [\n")
    result = run_pytest(pytester, "--evaluate-only", "--update-expected")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*shout@demo.yaml: was malformed (*) -> +1 -0 in 1 file"])


def test_expectations_that_cannot_be_written_fail_the_run(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario(agents=["helper"])
    project.write("evaluation/expected", "a file in the way\n")
    result = run_pytest(pytester, "--evaluate-only", "--update-expected")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["error: evaluation/expected/first/shout@demo.yaml: can't be written: *"])
    assert project.manifest()["status"] == "errored"


def test_a_case_that_fails_another_gate_is_not_approved(pytester: pytest.Pytester, project: Project) -> None:
    project.agent("sloppy", "as_told.py", "append")
    project.scenario(agents=["sloppy"])
    result = run_pytest(pytester, "--evaluate-only", "--update-expected")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["idempotent: demo/__init__.py changes again*"])
    assert not (project.root / "evaluation/expected").exists()


def test_a_run_in_which_no_case_was_selected_passes_nothing(pytester: pytest.Pytester, project: Project) -> None:
    project.scenario(agents=["helper"])
    project.write("tests/test_own.py", "def test_own(): pass\n")
    result = run_pytest(pytester, "--evaluate", "-k", "own")
    result.assert_outcomes(passed=1, deselected=3)
    assert result.ret == 0
    assert project.manifest()["status"] == "errored"
    assert project.manifest()["problems"] == ["no case ran"]
