from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pytest_orchestrator.agents.agent import Agent, builtin_agent, configured_agents, resolve_agent
from pytest_orchestrator.config import AgentSettings, load_settings
from pytest_orchestrator.errors import AgentError, InputError

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
    agent = Agent(name="own", command=("serve", '{"json": {}}', "{workspace}", "{{workspace}}"))

    arguments = agent.arguments(workspace=Path("/tree/{python}"), library=())

    assert arguments == ("serve", '{"json": {}}', "/tree/{python}", "{workspace}")


@pytest.mark.parametrize(
    ("part", "known"), [("{worksapce}", "did you mean 'workspace'"), ("--in={it}", "known: library, project")]
)
def test_placeholder_that_does_not_exist_is_an_error_with_its_line(tmp_path: Path, part: str, known: str) -> None:
    tmp_path.joinpath("pyproject.toml").write_text(
        f'[tool.pytest_orchestrator.agents.mine]\ntimeout_s = 90\ncommand = ["serve", "{part}"]\n'
    )

    with pytest.raises(InputError, match=known) as caught:
        configured_agents(load_settings(tmp_path).agents, tmp_path)

    assert (caught.value.path, caught.value.line) == ("pyproject.toml", 3)
    assert "for the text itself" in caught.value.fix


@pytest.mark.parametrize("name", ["project", "root"])
def test_configured_agent_can_name_a_file_of_its_project(tmp_path: Path, name: str) -> None:
    settings = {"mine": AgentSettings(command=("{python}", f"{{{name}}}/agent.py"))}

    (agent,) = configured_agents(settings, tmp_path)

    assert agent.arguments(workspace=HERE, library=()) == (sys.executable, f"{tmp_path}/agent.py")


def test_builtin_agent_serves_the_workspace_with_exactly_the_library_given() -> None:
    arguments = resolve_agent("builtin").arguments(workspace=HERE, library=(Path("/patterns"),))

    assert arguments[0] == sys.executable
    assert arguments[-5:] == ("serve", "--evaluation", "--workspace", "/somewhere/tree", "--library=/patterns")


def test_configured_agent_comes_from_pyproject(tmp_path: Path) -> None:
    tmp_path.joinpath("pyproject.toml").write_text(
        '[tool.pytest_orchestrator.agents.codex]\ncommand = ["codex-bridge", "{workspace}"]\ntimeout_s = 90\n'
    )

    agent = resolve_agent("codex", configured_agents(load_settings(tmp_path).agents, tmp_path))

    assert agent == Agent(name="codex", command=("codex-bridge", "{workspace}"), timeout_s=90, project=tmp_path)


def test_a_projects_own_agent_comes_before_an_extension_and_that_before_ours() -> None:
    own = [Agent(name="both", command=("own",))]
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
        resolve_agent("bultin")

    assert "[tool.pytest_orchestrator.agents.bultin]" in caught.value.fix
