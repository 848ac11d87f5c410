"""Patterns that attack what runs them. Each costs the file that it attacks in at most, and the verdict says so."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import run
from tests.conftest import write_pattern_folder
from tests.waiting import wait_until_gone

SERVER = """
import sys
def server():
    frame = sys._getframe()
    while type(frame.f_locals.get("self")).__name__ != "Server":
        frame = frame.f_back
    return frame.f_locals["self"]
"""
# A codemod that renames `old`, and attacks where it meets a name that says how.
CODE = """
import atexit, builtins, ctypes, json, os, signal, socket, subprocess, sys, threading, time
from pathlib import Path
import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand
from pytest_orchestrator.pattern_engine import channel
from pytest_orchestrator.pattern_engine.worker import main

def sockets():
    return [fd for fd in range(3, 100) if Path(f"/proc/self/fd/{fd}").is_socket()]

def done(question, text):
    return channel.pack({"kind": "done", "edited_by": [0]}, text, question=question)

def forge(*frames):
    for fd in sockets():
        os.write(fd, b"".join(frames))

def recurse():
    recurse()

class Unprintable(Exception):
    def __str__(self): os._exit(8)

def throw(error):
    raise error

def fork_twice():
    if os.fork() == 0:
        os.setsid()
        if os.fork() > 0:
            os._exit(0)
        note(os.getpid())
        time.sleep(600)

def note(pid):
    with open(os.path.join(os.path.dirname(__file__), "pids"), "a") as pids:
        pids.write(f"{pid}\\n")

def bomb():
    for _ in range(40):
        if os.fork() == 0:
            time.sleep(600)

def steal():
    for name in os.listdir(f"/proc/{os.getppid()}/fd"):
        path = f"/proc/{os.getppid()}/fd/{name}"
        if os.readlink(path).startswith(("socket:", "pipe:")):
            try:
                with open(path, "wb", buffering=0) as stream:
                    stream.write(done(channel.NO_QUESTION, b"stolen = 1\\n"))
            except OSError:
                pass

def answer_late():
    # Answers the question about this file at once, and goes on until the next one was asked.
    found = server()
    found._channel.sendall(done(found._question, b"first = 1\\n"))
    time.sleep(0.3)

def answer_twice():
    once = main.Server.reply
    main.Server.reply = lambda *arguments: [once(*arguments), once(*arguments)] and None

ATTACKS = {
ROWS
}

class Entry(VisitorBasedCodemodCommand):
    def leave_Name(self, original_node, updated_node):
        if original_node.value in ATTACKS:
            return ATTACKS[original_node.value](updated_node) or updated_node  # most return None
        return updated_node.with_changes(value="new") if original_node.value == "old" else updated_node
"""
NEW, OLD = "new", "old"
OPTIONS = ("--select", "evil", "--allow-dirty", "--no-cache", "--jobs", "1")
Attacked = tuple[Path, dict[str, Any], dict[str, Any]]

# name: (what the pattern does, what becomes of the file, what the verdict says)
ATTACKS: dict[str, tuple[str, str, str]] = {
    "exits": ("sys.exit(3)", OLD, "pattern.py:*: called sys.exit(3)"),
    "ends": ("os._exit(4)", OLD, "ended its process with exit code 4"),
    "aborts": ("os.abort()", OLD, "was ended by the signal SIGABRT"),
    "crashes": ("ctypes.string_at(0)", OLD, "was ended by the signal SIGSEGV"),
    "kills-itself": ("os.kill(os.getpid(), signal.SIGKILL)", OLD, "was ended by the signal SIGKILL"),
    "kills-its-group": ("os.killpg(0, signal.SIGKILL)", OLD, "was ended by the signal SIGKILL"),
    "forks-many": ("bomb()", NEW, ""),
    "leaves-a-thread": ("threading.Thread(target=time.sleep, args=(600,)).start()", NEW, ""),
    "prints": ("print('x' * 3_000_000)", NEW, ""),
    "writes-noise": ("[os.write(fd, b'noise' * 99) for fd in sockets()]", OLD, "wrote to the channel reserved for"),
    "closes": ("os.closerange(0, 100)", OLD, "ended its process with exit code"),
    "shuts-down": ("server()._channel.shutdown(socket.SHUT_RDWR)", OLD, "ended its process with exit code"),
    "replaces-json": ("setattr(json, 'dumps', lambda *_, **__: '[]')", OLD, "reserved for answers"),
    "replaces-the-parser": ("setattr(cst, 'parse_module', lambda *_: None)", OLD, "ended its process with exit"),
    "traces": ("sys.settrace(lambda *_: os._exit(5))", OLD, "ended its process with exit code 5"),
    "profiles": ("sys.setprofile(lambda *_: os._exit(5))", OLD, "ended its process with exit code 5"),
    "interrupts": (
        "[signal.signal(signal.SIGALRM, lambda *_: os._exit(6)), signal.raise_signal(signal.SIGALRM)]",
        OLD,
        "ended its process with exit code 6",
    ),
    "ignores-signals": ("[signal.signal(one, signal.SIG_IGN) for one in (2, 15, 13, 1)] and None", NEW, ""),
    "ends-later": ("atexit.register(os._exit, 7) and None", NEW, ""),
    "replaces-len": ("setattr(builtins, 'len', lambda *_: 0)", OLD, "*"),
    "replaces-import": ("setattr(builtins, '__import__', recurse)", OLD, "*"),
    "forgets-modules": ("sys.modules.clear()", OLD, "*"),
    "recurses": ("recurse()", OLD, "RecursionError"),
    "wants-memory": ("bytearray(1 << 60)", OLD, "MemoryError"),
    "raises-interrupt": ("throw(KeyboardInterrupt())", OLD, "KeyboardInterrupt"),
    "raises-generator-exit": ("throw(GeneratorExit())", OLD, "GeneratorExit"),
    "raises-unprintable": ("throw(Unprintable())", OLD, "ended its process with exit code 8"),
    "raises-at-length": ("throw(ValueError('x' * 9_000_000))", OLD, "ValueError: xxx"),
    "raises-escapes": ("throw(ValueError('\\x1b[2J'))", OLD, r"ValueError: \x1b[2J"),
    "returns-a-number": ("7", OLD, "not a node"),
    "returns-no-python": ("cst.Name('class')", OLD, "refused"),
    "moves-away": ("os.chdir('/')", NEW, ""),
    "forges-an-answer": ("forge(done(channel.NO_QUESTION, b'x = 1\\n'))", OLD, "reserved for answers"),
    "forges-a-frame": ("forge(channel.pack({'kind': 'done', 'edited_by': [9]}))", OLD, "reserved for answers"),
    "forges-deep-json": ("forge(channel._HEADER.pack(200_000, 0, bytes(16)) + b'[' * 200_000)", OLD, "reserved for"),
    "claims-another-codemod": (
        "server().reply(channel.Done(edited_by=(1,)), b'x = 1\\n')",
        OLD,
        "answered something else than it was asked",
    ),
    "claims-a-finding": (
        "server().reply(channel.Findings(call=0, diagnostics=()))",
        OLD,
        "answered something else than it was asked",
    ),
    "denies-the-file": (
        "server().reply(channel.Failed(reason='syntax', message='no'))",
        OLD,
        "answered something else than it was asked",
    ),
    "answers-no-python": ("server().reply(channel.Done(edited_by=(0,)), b'x = (')", OLD, "Python can't parse it"),
    "answers-late": ("answer_late()", "first = 1\n", ""),
    "answers-twice": ("answer_twice()", NEW, ""),
    "writes-to-its-parent": ("steal()", NEW, ""),
}


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    """A project after one run of the pattern: for each attack the file that it attacks, its neighbour, and a file on
    which the pattern's process ends, so that each attack meets a new one. Then the report, and the rejections by path.
    """
    root = tmp_path_factory.mktemp("project")
    rows = "".join(f"    {_name(id_)!r}: lambda node: {code},\n" for id_, (code, _, _) in ATTACKS.items())
    code = SERVER + CODE.replace("ROWS", rows)
    write_pattern_folder(root / "patterns", "evil", code=code, trigger="{text: [old]}")
    (root / "bystander.py").write_text("x = 1\n")
    for id_ in ATTACKS:
        (root / f"{id_}.1.py").write_text(f"{_name(id_)} = old\n")
        (root / f"{id_}.2.py").write_text("x = old\n")
        (root / f"{id_}.3.py").write_text("ends = old\n")
    before = _files(root)
    report = json.loads(run(root, "patterns", "apply", *OPTIONS, "--format", "json", "*.py", code=2).stdout)
    assert _files(root) == before
    return root, report, {item["path"]: item for item in report["files"] if item["kind"] == "rejected"}


def _name(id_: str) -> str:
    return id_.replace("-", "_")


def _files(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*")}


@pytest.mark.parametrize("id_", ATTACKS)
def test_an_attack_ends_in_a_clear_verdict_about_its_own_file(attacked: Attacked, id_: str) -> None:
    root, _, rejected = attacked
    _, text, verdict = ATTACKS[id_]
    text = f"{_name(id_)} = {text}\n" if text in (NEW, OLD) else text
    assert (root / f"{id_}.1.py").read_text() == text
    found = rejected.get(f"{id_}.1.py")
    assert (found is None) == (verdict == ""), found
    if found is not None:
        assert found["pattern"] == "evil"
        assert len(found["message"]) < 1_000
        for part in verdict.split("*"):
            assert part in found["message"]
    # The file after it is right, or left alone with a verdict of its own.
    neighbour = rejected.get(f"{id_}.2.py")
    assert (root / f"{id_}.2.py").read_text() == ("x = new\n" if neighbour is None else "x = old\n")
    assert rejected[f"{id_}.3.py"]["message"] == "ended its process with exit code 4"
    assert (root / f"{id_}.3.py").read_text() == "ends = old\n"


def test_a_file_that_the_pattern_was_not_asked_about_stays(
    attacked: Attacked,
) -> None:
    root, report, _ = attacked
    assert (root / "bystander.py").read_text() == "x = 1\n"
    assert report["examined"] == 3 * len(ATTACKS) + 1


def _project(root: Path, code: str, **keys: Any) -> Path:
    """A project with the pattern `evil`, a codemod unless `keys` say otherwise, and a file for it."""
    base = "VisitorBasedCodemodCommand" if keys.get("kind", "codemod") == "codemod" else "Linter"
    head = "from libcst.codemod import *\nfrom pytest_orchestrator.api.patterns import Linter\n" + SERVER
    write_pattern_folder(root / "patterns", "evil", code=head + code.replace("BASE", base), **keys)
    (root / "a.py").write_text("class A(object):\n    old = 1\n")
    return root


SAYS = """
import os
class Entry(BASE):
    def leave_Name(self, original_node, updated_node):
        return updated_node.with_changes(value=says()) if original_node.value == "old" else updated_node
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("os.environ.get('GITHUB_TOKEN', 'absent')", "absent"),
        ("'path' if 'PATH' in os.environ else 'absent'", "path"),
        # The channel, besides standard input and output.
        ("f\"open_{len([fd for fd in range(3, 1000) if os.path.exists(f'/proc/self/fd/{fd}')])}\"", "open_1"),
    ],
)
def test_a_pattern_inherits_no_secrets_and_no_open_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, expected: str
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    _project(tmp_path, f"{SAYS}\ndef says(): return {code}\n")
    with (tmp_path / "open").open("w") as stream:
        os.set_inheritable(stream.fileno(), True)
        run(tmp_path, "patterns", "apply", *OPTIONS, "a.py", code=0)
    assert (tmp_path / "a.py").read_text() == f"class A(object):\n    {expected} = 1\n"


BEGINS = """
import os, subprocess, sys, time, signal
def note():
    descriptor = os.open(NOTE, os.O_WRONLY)
    os.write(descriptor, f"{os.getpid()} ".encode())
    os.close(descriptor)
def sleep():
    note()
    time.sleep(600)
def starts():
    if os.fork() == 0: sleep()
def starts_a_session():
    if os.fork() == 0:
        os.setsid()
        sleep()
def starts_a_daemon():
    if (child := os.fork()) == 0:
        os.setsid()
        if os.fork() == 0: sleep()
        os._exit(0)
    os.waitpid(child, 0)
def starts_a_daemon_and_ends():
    starts_a_daemon()
    os._exit(3)
def starts_and_kills_the_worker():
    starts()
    os.kill(os.getppid(), signal.SIGKILL)
def says():
    START()
    return "new"
"""


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("starts", 0),
        ("starts_a_session", 0),
        ("starts_a_daemon", 0),
        ("starts_a_daemon_and_ends", 2),
        ("starts_and_kills_the_worker", 2),
    ],
)
def test_what_a_pattern_started_ends_with_the_run(tmp_path: Path, start: str, code: int) -> None:
    os.mkfifo(tmp_path / "pids")
    reading = os.open(tmp_path / "pids", os.O_RDONLY | os.O_NONBLOCK)
    begins = BEGINS.replace("NOTE", repr(str(tmp_path / "pids"))).replace("START", start)
    _project(tmp_path, SAYS + begins)
    run(tmp_path, "patterns", "apply", *OPTIONS, "a.py", code=code)
    started = os.read(reading, 1_000).split()  # killed before it wrote its id: there is none
    os.close(reading)
    for pid in started:
        wait_until_gone(int(pid), timeout_s=5)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("channel.Done(edited_by=(0,)), b'x = 1'", "answered something else than it was asked"),
        ("channel.Findings(call=0, diagnostics=(finding('b.py', 'evil', 1),))", "answered something else"),
        ("channel.Findings(call=0, diagnostics=(finding('a.py', 'good', 1),))", "answered something else"),
        ("channel.Findings(call=0, diagnostics=(finding('a.py', 'evil', 9),))", "answered something else"),
        ("channel.Findings(call=-1, diagnostics=())", "answered something else"),
        ("channel.Findings(call=1, diagnostics=())", "answered something else"),
    ],
)
def test_a_linter_speaks_only_for_itself_and_about_the_file(tmp_path: Path, answer: str, verdict: str) -> None:
    code = f"""
from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.pattern_engine import channel
def finding(path, rule, line):
    place = Range(start_line=line, start_column=1, end_line=line, end_column=1)
    return Diagnostic(rule=rule, severity="warning", message="x", path=path, range=place)
class Entry(BASE):
    def visit_Name(self, node):
        server().reply({answer})
"""
    _project(tmp_path, code, kind="linter")
    result = run(tmp_path, "patterns", "lint", "--select", "evil", "--no-cache", "a.py", code=2)
    assert "a.py: left alone (exited): evil: " + verdict in result.stdout
    assert (tmp_path / "a.py").read_text() == "class A(object):\n    old = 1\n"


def test_a_codemod_cannot_speak_for_a_shipped_one(tmp_path: Path) -> None:
    code = (
        SAYS
        + """
from pytest_orchestrator.pattern_engine import channel
def says():
    server().reply(channel.Done(edited_by=(0, 1)), b"stolen = 1")
"""
    )
    _project(tmp_path, code)
    (tmp_path / "b.py").write_text("class B(object): pass\n")
    options = (*OPTIONS, "--select", "no-object-base")
    result = run(tmp_path, "patterns", "apply", *options, "a.py", "b.py", code=2)
    assert "a.py: left alone (exited): evil: answered something else than it was asked" in result.stdout
    assert (tmp_path / "a.py").read_text() == "class A(object):\n    old = 1\n"
    assert (tmp_path / "b.py").read_text() == "class B: pass\n"


@pytest.mark.parametrize(
    ("within", "text", "line"),
    [
        ("statement", "x = old\ny = 1\n", 2),
        ("header", "def f(old): pass\ny = 1\n", 2),
        ("top", "# old\nx = 1\ny = 1\n", 3),
        ("file", "x = old\ny = 1\n", None),
    ],
)
def test_a_result_differs_only_where_the_trigger_allows_it(
    tmp_path: Path, within: str, text: str, line: int | None
) -> None:
    code = """
from pytest_orchestrator.pattern_engine import channel
class Entry(BASE):
    def transform_module(self, tree):
        server().reply(channel.Done(edited_by=(0,)), TEXT)
        return tree
"""
    changed = text.replace("y = 1", "y = 2")
    _project(tmp_path, code.replace("TEXT", repr(changed.encode())), trigger=f"{{text: [old], within: {within}}}")
    (tmp_path / "a.py").write_text(text)
    result = run(tmp_path, "patterns", "apply", *OPTIONS, "a.py")
    assert (tmp_path / "a.py").read_text() == (changed if line is None else text)
    if line is not None:
        verdict = f"the pattern's result is refused: it changes line {line}, which is in no {within} that its trigger"
        assert f"a.py: left alone (broken-output): evil: {verdict}" in result.stdout


@pytest.mark.parametrize("by_variable", [False, True])
def test_a_user_can_refuse_the_patterns_of_a_checkout(tmp_path: Path, by_variable: bool) -> None:
    _project(tmp_path, f"raise ValueError\n{SAYS}")
    write_pattern_folder(tmp_path / "patterns", "no-object-base", code="raise ValueError\n")
    env = {"PYTEST_ORCHESTRATOR_LIBRARY": "shipped"} if by_variable else {}
    trusted = () if by_variable else ("--library", "shipped")
    command = ("patterns", "apply", "--allow-dirty", "--no-cache", *trusted, "--select")
    assert "there is no pattern 'evil'" in run(tmp_path, *command, "evil", "a.py", env=env, code=2).stderr
    run(tmp_path, *command, "no-object-base", "a.py", env=env, code=0)
    assert (tmp_path / "a.py").read_text() == "class A:\n    old = 1\n"
