"""A client that shares no code with us or our SDK: the command line of the MCP Inspector.

It is used where it is installed (npm `@modelcontextprotocol/inspector`): on the PATH, or in the folder that
the variable `MCP_INSPECTOR` names.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_orchestrator.agents.agent import builtin_agent


@pytest.fixture(scope="module")
def inspector() -> str:
    """The program; skips where it is absent or too old to choose a protocol era."""
    program = shutil.which("mcp-inspector", path=os.environ.get("MCP_INSPECTOR", os.environ["PATH"]))
    if program is not None:
        done = subprocess.run([program, "--cli", "--help"], capture_output=True, text=True, check=False)
        if "--protocol-era" in done.stdout:
            return program
    pytest.skip("needs the MCP Inspector 2 and Node.js 22.19: npm install --global @modelcontextprotocol/inspector@2")


@pytest.fixture(params=["legacy", "modern"])
def era(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def inspect(inspector: str, workspace: Path, library: Path, era: str) -> Callable[..., Any]:
    """Has the Inspector start the server and ask it one thing, in one of the protocol's eras."""
    server = builtin_agent().arguments(workspace=workspace, library=[library])

    def ask(*options: str) -> Any:
        command = [inspector, "--cli", *server, "--protocol-era", era, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask


def test_inspector_finds_no_fault_with_the_tools(inspect: Callable[..., Any]) -> None:
    found = inspect("--method", "tools/list", "--strict")

    assert "patterns.apply" in [tool["name"] for tool in found["tools"]]


def test_inspector_applies_a_pattern(inspect: Callable[..., Any], workspace: Path) -> None:
    found = inspect("--method", "tools/call", "--tool-name", "patterns.apply", "--tool-arg", 'patterns=["rename-old"]')

    assert found["structuredContent"]["counts"]["edited"] == 1
    assert workspace.joinpath("one.py").read_text() == "renamed = 1\n"


def test_inspector_reads_resources_and_prompts(inspect: Callable[..., Any]) -> None:
    resource = inspect("--method", "resources/read", "--uri", "pattern://no-old/readme")
    prompt = inspect("--method", "prompts/get", "--prompt-name", "letter", "--prompt-args", "name=Ada")

    assert resource["contents"][0]["text"] == "# Nothing is called old\n"
    assert prompt["messages"][0]["content"]["text"] == "Hello Ada, 1 times. false 0.5 warm\n"
