"""The server in a process of its own, as agents meet it."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import StdioServerParameters

from pytest_orchestrator.agents.agent import ToolRefused, builtin_agent
from pytest_orchestrator.agents.session import open_session

# The fixtures' classes live in conftest.py, which can't be imported by name.
Connected = Any
Endless = Any

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


def command(workspace: Path, library: Path) -> list[str]:
    return list(builtin_agent().arguments(workspace=workspace, library=[library]))


@contextmanager
def raw_server(workspace: Path, library: Path, *, program: Sequence[str] = ()) -> Iterator[subprocess.Popen[str]]:
    """A server that has shaken hands, and is killed at the end if it still runs; `program` runs it in another way."""
    arguments = command(workspace, library)
    with subprocess.Popen(
        [*program, *arguments[4:]] if program else arguments,
        cwd=workspace,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            send(process, INITIALIZE)
            assert receive(process)["result"]["serverInfo"]["name"] == "pytest-orchestrator"
            send(process, {"jsonrpc": "2.0", "method": "notifications/initialized"})
            yield process
        finally:
            process.kill()


def send(process: subprocess.Popen[str], message: object) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(message) + "\n")
    process.stdin.flush()


def receive(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def call(tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}


def start_endless_work(process: subprocess.Popen[str], workspace: Path) -> None:
    workspace.joinpath("loop.py").write_text("loop_for_ever = old = 1\n")
    send(process, call("patterns.apply", {"patterns": ["rename-old"], "paths": ["loop.py"]}))


@pytest.mark.parametrize(("mode", "protocol"), [("legacy", "2025-11-25"), ("auto", "2026-07-28")])
def test_both_protocol_eras_are_served(
    connected: Connected, workspace: Path, library: Path, mode: str, protocol: str
) -> None:
    program, *arguments = command(workspace, library)

    with connected(StdioServerParameters(command=program, args=arguments), mode) as caller:
        assert caller.client.protocol_version == protocol
        # The pattern prints when it is imported and when it works; not a byte of it may reach the protocol.
        assert caller.ok("patterns.apply", patterns=["rename-old"])["counts"]["edited"] == 1
        assert "did you mean" in caller.refusal("patterns.show", pattern="rename-odl")

    assert workspace.joinpath("one.py").read_text() == "renamed = 1\n"


def test_stdout_carries_only_messages_and_stderr_is_empty(workspace: Path, library: Path) -> None:
    with raw_server(workspace, library) as process:
        send(process, call("patterns.apply", {"patterns": ["rename-old"]}))
        answer = receive(process)
        rest, stderr = process.communicate()

    assert answer["id"] == 2
    assert answer["result"]["structuredContent"]["counts"]["edited"] == 1
    assert rest == ""
    assert stderr == ""


def test_end_of_input_ends_the_server_and_its_worker(workspace: Path, library: Path, endless: Endless) -> None:
    with raw_server(workspace, library) as process:
        start_endless_work(process, workspace)
        endless.wait_until_begun()
        _, stderr = process.communicate(timeout=20)

    assert process.returncode == 0
    assert stderr == ""
    endless.wait_until_gone()
    assert workspace.joinpath("loop.py").read_text() == "loop_for_ever = old = 1\n"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_signal_ends_the_server_and_its_worker(
    workspace: Path, library: Path, endless: Endless, number: int, code: int
) -> None:
    with raw_server(workspace, library) as process:
        start_endless_work(process, workspace)
        endless.wait_until_begun()
        process.send_signal(number)
        assert process.wait(timeout=20) == code
        assert process.stderr is not None
        assert process.stderr.read() == ""

    endless.wait_until_gone()


_HOSTILE_GLOBS = [
    "**/" * 10 + "b",
    "*a" * 7 + "*b",
    "**/*a" * 20 + "b",
    "[][..",
    "[!]*",
    "[z-a]",
    "[!--[a]",
    "*" * 5000,
]


def test_no_glob_of_a_client_keeps_the_server_from_answering(workspace: Path, library: Path) -> None:
    deep = workspace.joinpath(*["a" * 50] * 20)
    deep.mkdir(parents=True)
    deep.joinpath("a" * 200 + ".py").touch()
    with raw_server(workspace, library) as process:
        for glob in _HOSTILE_GLOBS:
            send(process, call("patterns.lint", {"paths": [glob]}))
            send(process, {"jsonrpc": "2.0", "id": 3, "method": "ping"})
            answers = {answer["id"]: answer["result"] for answer in (receive(process), receive(process))}
            assert answers[3] == {}
            text = answers[2]["content"][0]["text"]
            assert "glob" in text or "matches no Python file" in text, text
        _, stderr = process.communicate(timeout=20)

    assert (process.returncode, stderr) == (0, "")


@pytest.mark.parametrize(("number", "code"), [(None, 0), (signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_work_that_cannot_be_stopped_does_not_keep_the_server_alive(
    workspace: Path, library: Path, number: signal.Signals | None, code: int
) -> None:
    for command in ("init -q -b main", "add .", "commit -q -m start"):
        subprocess.run(["git", *command.split()], cwd=workspace, check=True)
    workspace.joinpath("one.py").unlink()
    os.mkfifo(workspace / ".gitignore")  # git waits for a writer
    with raw_server(workspace, library) as process:
        send(process, call("spec.check", {}))
        send(process, {"jsonrpc": "2.0", "id": 3, "method": "ping"})
        assert receive(process)["id"] == 3
        if number is None:
            assert process.stdin is not None
            process.stdin.close()
        else:
            process.send_signal(number)
        assert process.wait(timeout=9) == code


def test_client_that_reads_no_more_leaves_no_traceback(workspace: Path, library: Path) -> None:
    with raw_server(workspace, library) as process:
        assert process.stdout is not None
        process.stdout.close()
        send(process, call("patterns.list", {}))
        assert process.stdin is not None
        process.stdin.close()
        assert process.stderr is not None
        stderr = process.stderr.read()
        process.wait(timeout=20)

    assert stderr == ""
    assert process.returncode == 0


def test_killed_server_leaves_no_worker_behind(workspace: Path, library: Path, endless: Endless) -> None:
    with raw_server(workspace, library) as process:
        start_endless_work(process, workspace)
        endless.wait_until_begun()
        process.kill()

    endless.wait_until_gone()


def test_modules_of_the_workspace_are_never_imported(workspace: Path, library: Path) -> None:
    for name in ("click", "typing", "json", "libcst", "mcp", "pytest_orchestrator"):
        workspace.joinpath(f"{name}.py").write_text("raise SystemExit('imported from the workspace')\n")

    with open_session(builtin_agent(), workspace, library=[library]) as session:
        found = session.call("patterns.lint", {"paths": ["one.py"]})

    assert found["counts"]["diagnostics"] == 1


def test_server_imports_no_libcst(workspace: Path, library: Path) -> None:
    script = (
        "import atexit, sys\n"
        "atexit.register(lambda: sys.stderr.write(repr([name for name in sys.modules if name == 'libcst'])))\n"
        "from pytest_orchestrator.cli.main import main\n"
        "main()\n"
    )
    with raw_server(workspace, library, program=[sys.executable, "-P", "-c", script]) as process:
        send(process, call("patterns.lint", {}))
        assert receive(process)["result"]["structuredContent"]["counts"]["diagnostics"] == 1
        _, stderr = process.communicate()

    assert stderr == "[]"


def test_specs_are_checked_by_the_same_process(workspace: Path, library: Path) -> None:
    workspace.joinpath("specs").mkdir()
    workspace.joinpath("specs", "bad.md").write_text("no front matter\n")

    with open_session(builtin_agent(), workspace, library=[library]) as session:
        with pytest.raises(ToolRefused, match="git"):
            session.call("spec.check", {})
        subprocess.run(["git", "init", "-q", "-b", "main"], cwd=workspace, check=True)
        found = session.call("spec.check", {})

    assert [item["rule"] for item in found["diagnostics"]] == ["SG001"]


def test_library_given_shuts_out_the_workspaces_own_patterns(workspace: Path, library: Path) -> None:
    own = workspace / "patterns" / "evil"
    own.mkdir(parents=True)
    own.joinpath("pattern.yaml").write_text("nonsense: true\n")

    with open_session(builtin_agent(), workspace, library=[library]) as session:
        found = session.call("patterns.list", {})

    assert [item["id"] for item in found["patterns"]] == ["letter", "no-old", "rename-old"]


def test_started_in_a_terminal_it_explains_itself_and_how_to_stop_it(workspace: Path, library: Path) -> None:
    terminal, inside = pty.openpty()
    with subprocess.Popen(
        command(workspace, library), stdin=inside, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        os.close(inside)
        assert process.stderr is not None
        stderr = process.stderr.readline() + process.stderr.readline()
        os.write(terminal, b"\x04")  # Ctrl-D
        assert process.wait(timeout=20) == 0
    os.close(terminal)

    assert "This is an MCP server on stdio" in stderr
    assert f"Workspace: {workspace}. Press Ctrl-C or Ctrl-D to stop it." in stderr
