"""`pytest --spec-guard`, as a person runs it."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.plugin.pytest_runs import run_process, run_pytest

pytest_plugins = ["pytester"]

TODAY = date(2026, 11, 20)
_OPTIONS = ("--spec-guard", "--spec-guard-today=2026-11-20", "-p", "no:randomly")


class Desk:
    """A project in a repository, and pytest runs in it."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.root = pytester.path
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")

    def write(self, path: str, text: str) -> Path:
        where = self.root / path
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_text(text)
        return where

    def spec(self, path: str, *, age: int = 1, covers: str = "[]", extra: str = "") -> None:
        head = f"id: {Path(path).stem}\ntitle: T\nstatus: approved\nowners: [ann]\n"
        reviewed = TODAY - timedelta(days=age)
        self.write(path, f"---\n{head}last_review: {reviewed}\ncovers: {covers}\n{extra}---\nText.\n")

    def run(self, *arguments: str, options: tuple[str, ...] = _OPTIONS) -> pytest.RunResult:
        return run_pytest(self.pytester, *options, *arguments)

    def run_process(self, *arguments: str) -> pytest.RunResult:
        return run_process(self.pytester, *_OPTIONS, *arguments)

    def outcomes(self, *arguments: str, options: tuple[str, ...] = _OPTIONS) -> dict[str, str]:
        """Node id to outcome letter, from pytest's own `-rA`-like output."""
        result = self.run("-v", *arguments, options=options)
        words = ("PASSED", "FAILED", "SKIPPED", "ERROR")
        lines = (line.split() for line in result.outlines if "%]" in line)
        found = [(parts[0].removeprefix("../"), parts[1]) for parts in lines if len(parts) > 1 and parts[1] in words]
        assert len({name for name, _ in found}) == len(found), "an item ran twice"
        return dict(found)


@pytest.fixture
def desk(pytester: pytest.Pytester) -> Desk:
    return Desk(pytester)


_ALL = {
    "spec-guard::repository": "PASSED",
    "tasks/specs/fresh.md::frontmatter": "PASSED",
    "tasks/specs/fresh.md::freshness": "PASSED",
    "tasks/specs/fresh.md::change": "PASSED",
    "tasks/specs/fresh.md::review": "PASSED",
    "tasks/specs/fresh.md::content": "PASSED",
    "tasks/specs/stale.md::frontmatter": "PASSED",
    "tasks/specs/stale.md::freshness": "FAILED",
    "tasks/specs/stale.md::change": "PASSED",
    "tasks/specs/stale.md::review": "PASSED",
    "tasks/specs/stale.md::content": "PASSED",
}


@pytest.fixture
def two(desk: Desk) -> Desk:
    """A fresh and a stale spec, and an ordinary test."""
    desk.spec("tasks/specs/fresh.md")
    desk.spec("tasks/specs/stale.md", age=80)
    desk.write("tests/test_it.py", "def test_it():\n    pass\n")
    return desk


def test_stale_spec_fails_with_file_line_age_and_fix_and_no_traceback(two: Desk) -> None:
    result = two.run_process()
    result.assert_outcomes(passed=11, failed=1)
    result.stdout.fnmatch_lines(
        [
            "collected 12 items",
            "*_ tasks/specs/stale.md: freshness _*",
            "tasks/specs/stale.md:6: SG005 last reviewed 2026-09-01, 80 days ago, limit 30 days",
            "  fix: read the spec against the code*",
            "*= spec guard =*",
            "2 specs checked: 1 violation, 0 warnings",
            "record: .runs/spec-guard/*/report.md",
            "FAILED tasks/specs/stale.md::freshness - tasks/specs/stale.md:6: SG005*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*spec_items.py*")
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_without_the_option_nothing_of_it_is_there(two: Desk) -> None:
    result = two.run(options=())
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*spec guard*")
    assert not (two.root / ".runs").exists()


def test_every_spec_and_rule_group_is_an_item_once(two: Desk) -> None:
    assert two.outcomes() == {**_ALL, "tests/test_it.py::test_it": "PASSED"}
    assert two.outcomes(".") == {**_ALL, "tests/test_it.py::test_it": "PASSED"}
    assert two.outcomes("tests") == {**_ALL, "tests/test_it.py::test_it": "PASSED"}
    assert two.outcomes("tasks") == _ALL


def test_only_collects_no_other_tests(two: Desk) -> None:
    two.write("tasks/specs/test_inside.py", "def test_inside():\n    pass\n")
    only = ("--spec-guard-only", "--spec-guard-today=2026-11-20")
    assert two.outcomes(options=only) == _ALL
    assert two.outcomes("tests", options=only) == _ALL
    assert two.outcomes("tests", "--doctest-glob=*.md", options=only) == _ALL


def test_named_specs_and_node_ids_are_the_only_ones_checked(two: Desk) -> None:
    assert two.outcomes("tasks/specs/stale.md::freshness") == {"tasks/specs/stale.md::freshness": "FAILED"}
    assert set(two.outcomes("tasks/specs/fresh.md")) == {name for name in _ALL if "fresh.md" in name}
    assert set(two.outcomes("tasks/specs/fresh.md", "tests")) == {
        *(name for name in _ALL if "fresh.md" in name),
        "tests/test_it.py::test_it",
    }
    assert set(two.outcomes("tasks/specs")) == _ALL.keys() - {"spec-guard::repository"}
    assert two.outcomes("spec-guard::repository") == {"spec-guard::repository": "PASSED"}


def test_keyword_selects_items(two: Desk) -> None:
    assert two.outcomes("-k", "freshness and stale") == {"tasks/specs/stale.md::freshness": "FAILED"}
    assert two.outcomes("-k", "repository") == {"spec-guard::repository": "PASSED"}


def test_last_failed_runs_only_those(two: Desk) -> None:
    two.run()
    assert two.outcomes("--lf") == {"tasks/specs/stale.md::freshness": "FAILED"}


def test_last_failed_covers_the_repository_item(desk: Desk) -> None:
    desk.spec("specs/a.md", extra="x-a: 1\n")
    (desk.root / "specs/b.md").write_bytes((desk.root / "specs/a.md").read_bytes())
    assert desk.outcomes()["spec-guard::repository"] == "FAILED"
    assert desk.outcomes("--lf") == {"spec-guard::repository": "FAILED"}


def test_runs_without_the_cache_and_from_a_folder_below(two: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert two.outcomes("-p", "no:cacheprovider")["tasks/specs/stale.md::freshness"] == "FAILED"
    two.write("pyproject.toml", '[tool.pytest]\ntestpaths = ["tests"]\n')
    assert two.outcomes() == {**_ALL, "tests/test_it.py::test_it": "PASSED"}
    monkeypatch.chdir(two.root / "tests")
    assert two.outcomes() == {**_ALL, "test_it.py::test_it": "PASSED"}
    monkeypatch.chdir(two.root / "tasks")
    assert two.outcomes() == {name.removeprefix("tasks/"): outcome for name, outcome in _ALL.items()}


def test_workers_share_the_items_and_send_what_they_found(two: Desk) -> None:
    two.spec("tasks/specs/due.md", age=25)
    two.write("src/a.py", "x")
    result = two.run_process("-n", "2")
    result.assert_outcomes(passed=16, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*= spec guard =*",
            "tasks/specs/due.md:6: SG005 warning: last reviewed 2026-10-26, 25 days ago, limit 30 days: 5 days left",
            "compared with nothing (there is no commit yet): * changed files",
            "3 specs checked: 1 violation, 1 warning",
            "record: *",
        ]
    )
    assert len(list((two.root / ".runs/spec-guard").iterdir())) == 1


def test_junit_report_holds_every_item(two: Desk) -> None:
    two.run("--junitxml=out.xml")
    text = (two.root / "out.xml").read_text()
    assert 'tests="12"' in text
    assert "SG005 last reviewed 2026-09-01" in text


def test_dry_run_reports_and_passes(two: Desk) -> None:
    result = two.run("--spec-guard-dry-run")
    result.assert_outcomes(passed=12)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        ["tasks/specs/stale.md:6: SG005 last reviewed 2026-09-01*", "2 specs checked: 1 violation*", "dry run: *"]
    )


def test_warnings_are_no_python_warnings(desk: Desk) -> None:
    desk.spec("specs/due.md", age=25)
    result = desk.run("-W", "error")
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["specs/due.md:6: SG005 warning: *5 days left"])


def test_limit_is_an_option(two: Desk) -> None:
    assert two.outcomes("--spec-guard-max-age=90")["tasks/specs/stale.md::freshness"] == "PASSED"


def test_broken_front_matter_fails_once(desk: Desk) -> None:
    desk.write("specs/a.md", "---\nid: a\nid: b\n---\n")
    assert desk.outcomes() == {
        "spec-guard::repository": "PASSED",
        "specs/a.md::frontmatter": "FAILED",
        "specs/a.md::freshness": "SKIPPED",
        "specs/a.md::change": "SKIPPED",
        "specs/a.md::review": "SKIPPED",
        "specs/a.md::content": "SKIPPED",
    }
    result = desk.run("-rs")
    result.stdout.fnmatch_lines(["SKIPPED*specs/a.md:1: not checked: see specs/a.md::frontmatter"])


def test_broken_front_matter_never_passes_by_selection(desk: Desk) -> None:
    desk.write("specs/a.md", "---\nid: a\nid: b\n---\n")
    assert desk.outcomes("specs/a.md::freshness") == {"specs/a.md::freshness": "FAILED"}
    assert desk.outcomes("-k", "change") == {"specs/a.md::change": "FAILED"}


def test_change_without_its_spec_fails_that_specs_change_item(desk: Desk) -> None:
    desk.spec("specs/a.md", covers="[src/]")
    desk.spec("specs/b.md")
    desk.commit()
    desk.write("src/a.py", "x")
    failed = {name for name, outcome in desk.outcomes().items() if outcome == "FAILED"}
    assert failed == {"specs/a.md::change"}


def test_git_trouble_is_one_error_and_the_rest_is_judged(desk: Desk) -> None:
    desk.spec("specs/a.md", age=80)
    desk.commit()
    options = (*_OPTIONS, "--spec-guard-base=nowhere")
    assert desk.outcomes(options=options) == {
        "spec-guard::repository": "ERROR",
        "specs/a.md::frontmatter": "PASSED",
        "specs/a.md::freshness": "FAILED",
        "specs/a.md::change": "SKIPPED",
        "specs/a.md::review": "SKIPPED",
        "specs/a.md::content": "SKIPPED",
    }
    result = desk.run(options=options)
    result.stdout.fnmatch_lines(["the base 'nowhere' is not a commit of this clone", "  fix: name a branch*"])
    assert result.stdout.str().count("\nthe base 'nowhere' is not a commit") == 1
    assert desk.outcomes("specs/a.md::change", options=options) == {"specs/a.md::change": "ERROR"}
    result = desk.run("-k", "repository", "--spec-guard-dry-run", options=options)
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_no_repository_is_an_error_and_freshness_is_judged(pytester: pytest.Pytester) -> None:
    desk = Desk(pytester)
    desk.spec("specs/a.md", age=80)
    subprocess.run(["rm", "-rf", ".git"], cwd=desk.root, check=True)
    result = desk.run()
    result.stdout.fnmatch_lines(["*is not in a git repository", "  fix: run it inside a clone*"])
    result.assert_outcomes(errors=1, failed=1, passed=1, skipped=3)


def test_nothing_to_guard_fails(desk: Desk) -> None:
    (desk.root / "specs").mkdir()
    result = desk.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["pyproject.toml:1: SG008 no spec found in specs"])


@pytest.mark.parametrize("folder", ["specs/build", "specs/node_modules/x", "specs/.hidden", "specs/__pycache__"])
def test_no_spec_is_lost_to_ignored_folder_names(desk: Desk, folder: str) -> None:
    desk.spec(f"{folder}/a.md", age=80)
    assert desk.outcomes()[f"{folder}/a.md::freshness"] == "FAILED"


def test_link_that_leads_nowhere_is_no_way_out(two: Desk) -> None:
    for name, target in (("dangling.md", "nowhere"), ("loop.md", "loop.md")):
        (two.root / "tasks/specs" / name).symlink_to(target)
    outcomes = two.outcomes("--spec-guard-only")
    assert outcomes["tasks/specs/dangling.md::frontmatter"] == outcomes["tasks/specs/loop.md::frontmatter"] == "FAILED"


def test_mistyped_name_is_no_wish_to_check_everything(two: Desk) -> None:
    result = two.run("--spec-guard-only", "specs.md::freshness")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*not found: specs.md*"])


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_unprintable_name_fails_and_is_printed_with_escapes(desk: Desk, workers: tuple[str, ...]) -> None:
    desk.spec("tasks/specs/fresh.md")
    for name in (b"\xff.md", b"\x1b[2J.md", b"x\n::error::forged.md"):
        Path(os.fsdecode(os.fsencode(desk.root / "tasks" / "specs") + b"/" + name)).write_text("---\n---\n")
    desk.commit()

    result = (desk.run_process if workers else desk.run)("--junitxml=report.xml", *workers)

    result.assert_outcomes(passed=6, failed=3, skipped=12)
    output = ("\\udcff.md", "\\x1b[2J.md", "x\\n::error::forged.md")
    for escaped in output:
        assert f"tasks/specs/{escaped}:1: SG001 has a name that can't be printed" in result.stdout.str()
    assert "\x1b[2J" not in result.stdout.str()
    assert not any(line.startswith("::error") for line in result.outlines)
    assert "udcff.md" in (desk.root / "report.xml").read_text()


def test_error_in_collection_is_no_verdict_and_no_interruption(desk: Desk) -> None:
    desk.spec("tasks/specs/fresh.md")
    desk.write("test_broken.py", "import nothing_of_that_name\n")
    desk.commit()

    assert desk.run().ret == pytest.ExitCode.INTERRUPTED

    (manifest,) = (desk.root / ".runs").rglob("manifest.json")
    assert json.loads(manifest.read_text())["status"] == "errored"
    (report,) = (desk.root / ".runs").rglob("report.json")
    assert json.loads(report.read_text())["problems"] == ["pytest ended before all items ran"]


def test_ignored_by_git_is_no_spec(desk: Desk) -> None:
    desk.spec("specs/a.md")
    desk.spec("specs/b.md", age=80)
    desk.write(".gitignore", "b.md\n")
    assert not [name for name in desk.outcomes() if "b.md" in name]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--run-dir=", "--run-dir is empty: name a folder"),
        ("--task-id=", "--task-id: '' is not a task id*"),
        ("--spec-guard-today=soon", "--spec-guard-today must be a date as YYYY-MM-DD, not 'soon'"),
        ("--spec-guard-today=9999-12-31", "--spec-guard-today must be in the years 1000 to 9000, not 9999-12-31"),
        ("--spec-guard-max-age=0", "--spec-guard-max-age must be at least 1 day"),
    ],
)
def test_wrong_option_is_a_usage_error(desk: Desk, option: str, message: str) -> None:
    result = desk.run(option, options=("--spec-guard",))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{message}*"])
    result.stderr.no_fnmatch_line("*Traceback*")


def test_wrong_setting_is_a_usage_error_with_its_line(desk: Desk) -> None:
    desk.write("pyproject.toml", '[tool.pytest_orchestrator.spec_guard]\npath = ["specs"]\n')
    result = desk.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*pyproject.toml:2: unknown key 'path'*did you mean 'paths'*"])


def test_rule_of_a_conftest_is_an_item_of_its_own(desk: Desk) -> None:
    desk.spec("specs/a.md")
    desk.write(
        "conftest.py",
        """
from pytest_orchestrator.api.rules import Rule

def check(spec, context):
    if "team" not in spec.extra:
        yield spec.diagnostic("TEAM1", "names no team", fix="add x-team")

def pytest_orchestrator_spec_rules():
    return [Rule(id="TEAM1", reason="r", fix="f", docs="d", looks_across=False, check=check)]
""",
    )
    outcomes = desk.outcomes()
    assert outcomes["specs/a.md::TEAM1"] == "FAILED"
    assert outcomes["specs/a.md::frontmatter"] == "PASSED"


def test_rule_that_raises_is_a_failure_that_names_it(desk: Desk) -> None:
    desk.spec("specs/a.md")
    desk.write(
        "conftest.py",
        """
from pytest_orchestrator.api.rules import Rule

def pytest_orchestrator_spec_rules():
    return [Rule(id="TEAM1", reason="r", fix="f", docs="d", check=lambda spec, context: 1 / 0)]
""",
    )
    result = desk.run()
    result.assert_outcomes(passed=6, failed=1)
    result.stdout.fnmatch_lines(["the spec rule TEAM1 failed: ZeroDivisionError*"])


def test_record_holds_the_verdict(two: Desk) -> None:
    two.run("--task-id=nightly", "--run-dir=out")
    (folder,) = (two.root / "out/nightly").iterdir()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["kind"], manifest["status"]) == ("spec-guard", "failed")
    assert manifest["counts"] == {"specs": 2, "violations": 1, "warnings": 0, "problems": 0}
    assert {"report.json", "report.md", "results.jsonl"} <= {item["path"] for item in manifest["artifacts"]}
    report = json.loads((folder / "report.json").read_text())
    assert [item["rule"] for item in report["diagnostics"]] == ["SG005"]
    results = [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]
    assert {item["item"] for item in results} == _ALL.keys()


def test_record_of_a_run_is_errored_when_git_fails(two: Desk) -> None:
    two.commit()
    two.run("--spec-guard-base=nowhere")
    (folder,) = (two.root / ".runs/spec-guard").iterdir()
    assert json.loads((folder / "manifest.json").read_text())["status"] == "errored"


def test_run_folder_that_can_not_be_written_is_an_error_and_keeps_the_verdict(desk: Desk) -> None:
    desk.spec("specs/a.md")
    desk.write("taken", "a file, no folder")
    result = desk.run("--run-dir=taken")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["1 spec checked: 0 violations*", "error: the run could not be recorded: *taken*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_listing_the_items_leaves_no_record(two: Desk) -> None:
    result = two.run("--collect-only", "-q")
    result.stdout.fnmatch_lines(["*tasks/specs/stale.md::freshness", "*12 tests collected*"])
    assert not (two.root / ".runs").exists()


def test_heavy_libraries_stay_out(two: Desk) -> None:
    two.write("conftest.py", "import sys\n\ndef pytest_unconfigure():\n    print('LOADED', sorted(sys.modules))\n")
    result = two.run_process("tasks/specs/fresh.md")
    (line,) = [line for line in result.outlines if "LOADED" in line]
    for name in ("jsonschema", "git", "libcst", "mcp", "rich", "tree_sitter"):
        assert f"'{name}'" not in line
