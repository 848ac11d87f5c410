from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pytest_orchestrator.plugin.evaluate.arguments import Selection, select


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a scenario, a pattern and tests."""
    for name in ("evaluation/mine.scenario.yaml", "patterns/shout/pattern.yaml", "tests/test_x.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    return tmp_path


def chosen(
    root: Path,
    *typed: str,
    configured: Sequence[str] = (),
    own: bool = True,
    only: bool = False,
    approved: Sequence[str] = (),
) -> Selection:
    return select(
        (*(typed or configured), *approved),
        named=typed,
        cwd=root,
        root=root,
        own=[root / "evaluation/mine.scenario.yaml"] if own else [],
        shipped=[Path("/lib/lint.scenario.yaml"), Path("/lib/modernize.scenario.yaml")],
        only=only,
        approved=approved,
    )


SCENARIO, PATTERN = "./evaluation/mine.scenario.yaml", "./patterns/shout/pattern.yaml"
LINT, MODERNIZE = Path("/lib/lint.scenario.yaml"), Path("/lib/modernize.scenario.yaml")


def test_scenarios_and_patterns_join_what_is_collected_anyway(root: Path) -> None:
    assert chosen(root, configured=["tests"]) == Selection(arguments=("tests", SCENARIO, PATTERN))
    assert chosen(root, "tests/test_x.py") == Selection(arguments=("tests/test_x.py", SCENARIO, PATTERN))


def test_with_only_nothing_but_scenarios_is_collected(root: Path) -> None:
    assert chosen(root, configured=["tests"], only=True) == Selection(arguments=(SCENARIO,))
    assert chosen(root, "tests", only=True) == Selection(arguments=(SCENARIO,))


def test_what_another_feature_approved_stays_with_only(root: Path) -> None:
    assert chosen(root, "tests", only=True, approved=["./specs"]).arguments == ("./specs", SCENARIO)


@pytest.mark.parametrize(
    "named",
    ["evaluation", "evaluation/", "./evaluation/mine.scenario.yaml", "evaluation/mine.scenario.yaml::shout[demo]"],
)
def test_a_scenario_that_is_named_is_the_only_one(root: Path, named: str) -> None:
    assert chosen(root, named) == Selection(arguments=(named,))
    assert chosen(root, "tests", named) == Selection(arguments=("tests", named))
    assert chosen(root, "tests", named, only=True) == Selection(arguments=(named,))


def test_a_project_without_scenarios_gets_the_shipped_ones(root: Path) -> None:
    found = chosen(root, configured=["tests"], own=False, only=True)
    assert found == Selection(arguments=(), shipped={LINT: (), MODERNIZE: ()})


def test_shipped_scenarios_and_their_cases_can_be_named(root: Path) -> None:
    assert chosen(root, "evaluation/lint.scenario.yaml", own=False) == Selection(arguments=(), shipped={LINT: ()})
    cases = ["evaluation/lint.scenario.yaml::a[x]", "evaluation/lint.scenario.yaml::b[x]", "tests"]
    assert chosen(root, *cases, own=False) == Selection(arguments=("tests",), shipped={LINT: ("a[x]", "b[x]")})


def test_a_project_with_scenarios_has_no_shipped_ones(root: Path) -> None:
    assert chosen(root, "evaluation/lint.scenario.yaml").arguments == ("evaluation/lint.scenario.yaml",)
