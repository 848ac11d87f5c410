"""`pytest --spec-guard` on changes that bring settings and conftest files: the verdict stays, whatever they say."""

from __future__ import annotations

import pytest

from tests.plugin.spec.test_plugin import Desk, desk

pytest_plugins = ["pytester"]
__all__ = ["desk"]


@pytest.fixture
def changed(desk: Desk) -> Desk:
    """A commit after that of the remote's branch, which changes code without its spec."""
    desk.spec("tasks/specs/cache.md", covers="[cache.py]")
    desk.spec("tasks/specs/other.md")
    desk.write("cache.py", "LIMIT = 10\n")
    desk.write("test_it.py", "def test_it():\n    pass\n")
    desk.write("pytest.ini", "[pytest]\naddopts = --strict-markers\n")
    desk.commit()
    desk.git("remote", "add", "origin", "/nowhere")
    desk.git("update-ref", "refs/remotes/origin/main", "HEAD")
    desk.write("cache.py", "LIMIT = 1000\n")
    desk.commit()
    return desk


def brought(desk: Desk, addopts: str = "", conftest: str = "") -> None:
    if addopts:
        desk.write("pytest.ini", f"[pytest]\naddopts = {addopts}\n")
    if conftest:
        desk.write("conftest.py", f"import pytest\n\n\n{conftest}")
    desk.commit()


_DROP = "def pytest_collection_modifyitems(items):\n    "
_ADDOPTS = (
    "--spec-guard-base=HEAD",
    "--spec-guard-dry-run",
    "--deselect tasks/specs/cache.md::change",
    "--deselect=tasks --deselect=spec-guard",
    "-k test_it",
    "-m spec",
    "test_it.py",
    "tasks/specs/other.md",
    "--collect-only",
    "--setup-plan",
    "--fixtures",
    "--markers",
    "--cache-show",
    "--spec-guard -h",
)
_CONFTESTS = (
    f"{_DROP}items[:] = [item for item in items if item.path.suffix == '.py']\n",
    f"{_DROP}for item in items:\n        item.add_marker(pytest.mark.skip)\n",
    f"{_DROP}for item in items:\n        item.add_marker(pytest.mark.xfail)\n",
    "def pytest_runtest_protocol(item):\n    return True if item.path.suffix != '.py' else None\n",
    "def pytest_configure(config):\n    config.option.spec_guard_dry_run = True\n",
    "def pytest_configure(config):\n    config.option.spec_guard_base = 'HEAD'\n",
)


@pytest.mark.parametrize("addopts", _ADDOPTS)
def test_options_that_the_change_brings_do_not_help(changed: Desk, addopts: str) -> None:
    brought(changed, addopts=addopts)
    assert changed.run().ret != pytest.ExitCode.OK


@pytest.mark.parametrize("conftest", _CONFTESTS)
def test_conftest_that_the_change_brings_does_not_help(changed: Desk, conftest: str) -> None:
    brought(changed, conftest=conftest)
    assert changed.run().ret != pytest.ExitCode.OK


def test_workers_judge_alike(changed: Desk) -> None:
    brought(changed, addopts="--deselect=tasks --deselect=spec-guard --spec-guard-base=HEAD")
    assert changed.run("-n", "1").ret == pytest.ExitCode.TESTS_FAILED


def test_what_is_withheld_is_named(changed: Desk) -> None:
    brought(changed, addopts="--deselect=tasks --deselect=spec-guard")
    result = changed.run()
    result.stdout.fnmatch_lines(
        ["error: the project's configuration keeps spec-guard::repository, tasks/specs/cache.md::change*"]
    )


@pytest.mark.parametrize(
    "typed",
    [
        ("--deselect=tasks", "--deselect=spec-guard"),
        ("-k", "test_it"),
        ("--spec-guard-base=HEAD",),
        ("--co",),
        ("--fixtures",),
        ("-vh",),
    ],
)
def test_options_that_a_person_types_count(changed: Desk, typed: tuple[str, ...]) -> None:
    result = changed.run(*typed)
    assert result.ret == pytest.ExitCode.OK


def test_options_of_the_base_count(changed: Desk) -> None:
    brought(changed, addopts="--spec-guard-dry-run")
    changed.git("update-ref", "refs/remotes/origin/main", "HEAD")
    changed.write("cache.py", "LIMIT = 100\n")
    changed.commit()
    assert changed.run().ret == pytest.ExitCode.OK


def test_plugin_that_is_blocked_is_a_usage_error(changed: Desk) -> None:
    brought(changed, addopts="-p no:orchestrator-spec-guard")
    assert changed.run().ret == pytest.ExitCode.USAGE_ERROR


@pytest.fixture
def shown(desk: Desk) -> Desk:
    """A spec that needs evidence, and the test that is its evidence."""
    desk.spec("tasks/specs/cache.md", extra="evidence: required\n")
    desk.write("test_it.py", "def test_it():\n    pass\n")
    desk.write("test_limit.py", 'import pytest\n\n\n@pytest.mark.spec("cache")\ndef test_limit():\n    pass\n')
    desk.commit()
    return desk


@pytest.mark.parametrize(
    "addopts", ["-k 'not limit'", "--deselect test_limit.py", "--ignore-glob=*limit*", "test_it.py"]
)
def test_evidence_that_the_change_leaves_out_is_missing(shown: Desk, addopts: str) -> None:
    shown.write("pytest.ini", f"[pytest]\naddopts = {addopts}\n")
    result = shown.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*SG017 it needs evidence*"])


@pytest.mark.parametrize("typed", [(), ("-k", "not limit"), ("--ignore-glob=*limit*",), ("test_it.py",)])
def test_evidence_may_be_left_out_by_a_person(shown: Desk, typed: tuple[str, ...]) -> None:
    assert shown.run(*typed).ret == pytest.ExitCode.OK


@pytest.mark.parametrize("ending", ["--help", "-h", "--version", "--collect-only", "--fixtures", "--setup-plan"])
def test_options_with_which_nothing_runs_do_not_help_where_settings_ask_for_the_guard(
    changed: Desk, ending: str
) -> None:
    changed.git("reset", "-q", "--hard", "refs/remotes/origin/main")
    brought(changed, addopts="--spec-guard")
    changed.git("update-ref", "refs/remotes/origin/main", "HEAD")
    changed.write("cache.py", "LIMIT = 1000\n")
    brought(changed, addopts=f"--spec-guard {ending}")
    assert changed.run(options=()).ret != pytest.ExitCode.OK


def test_plugins_that_expect_fixtures_of_every_item_are_no_failure(desk: Desk) -> None:
    desk.spec("tasks/specs/cache.md")
    desk.write("conftest.py", "def pytest_runtest_call(item):\n    assert not list(item.funcargs)\n")
    desk.commit()
    assert desk.run().ret == pytest.ExitCode.OK
