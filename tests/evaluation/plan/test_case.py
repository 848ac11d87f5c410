from __future__ import annotations

from typing import Any

import pytest

from pytest_orchestrator.errors import AgentError, InputError
from pytest_orchestrator.evaluation.plan.case import Case
from pytest_orchestrator.evaluation.plan.evaluation import Evaluation, open_evaluation
from tests.evaluation.project import Project


@pytest.fixture
def ready(project: Project) -> Project:
    """A project with two pins, two patterns and an agent."""
    project.pin("demo")
    project.pin("other", {"a.py": b""})
    project.patterns()
    project.agent("helper", "misbehave.py", "honest_nothing")
    return project


def cases(project: Project, *, agent: str | None = None, **keys: Any) -> tuple[Case, ...]:
    path = project.scenario(**keys)
    return evaluation(project, agent=agent).plan(path)


def evaluation(project: Project, *, agent: str | None = None) -> Evaluation:
    return open_evaluation(project.root, agent=agent)


def test_every_pattern_meets_every_fixture(ready: Project) -> None:
    planned = cases(ready, patterns=["shout", "whisper"], fixtures=["demo", "other"])
    assert [case.name for case in planned] == ["shout[demo]", "shout[other]", "whisper[demo]", "whisper[other]"]
    assert [case.is_codemod for case in planned] == [True, True, False, False]
    assert len({case.slug for case in planned}) == 4
    assert planned[0].expectation == ready.root / "evaluation/expected/first/shout@demo.yaml"


def test_a_set_is_one_case_a_fixture(ready: Project) -> None:
    (case,) = cases(ready, patterns=["shout", "no-object-base"], each="set")
    assert case.name == "first[demo]"
    assert [call.pattern.id for call in case.calls] == ["shout", "no-object-base"]


def test_agents_other_than_the_builtin_one_are_in_the_name_and_share_the_expectation(ready: Project) -> None:
    planned = cases(ready, agents=["builtin", "helper"])
    assert [case.name for case in planned] == ["shout[demo]", "shout[demo-helper]"]
    assert len({case.expectation for case in planned}) == 1
    assert len({case.slug for case in planned}) == 2


def test_an_agent_from_the_command_line_replaces_the_scenarios(ready: Project) -> None:
    assert [case.agent.name for case in cases(ready, agent="helper")] == ["helper"]
    with pytest.raises(AgentError, match="did you mean 'helper'"):
        evaluation(ready, agent="helpr")


def test_a_pattern_can_come_up_twice_under_another_name(ready: Project) -> None:
    planned = cases(ready, patterns=["shout", {"pattern": "shout", "name": "loud"}])
    assert [case.name for case in planned] == ["shout[demo]", "loud[demo]"]


@pytest.mark.parametrize(
    ("keys", "line", "message"),
    [
        ({"patterns": ["shout", "shuot"]}, 6, "there is no pattern 'shuot': did you mean 'shout'?"),
        ({"patterns": [{"pattern": "shuot"}]}, 5, "did you mean 'shout'?"),
        ({"patterns": ["run-review-checklist"]}, 5, "is a template"),
        ({"patterns": ["shout", "shout"]}, 6, "the pattern 'shout' is listed twice"),
        ({"patterns": ["shout", "whisper"], "each": "set"}, 6, "is a linter"),
        (
            {"patterns": ["shout", {"pattern": "shout", "name": "x"}], "each": "set"},
            6,
            "can't contain the pattern 'shout'",
        ),
        ({"patterns": [{"pattern": "shout", "parameters": {"lod": 1}}]}, 6, "has no parameter 'lod'"),
        ({"fixtures": ["demo", "ohter"]}, 8, "there is no pin 'ohter': did you mean 'other'?"),
        ({"agents": ["helpr"]}, 9, "there is no agent 'helpr': did you mean 'helper'?"),
    ],
)
def test_an_unknown_name_is_reported_with_its_line(
    ready: Project, keys: dict[str, Any], line: int, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        cases(ready, **keys)
    assert str(caught.value).startswith(f"evaluation/first.scenario.yaml:{line}: ")
    assert message in str(caught.value)
