from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from pytest_orchestrator.agents.agent import Agent, ToolRefused
from pytest_orchestrator.agents.session import AgentSession, SessionRegistry, open_session
from pytest_orchestrator.errors import AgentError
from tests.waiting import wait_until, wait_until_gone

AGENTS = Path(__file__).parent.parent / "data" / "agents"
APPLY = {"patterns": ["some-pattern"], "paths": []}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    folder.joinpath("module.py").write_text("x = 1\n")
    return folder


def agent(name: str, *, timeout_s: float = 20) -> Agent:
    return Agent(name=name, command=("{python}", str(AGENTS / "misbehave.py"), name), timeout_s=timeout_s)


def running(name: str, workspace: Path) -> AbstractContextManager[AgentSession]:
    return open_session(agent(name), workspace)


def test_call_returns_the_structured_content(workspace: Path) -> None:
    with running("honest_nothing", workspace) as session:
        assert session.call("patterns.apply", APPLY) == {"files": [], "examined": 0, "counts": {}, "seconds": 0.0}


def test_info_names_the_server(workspace: Path) -> None:
    with running("honest_nothing", workspace) as session:
        info = session.info

    assert (info.agent, info.server, info.version) == ("honest_nothing", "test-agent", "1.2.3")
    assert info.protocol == "2025-11-25"
    assert info.tools == ("patterns.apply", "patterns.lint")


def test_refusal_carries_the_agents_words_and_the_session_goes_on(workspace: Path) -> None:
    with running("refuse", workspace) as session:
        for _ in range(2):
            with pytest.raises(ToolRefused, match=r"'refuse' refused patterns.apply: not today"):
                session.call("patterns.apply", APPLY)


def test_crash_in_a_call_names_agent_tool_exit_code_and_last_words(workspace: Path) -> None:
    with running("crash_in_call", workspace) as session:
        with pytest.raises(AgentError) as caught:
            session.call("patterns.apply", APPLY)

        message = caught.value.message
        assert "agent 'crash_in_call' exited with code 3 (asked for patterns.apply)" in message
        assert "about to fall over" in message
        with pytest.raises(AgentError, match="is not running any more: it exited with code 3"):
            session.call("patterns.apply", APPLY)


def test_hang_in_a_call_ends_at_its_deadline_and_takes_the_agents_children_along(workspace: Path) -> None:
    started = time.monotonic()
    with (
        running("hang_in_call", workspace) as session,
        pytest.raises(AgentError, match=r"did not answer within 0.5 s and was killed \(asked for patterns.apply\)"),
    ):
        session.call("patterns.apply", APPLY, timeout_s=0.5)

    assert time.monotonic() - started < 15
    wait_until_gone(int(workspace.joinpath("child.pid").read_text()))


def test_agent_that_never_shakes_hands_is_killed(workspace: Path) -> None:
    with (
        pytest.raises(AgentError, match=r"'hang_at_start' did not complete the handshake within 0\.5 s") as caught,
        open_session(agent("hang_at_start"), workspace, start_timeout_s=0.5),
    ):
        pass
    assert "hang_at_start" in caught.value.fix


def test_agent_that_ends_at_once_is_quoted(workspace: Path) -> None:
    with pytest.raises(AgentError) as caught, running("crash_at_start", workspace):
        pass

    assert "exited with code 1 (at start)" in caught.value.message
    assert "no licence key found" in caught.value.message


def test_agent_that_is_not_installed_is_an_agent_error(workspace: Path) -> None:
    missing = Agent(name="missing", command=("no-such-program-anywhere",))

    with pytest.raises(AgentError, match="'missing' can't be started: No such file"), open_session(missing, workspace):
        pass


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        ("print_garbage", r"that is not an MCP message: 'Processing 12 files\.\.\.'"),
        ("wrong_schema", r"does not match its own schema: .*'many' is not of type 'array'"),
        ("offer_nothing", r"has no tool 'patterns\.apply': did you mean 'patterns\.aply'"),
        ("hang_in_call", r"did not answer within 0\.25 s and was killed \(asked for patterns\.apply\)"),
    ],
)
def test_a_call_without_a_valid_answer_is_an_error(workspace: Path, mode: str, message: str) -> None:
    timeout_s = 0.25 if mode == "hang_in_call" else 20
    with (
        open_session(agent(mode, timeout_s=timeout_s), workspace) as session,
        pytest.raises(AgentError, match=message),
    ):
        session.call("patterns.apply", APPLY)


def test_message_without_an_end_is_cut_off_and_stderr_is_limited(workspace: Path) -> None:
    with (
        open_session(agent("talk_without_end"), workspace) as session,
        pytest.raises(AgentError, match="sent a message of more than 64 MiB"),
    ):
        session.call("patterns.apply", APPLY)

    assert 0 < len(session.stderr) <= 4096


def test_what_an_agent_prints_to_stderr_is_kept_by_its_session_only(
    workspace: Path, own_agent: Callable[[str], Agent], capfd: pytest.CaptureFixture[str]
) -> None:
    body = "serve({'speak': lambda _: {'characters': sys.stderr.write('noise')}})"

    with open_session(own_agent(body), workspace) as session:
        assert session.call("speak", {}) == {"characters": 5}

    assert session.stderr == "noise"
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def own_agent(workspace: Path) -> Callable[[str], Agent]:
    """An agent that is a few lines on top of the frame of the other ones."""

    def write(body: str) -> Agent:
        script = workspace.parent / "own_agent.py"
        script.write_text(
            f"import json, os, sys\nsys.path.insert(0, {str(AGENTS)!r})\nfrom frame import say, serve\n{body}\n"
        )
        return Agent(name="own", command=("{python}", str(script)), timeout_s=20)

    return write


def test_agent_is_gone_when_the_session_ends(workspace: Path, own_agent: Callable[[str], Agent]) -> None:
    with open_session(own_agent("serve({'pid': lambda _: {'pid': os.getpid()}})"), workspace) as session:
        pid = session.call("pid", {})["pid"]

    wait_until_gone(pid)


def test_agent_that_ignores_the_end_of_its_input_is_killed(workspace: Path, own_agent: Callable[[str], Agent]) -> None:
    body = (
        "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "serve({'pid': lambda _: {'pid': os.getpid()}})\nsignal.pause()"
    )
    with open_session(own_agent(body), workspace) as session:
        pid = session.call("pid", {})["pid"]

    wait_until_gone(pid)


@pytest.mark.parametrize(
    ("end", "message"),
    [
        ("os.close(1) or signal.pause()", "closed its stdout"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "was killed by SIGSEGV"),
    ],
)
def test_agent_that_ends_in_a_call_is_named_with_how(
    workspace: Path, own_agent: Callable[[str], Agent], end: str, message: str
) -> None:
    body = f"import signal\nserve({{'work': lambda _: {end}}})"

    with (
        open_session(own_agent(body), workspace) as session,
        pytest.raises(AgentError, match=rf"'own' {message} \(asked for work\)"),
    ):
        session.call("work", {})


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"result": {"content": [{"type": "text", "text": "done"}]}}, "returned no structured content"),
        ({"error": {"code": -32603, "message": "out of cheese"}}, "answered with an error: out of cheese"),
    ],
    ids=["no-structured-content", "protocol-error"],
)
def test_answer_without_a_result_is_refused(
    workspace: Path, own_agent: Callable[[str], Agent], answer: dict[str, object], message: str
) -> None:
    body = f"""
import frame
def answer(request, tools, schema):
    if request["method"] == "tools/call":
        return {answer}
    if request["method"] == "tools/list":
        return {{"result": {{"tools": [{{"name": "work", "inputSchema": {{"type": "object"}}}}]}}}}
    return usual(request, tools, schema)
usual, frame._answer = frame._answer, answer
serve({{}})
"""
    with (
        open_session(own_agent(body), workspace) as session,
        pytest.raises(AgentError, match=rf"'own' {message} \(asked for work\)") as caught,
    ):
        session.call("work", {})

    assert caught.value.fix.startswith(
        "return the report as an object in `structuredContent`" if "result" in answer else ""
    )


def test_tools_are_listed_page_by_page_and_blank_lines_are_nothing(
    workspace: Path, own_agent: Callable[[str], Agent]
) -> None:
    body = """
import frame
def answer(request, tools, schema):
    sys.stdout.write("\\n\\r\\n")
    found = usual(request, tools, schema)
    if request["method"] == "tools/list":
        page = int(request.get("params", {}).get("cursor", "0"))
        found["result"]["tools"] = found["result"]["tools"][page : page + 1]
        if page + 1 < len(tools):
            found["result"]["nextCursor"] = str(page + 1)
    return found
usual, frame._answer = frame._answer, answer
serve({"three": None, "one": None, "two": None})
"""
    with open_session(own_agent(body), workspace) as session:
        assert session.info.tools == ("one", "three", "two")


def test_interrupted_call_ends_the_agent(workspace: Path, own_agent: Callable[[str], Agent]) -> None:
    body = """
import signal
def interrupt(_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with open("pid", "w") as file:
        file.write(str(os.getpid()))
    os.kill(os.getppid(), signal.SIGINT)
    while True:
        signal.pause()
serve({"interrupt": interrupt})
"""
    with pytest.raises(KeyboardInterrupt), open_session(own_agent(body), workspace) as session:
        session.call("interrupt", {})

    wait_until_gone(int(workspace.joinpath("pid").read_text()))


def test_agent_sees_none_of_the_callers_secrets(
    workspace: Path, own_agent: Callable[[str], Agent], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_TOKEN", "secret")

    with open_session(own_agent("serve({'env': lambda _: {'names': sorted(os.environ)}})"), workspace) as session:
        names = session.call("env", {})["names"]

    assert "PATH" in names
    assert "API_TOKEN" not in names


def _apply(workspace: Path) -> int:
    with running("honest_nothing", workspace) as session:
        return int(session.call("patterns.apply", APPLY)["examined"])


def test_sessions_work_in_threads_side_by_side(workspace: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(_apply, [workspace] * 3)) == [0, 0, 0]


def test_aborting_a_registry_ends_a_call_and_refuses_further_sessions(
    workspace: Path, own_agent: Callable[[str], Agent]
) -> None:
    body = """
import signal
def hang(_):
    open("pid", "w").write(str(os.getpid()))
    signal.pause()
serve({"hang": hang})
"""
    registry = SessionRegistry()
    with ThreadPoolExecutor(1) as thread:
        call = thread.submit(_hang, own_agent(body), workspace, registry)
        pid = int(_wait_for_text(workspace / "pid"))
        registry.abort()
        with pytest.raises(AgentError, match=r"'own' was killed \(asked for hang\)"):
            call.result(timeout=30)
    wait_until_gone(pid)
    with (
        pytest.raises(AgentError, match="the run was aborted"),
        open_session(agent("honest_nothing"), workspace, registry=registry),
    ):
        pass


def test_aborting_a_registry_ends_a_handshake(workspace: Path, own_agent: Callable[[str], Agent]) -> None:
    body = "import signal\nopen('pid', 'w').write(str(os.getpid()))\nsignal.pause()"
    registry = SessionRegistry()
    with ThreadPoolExecutor(1) as thread:
        call = thread.submit(_hang, own_agent(body), workspace, registry)
        pid = int(_wait_for_text(workspace / "pid"))
        registry.abort()
        with pytest.raises(AgentError, match=r"'own' was killed \(at start\)"):
            call.result(timeout=30)
    wait_until_gone(pid)


def _hang(agent: Agent, workspace: Path, registry: SessionRegistry) -> None:
    with open_session(agent, workspace, registry=registry) as session:
        session.call("hang", {})


def _wait_for_text(path: Path) -> str:
    return wait_until(lambda: path.read_text() if path.is_file() else "")
