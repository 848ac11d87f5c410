from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pytest_orchestrator.agents.agent import Agent, builtin_agent, resolve_agent
from pytest_orchestrator.config import AgentSettings, load_settings
from pytest_orchestrator.errors import AgentError

HERE = Path("/somewhere/tree")


def test_placeholders_are_replaced_by_the_workspace_and_this_interpreter() -> None:
    agent = Agent(name="own", command=("{python}", "serve.py", "--root={workspace}"))

    assert agent.arguments(workspace=HERE, library=()) == (sys.executable, "serve.py", "--root=/somewhere/tree")


def test_an_argument_with_the_library_is_repeated_for_each_folder_and_vanishes_without_any() -> None:
    agent = Agent(name="own", command=("serve", "--library={library}", "-v"))

    folders = (Path("/one"), Path("/two"))
    assert agent.arguments(workspace=HERE, library=folders) == ("serve", "--library=/one", "--library=/two", "-v")
    assert agent.arguments(workspace=HERE, library=()) == ("serve", "-v")


def test_only_our_placeholders_are_filled_and_none_twice() -> None:
    agent = Agent(name="own", command=("serve", '{"json": {}}', "{workspace}", "{unknown}"))

    arguments = agent.arguments(workspace=Path("/tree/{python}"), library=())

    assert arguments == ("serve", '{"json": {}}', "/tree/{python}", "{unknown}")


def test_builtin_agent_serves_the_workspace_with_exactly_the_library_given() -> None:
    arguments = resolve_agent("builtin", {}).arguments(workspace=HERE, library=(Path("/patterns"),))

    assert arguments[0] == sys.executable
    assert arguments[-4:] == ("serve", "--workspace", "/somewhere/tree", "--library=/patterns")


def test_configured_agent_comes_from_pyproject(tmp_path: Path) -> None:
    tmp_path.joinpath("pyproject.toml").write_text(
        '[tool.pytest_orchestrator.agents.codex]\ncommand = ["codex-bridge", "{workspace}"]\ntimeout_s = 90\n'
    )

    agent = resolve_agent("codex", load_settings(tmp_path).agents)

    assert agent == Agent(name="codex", command=("codex-bridge", "{workspace}"), timeout_s=90)


def test_a_projects_own_agent_comes_before_an_extension_and_that_before_ours() -> None:
    own = {"both": AgentSettings(command=("own",))}
    extension = (
        Agent(name="both", command=("extension",)),
        Agent(name="builtin", command=("first",)),
        Agent(name="builtin", command=("second",)),
    )

    assert resolve_agent("both", own, extension).command == ("own",)
    assert resolve_agent("builtin", own, extension).command == ("first",)
    assert resolve_agent("builtin", own) == builtin_agent()


def test_unknown_agent_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(AgentError, match="did you mean 'builtin'") as caught:
        resolve_agent("bultin", {})

    assert "[tool.pytest_orchestrator.agents.bultin]" in caught.value.fix
