from __future__ import annotations

import re

import pytest

from tests.plugin.pytest_runs import run_process

pytest_plugins = ["pytester"]

_HEAVY = (
    *("libcst", "mcp", "git", "jsonschema", "unearth", "yaml", "click", "rich", "tabulate", "distributed", "httpx2"),
    *("tree_sitter", "pygls", "lsprotocol"),
)


def test_a_run_that_does_not_use_us_does_not_notice_us(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        f"""
        import sys

        def test_idle():
            heavy = [name for name in {_HEAVY!r} if name in sys.modules]
            ours = sorted(name for name in sys.modules if name.startswith("pytest_orchestrator"))
            assert heavy == []
            assert [name.partition(".")[2] for name in ours] == ["", "hookspecs", "plugin", "plugin.main"]
        """
    )
    result = run_process(pytester, "-p", "no:xdist")
    result.assert_outcomes(passed=1)


def test_the_options_are_in_the_help(pytester: pytest.Pytester) -> None:
    output = run_process(pytester, "--help").stdout.str()
    for option in ("--spec-guard", "--spec-guard-only", "--evaluate", "--update-expected", "--run-dir", "--task-id"):
        assert option in output
    ours = [
        section for section in re.split(r"\n\n(?=\S)", output) if "(pytest-orchestrator)" in section.splitlines()[0]
    ]
    assert len(ours) == 2
    assert [found[0] for section in ours for found in re.finditer(r"\b(\w+)\s+\1\b", section)] == []
