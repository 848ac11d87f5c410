from __future__ import annotations

from pathlib import Path

import pytest

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.evaluation.plan.scenario import (
    GATES,
    PatternUse,
    load_scenario,
    own_scenarios,
)

FULL = """\
schema: pytest-orchestrator/scenario/1
id: full
title: Everything that a scenario can say
description: For a test.
patterns:
  - super-no-args
  - pattern: percent-format-to-fstring
    name: short
    parameters: {max_length: 72}
each: set
fixtures: [click, attrs]
paths: ["src/**/*.py"]
agents: [builtin, other]
repeat: 3
gates: [parses, expected]
budget_s: 60
"""

LEAST = """\
schema: pytest-orchestrator/scenario/1
id: least
title: The least
patterns: [super-no-args]
fixtures: [click]
"""


def write(tmp_path: Path, text: str, name: str = "full.scenario.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_of_a_scenario_is_read(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, FULL), display_path="full").scenario
    assert scenario.patterns == (
        "super-no-args",
        PatternUse(pattern="percent-format-to-fstring", name="short", parameters={"max_length": 72}),
    )
    assert (scenario.each, scenario.repeat, scenario.budget_s) == ("set", 3, 60)
    assert (scenario.paths, scenario.agents, scenario.gates) == (
        ("src/**/*.py",),
        ("builtin", "other"),
        ("parses", "expected"),
    )


def test_the_least_scenario_means_each_pattern_by_the_builtin_agent_through_all_gates(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, LEAST, "least.scenario.yaml"), display_path="least").scenario
    assert (scenario.each, scenario.agents, scenario.paths) == ("pattern", ("builtin",), ("**/*.py",))
    assert (scenario.repeat, scenario.gates, scenario.budget_s) == (1, GATES, None)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("title:", "titel:", 3, "unknown key 'titel': did you mean 'title'?"),
        ("repeat: 3", "repeat: 0", 14, "repeat"),
        ("repeat: 3", "repeat: twice", 14, "repeat"),
        ("each: set", "each: file", 10, "expected one of pattern, set"),
        ("[parses, expected]", "[parses, pases]", 15, "gates"),
        ("[parses, expected]", "[parses, parses]", 15, "contains the same item twice"),
        ("fixtures: [click, attrs]", "fixtures: []", 11, "must not be empty"),
        ("    name: short", "    nmae: short", 8, "nmae"),
        ("id: full", "id: other", 2, "the id 'other' is not the file's name"),
        ("id: full", "id: ../x", 2, "expected text that matches"),
        ("scenario/1", "scenario/2", 1, "expected 'pytest-orchestrator/scenario/1'"),
    ],
)
def test_a_wrong_scenario_is_reported_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    path = write(tmp_path, FULL.replace(old, new))
    with pytest.raises(InputError) as caught:
        load_scenario(path, display_path="evaluation/full.scenario.yaml")
    assert str(caught.value).startswith(f"evaluation/full.scenario.yaml:{line}: ")
    assert message in str(caught.value)


def test_a_file_that_is_no_scenario_is_an_error(tmp_path: Path) -> None:
    for text in ("", "[", "just words\n", "a: &x 1\nb: *x\n"):
        with pytest.raises(InputError, match="full"):
            load_scenario(write(tmp_path, text), display_path="full")


def test_a_projects_scenarios_are_those_in_its_evaluation_folder(tmp_path: Path) -> None:
    assert own_scenarios(tmp_path) == ()
    for name in ("evaluation/b.scenario.yaml", "evaluation/a.scenario.yaml", "evaluation/expected/c.scenario.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert [path.name for path in own_scenarios(tmp_path)] == ["a.scenario.yaml", "b.scenario.yaml"]
