"""What pytest says where a spec or a scenario is named without its option, and where options come from its settings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.plugin.pytest_runs import run_process, run_pytest

pytest_plugins = ["pytester"]

Run = Callable[..., pytest.RunResult]
_SPEC = "---\nid: a\ntitle: T\nstatus: draft\nowners: [ann]\nlast_review: 2020-01-01\n---\nText.\n"


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Runs pytest in a project with two tests, a stale spec, and a scenario."""
    pytester.run("git", "init", "-q")
    for path, text in {
        "docs/specs/a.md": _SPEC,
        "evaluation/x.scenario.yaml": "id: x\n",
        "tests/test_a.py": "def test_one():\n    pass\n\n\ndef test_two():\n    pass\n",
        "notes.md": "no spec\n",
    }.items():
        where = pytester.path / path
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_text(text)
    return lambda *arguments: run_pytest(pytester, *arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("docs/specs/a.md",), "docs/specs/a.md is a spec: add --spec-guard"),
        (("docs/specs/a.md::freshness",), "docs/specs/a.md::freshness is a spec: add --spec-guard"),
        (("tests", "./docs/specs/a.md"), "./docs/specs/a.md is a spec: add --spec-guard"),
        (("docs/specs",), "docs/specs holds specs: add --spec-guard"),
        (("spec-guard::repository",), "spec-guard::repository is an item of the spec guard: add --spec-guard"),
        (("evaluation/x.scenario.yaml",), "evaluation/x.scenario.yaml is a scenario: add --evaluate"),
        (("evaluation/x.scenario.yaml::a", "--spec-guard"), "is a scenario: add --evaluate"),
    ],
)
def test_missing_option_is_named(run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert said in result.stdout.str()


@pytest.mark.parametrize(
    "arguments", [("tests",), ("tests/test_a.py::test_one",), ("notes.md",), ("tests/none.py",), ("-k", "none"), ()]
)
def test_nothing_is_said_where_no_option_is_missing(run: Run, arguments: tuple[str, ...]) -> None:
    assert "add --" not in run(*arguments).stdout.str()


def test_file_that_another_plugin_collects_is_left_to_it(run: Run, pytester: pytest.Pytester) -> None:
    (pytester.path / "docs/specs/a.md").write_text(_SPEC + "\n>>> 1 + 1\n2\n")
    result = run("--doctest-glob=*.md", "docs/specs/a.md")
    result.assert_outcomes(passed=1)
    assert "add --spec-guard" not in result.stdout.str()


@pytest.mark.parametrize("setting", ["addopts = --spec-guard", "spec_guard = true"])
@pytest.mark.parametrize(
    ("arguments", "specs"),
    [
        (("tests/test_a.py::test_one",), False),
        (("tests/test_a.py::test_one", "-n2"), False),
        (("tests/test_a.py::test_one", "--spec-guard"), True),
        (("tests/test_a.py::test_one", "--spec-guard", "-n2"), True),
        (("tests/test_a.py::test_one", "docs/specs/a.md"), True),
        (("tests/test_a.py",), True),
        ((), True),
    ],
)
def test_setting_leaves_single_tests_alone(
    run: Run, pytester: pytest.Pytester, setting: str, arguments: tuple[str, ...], specs: bool
) -> None:
    pytester.makeini(f"[pytest]\n{setting}\n")
    result = run_process(pytester, *arguments) if "-n2" in arguments else run(*arguments)
    assert ("SG005" in result.stdout.str()) == specs
    assert ("spec guard: not run, because single tests are named" in result.stdout.str()) != specs
    assert result.ret == int(specs)


def test_single_test_in_the_settings_does_not_turn_the_guard_off(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\naddopts = --spec-guard tests/test_a.py::test_one\n")
    for arguments in ((), ("tests/test_a.py::test_two",)):
        assert "SG005" in run(*arguments).stdout.str()


def commit(pytester: pytest.Pytester) -> None:
    pytester.run("git", "add", "-A")
    pytester.run("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "x")


def test_options_can_be_settings_of_pytest(run: Run, pytester: pytest.Pytester) -> None:
    settings = "spec_guard = true\nspec_guard_base = HEAD\nspec_guard_scope = all\nspec_guard_max_age = 100000\n"
    pytester.makeini(f"[pytest]\n{settings}")
    commit(pytester)
    result = run("-rw")
    result.stdout.fnmatch_lines(["compared with HEAD at * (as given)*"])
    assert result.ret == 0
    assert "SG005 last reviewed 2020-01-01" in run("--spec-guard-max-age=10").stdout.str()
    pytester.path.joinpath("tox.ini").unlink()
    pytester.makepyprojecttoml("[tool.pytest]\nspec_guard = true\nspec_guard_dry_run = true\nspec_guard_max_age = 9\n")
    commit(pytester)  # settings that the change brings don't count
    result = run()
    assert ("dry run" in result.stdout.str(), result.ret) == (True, 0)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("spec_guard_scope = some", "spec_guard_scope must be all or diff, not 'some'"),
        ("spec_guard_max_age = ten", "spec_guard_max_age: "),
        ("spec_guard_dry_run = perhaps", "spec_guard_dry_run: "),
        ("spec_guard_max_age = 0", "must be at least 1 day, not 0"),
    ],
)
def test_wrong_setting_of_pytest_is_a_usage_error(
    run: Run, pytester: pytest.Pytester, setting: str, message: str
) -> None:
    pytester.makeini(f"[pytest]\nspec_guard = true\n{setting}\n")
    result = run()
    assert (message in result.stderr.str(), result.ret) == (True, pytest.ExitCode.USAGE_ERROR)
