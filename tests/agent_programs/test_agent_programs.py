"""The settings in docs/mcp.md, with the programs that they are for. `make test-agents` installs the programs."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.agent_programs.model_server import ModelServer, ToolCall, model_server

HERE = Path(__file__).parent
PROGRAMS = HERE / "node_modules" / ".bin"
GUIDE = (HERE.parents[1] / "docs" / "mcp.md").read_text()

LINT = ToolCall(tool="patterns.lint", arguments={"patterns": ["mutable-default-argument"]})
APPLY = ToolCall(tool="patterns.apply", arguments={"patterns": ["no-object-base"]})


def guide_block(heading: str, language: str) -> str:
    """The first code block of a language in the guide's part that begins with a heading or a bold line."""
    part = GUIDE.partition(heading)[2]
    found = re.search(rf"```{language}\n(.*?)```", part, re.DOTALL)
    assert found is not None, heading
    return found[1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    folder.joinpath("one.py").write_text("class Box(object):\n    def __init__(self, items=[]): ...\n")
    for command in ("init -q -b main", "add .", "commit -q -m start"):
        subprocess.run(["git", *command.split()], cwd=folder, check=True)
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    """A home of its own, and our command line on the search path."""
    home = tmp_path / "home"
    home.mkdir()
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    quiet = {
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "ENABLE_TOOL_SEARCH": "false",
        "ANTHROPIC_API_KEY": "none",
    }
    return {"PATH": path, "HOME": str(home), **quiet}


def program(name: str) -> str:
    if not (PROGRAMS / name).exists():
        pytest.skip(f"{name} is not installed: run make test-agents")
    return str(PROGRAMS / name)


def run(arguments: list[str], project: Path, environment: Mapping[str, str]) -> str:
    completed = subprocess.run(
        arguments,
        cwd=project,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed.stdout


def work(name: str, model: ModelServer, project: Path, environment: Mapping[str, str]) -> None:
    """Let a program, configured as the guide says, do what the model says."""
    command = program(name)
    if name == "codex":
        settings = guide_block("Codex, in `~/.codex/config.toml`", "toml").replace("/path/to/project", str(project))
        provider = f'name = "local"\nbase_url = "{model.url}/v1"\nwire_api = "responses"\n'
        own = f'model = "test"\nmodel_provider = "local"\n[model_providers.local]\n{provider}'
        folder = Path(environment["HOME"], ".codex")
        folder.mkdir(exist_ok=True)
        folder.joinpath("config.toml").write_text(own + settings)
        run([command, "exec", "go"], project, environment)
        return
    add, ask = (shlex.split(line[2:]) for line in guide_block("Claude Code, for", "console").splitlines())
    run([command, *add[1:]], project, environment)
    run([command, *ask[1:]], project, {**environment, "ANTHROPIC_BASE_URL": model.url})


@pytest.mark.parametrize("name", ["claude", "codex"])
def test_program_lints_and_edits_with_the_settings_of_the_guide(
    name: str, project: Path, environment: Mapping[str, str]
) -> None:
    with model_server([LINT, APPLY]) as model:
        work(name, model, project, environment)

    assert "is shared by all calls" in model.results["call-0"]
    assert r"\"edited\":1" in model.results["call-1"]
    assert project.joinpath("one.py").read_text().startswith("class Box:\n")


@pytest.mark.parametrize("name", ["claude", "codex"])
def test_long_report_reaches_the_model_uncut(name: str, project: Path, environment: Mapping[str, str]) -> None:
    project.joinpath("many.py").write_text("def f(x=[]): ...\n" * 2000)

    with model_server([LINT]) as model:
        work(name, model, project, environment)

    text = model.results["call-0"]
    assert r"\"rules\":{\"mutable-default-argument\":2001}" in text
    assert re.search(r'\\"next_cursor\\":\\"1\.\d+\\"\}', text)


def test_inspector_lists_and_calls_the_tools(project: Path, environment: Mapping[str, str]) -> None:
    command = program("mcp-inspector")
    block = (
        guide_block("To try the server without an agent", "console")
        .replace("\\\n", "")
        .replace('["src"]', '["one.py"]')
    )

    listed, called = (
        json.loads(run([command, *shlex.split(line)[3:]], project, environment)) for line in block.splitlines()
    )

    assert "patterns.apply" in [tool["name"] for tool in listed["tools"]]
    assert called["structuredContent"]["rules"] == {"mutable-default-argument": 1}
