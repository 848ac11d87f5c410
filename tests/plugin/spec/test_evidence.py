"""SG017 and `--spec-guard-scope` in a pytest run."""

from __future__ import annotations

import json
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.plugin.pytest_runs import run_process, run_pytest

pytest_plugins = ["pytester"]

TODAY = date(2026, 11, 20)
_OPTIONS = ("--spec-guard", "--spec-guard-today=2026-11-20")


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def _spec(root: Path, name: str, *, age: int = 0, extra: str = "evidence: required\n") -> None:
    (root / "specs").mkdir(exist_ok=True)
    head = f"id: {name}\ntitle: T\nstatus: approved\nowners: [ann]\nlast_review: {TODAY - timedelta(days=age)}\n"
    (root / f"specs/{name}.md").write_text(f"---\n{head}{extra}---\nText.\n")


@pytest.fixture
def desk(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project whose spec `cache` needs evidence."""
    _git(pytester.path, "init", "-q", "-b", "main")
    _spec(pytester.path, "cache")
    return pytester


def _tests(desk: pytest.Pytester, body: str) -> None:
    (desk.path / "test_it.py").write_text(f"import pytest\n\n{body}")


def test_marked_test_that_passes_is_evidence(desk: pytest.Pytester) -> None:
    _tests(desk, '@pytest.mark.spec("cache")\ndef test_it():\n    pass\n')
    result = run_pytest(desk, *_OPTIONS, "--strict-markers")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["spec*evidence*passed*failed*skipped", "cache*passed*1*0*0"])
    (report,) = (desk.path / ".runs/spec-guard").glob("*/report.json")
    assert json.loads(report.read_text())["evidence"][0]["passed"] == ["test_it.py::test_it"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("def test_it():\n    pass\n", "it needs evidence, and no test marked with its id passed"),
        ('@pytest.mark.spec("cache")\ndef test_it():\n    pytest.skip("later")\n', "its evidence was skipped"),
        ('@pytest.mark.spec("cache")\n@pytest.mark.xfail\ndef test_it():\n    assert 0\n', "its evidence was skipped"),
    ],
)
def test_missing_evidence_fails_the_run(desk: pytest.Pytester, body: str, message: str) -> None:
    _tests(desk, body)
    result = run_pytest(desk, *_OPTIONS)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([f"specs/cache.md:*: SG017 {message}*"])


def test_evidence_that_fails_is_reported(desk: pytest.Pytester) -> None:
    _tests(
        desk, '@pytest.mark.spec("cache")\n@pytest.mark.parametrize("n", [1, 2])\ndef test_it(n):\n    assert n == 1\n'
    )
    result = run_pytest(desk, *_OPTIONS)
    result.stdout.fnmatch_lines(["*SG017 its evidence fails: test_it.py::test_it?2?", "cache*failed*1*1*0"])


def test_workers_send_their_evidence(desk: pytest.Pytester) -> None:
    _tests(desk, '@pytest.mark.spec("cache")\ndef test_it():\n    pass\n\ndef test_other():\n    pass\n')
    result = run_process(desk, *_OPTIONS, "-n2")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["cache*passed*1*0*0"])


def test_marker_that_names_no_spec_fails_the_run(desk: pytest.Pytester) -> None:
    _tests(desk, '@pytest.mark.spec("cache", "cash")\ndef test_it():\n    pass\n')
    result = run_pytest(desk, *_OPTIONS)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["test_it.py:3: SG017 *unknown spec 'cash': did you mean 'cache'?*"])


@pytest.mark.parametrize("arguments", [("-k", "nothing or frontmatter"), ("specs", "test_it.py")])
def test_a_part_of_the_tests_only_warns(desk: pytest.Pytester, arguments: tuple[str, ...]) -> None:
    _tests(desk, "def test_it():\n    pass\n")
    result = run_pytest(desk, *_OPTIONS, *arguments)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*SG017 warning: it needs evidence*"])


def test_a_run_of_specs_alone_skips_evidence(desk: pytest.Pytester) -> None:
    result = run_pytest(desk, *_OPTIONS, "--spec-guard-only")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.no_fnmatch_line("*SG017*")


def test_marker_is_known_without_the_guard(desk: pytest.Pytester) -> None:
    _tests(desk, '@pytest.mark.spec("anything")\ndef test_it():\n    pass\n')
    assert run_pytest(desk, "--strict-markers", "-W", "error").ret == pytest.ExitCode.OK


def test_scope_diff_makes_the_staleness_of_others_a_warning(desk: pytest.Pytester) -> None:
    _spec(desk.path, "stale", age=60, extra="")
    _git(desk.path, "add", "-A")
    _git(desk.path, "commit", "-q", "-m", "x")
    options = (*_OPTIONS, "--spec-guard-only")
    assert run_pytest(desk, *options).ret == pytest.ExitCode.TESTS_FAILED
    result = run_pytest(desk, *options, "--spec-guard-scope=diff")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["specs/stale.md:*SG005 warning:*(not caused by this change)*"])


def test_annotations_and_step_summary_appear_by_themselves_under_github_actions(
    desk: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    _spec(desk.path, "stale", age=60, extra="")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(desk.path / "summary.md"))
    result = run_pytest(desk, *_OPTIONS, "--spec-guard-only")
    result.stdout.fnmatch_lines(["::error file=specs/stale.md,line=6,title=SG005::last reviewed*"])
    assert "| `specs/stale.md:6` | SG005 | error |" in (desk.path / "summary.md").read_text()


def test_override_is_in_the_report_and_in_the_manifest(desk: pytest.Pytester) -> None:
    _spec(desk.path, "stale", age=60, extra="")
    (desk.path / "tasks").mkdir()
    (desk.path / "tasks/overrides.yaml").write_text(
        "schema: pytest-orchestrator/overrides/1\noverrides:\n- rule: SG005\n  spec: stale\n"
        "  reason: The new one is in review.\n  owner: ann\n  approved_by: bob\n  expires: 2026-11-30\n"
    )
    result = run_pytest(desk, *_OPTIONS, "--spec-guard-only")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["specs/stale.md:*SG005 warning:*(excused until 2026-11-30 by ann, approved by bob:*"])
    (manifest,) = (desk.path / ".runs/spec-guard").glob("*/manifest.json")
    assert json.loads(manifest.read_text())["counts"]["excused"] == 1
