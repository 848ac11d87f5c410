"""The server as a process: what it does with wrong input, and how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import write_pattern_folder
from tests.lsp.editor import COMMAND
from tests.waiting import wait_until

_OPEN = "textDocument/didOpen"


class Raw:
    """A client that may say anything."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def send(self, body: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def say(self, method: str, params: Any = None, *, id_: int | None = None) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params, **({"id": id_} if id_ is not None else {})}
        self.send(json.dumps(message).encode())

    def answer(self, id_: int) -> Any:
        """The answer to a request; notifications before it are dropped."""
        assert self.process.stdout is not None
        while True:
            header = self.process.stdout.readline()
            assert header, "the server has ended"
            length = int(header.split(b":")[1])
            while self.process.stdout.readline().strip():
                pass
            message = json.loads(self.process.stdout.read(length))
            if message.get("id") == id_ and "method" not in message:
                return message


@contextmanager
def _server(root: Path) -> Iterator[Raw]:
    with subprocess.Popen(
        COMMAND, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as it:
        try:
            raw = Raw(it)
            raw.say("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, id_=1)
            capabilities = raw.answer(1)["result"]["capabilities"]
            assert capabilities["textDocumentSync"]["change"] == 1
            raw.say("initialized", {})
            yield raw
        finally:
            it.kill()


def _item(uri: str, text: str) -> dict[str, Any]:
    return {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": text}}


def test_wrong_input_ends_nothing(tmp_path: Path) -> None:
    file = (tmp_path / "a.py").as_uri()
    position = {"line": 10**6, "character": 10**6}
    with _server(tmp_path) as raw:
        raw.send(b"{no json")
        raw.send(b"[]")
        raw.send(b"\xff\xfe")
        raw.say("textDocument/unknown", {}, id_=2)
        assert raw.answer(2)["error"]["code"] == -32601
        raw.say("textDocument/hover", {"nothing": 1}, id_=3)  # pygls gives no answer to it
        for uri in ("untitled:one", "file:///%00", "git:/a.py", "nonsense", "file:///" + "x" * 5000, file):
            raw.say(_OPEN, _item(uri, "def f(x=[]): pass\n"))
            everything = {"start": {"line": 0, "character": 0}, "end": position}
            action = {"textDocument": {"uri": uri}, "range": everything, "context": {"diagnostics": []}}
            raw.say("textDocument/codeAction", action, id_=4)
            assert "result" in raw.answer(4), uri
            raw.say("textDocument/hover", {"textDocument": {"uri": uri}, "position": position}, id_=5)
            assert raw.answer(5)["result"] is None
            raw.say("textDocument/codeLens", {"textDocument": {"uri": uri}}, id_=6)
            assert raw.answer(6)["result"] == []
        for name, arguments in (
            ("pytest-orchestrator.fixProject", [1, 2]),
            ("no.such", []),
            ("pytest-orchestrator.openSpec", []),
        ):
            raw.say("workspace/executeCommand", {"command": name, "arguments": arguments}, id_=7)
            raw.answer(7)
        raw.say("textDocument/didClose", {"textDocument": {"uri": "file:///never-opened.py"}})
        raw.say("shutdown", id_=8)
        assert raw.answer(8)["result"] is None
        raw.say("exit")
        assert raw.process.wait(30) == 0


_ENDLESS = """
from pytest_orchestrator.api.patterns import Linter

class Entry(Linter):
    def visit_Module(self, node):
        open(__file__ + ".runs", "w").close()
        while True:
            pass
"""


@pytest.mark.parametrize("end", ["exit", "close", "SIGTERM", "SIGINT"])
def test_it_ends_whatever_still_runs(tmp_path: Path, end: str) -> None:
    folder = write_pattern_folder(tmp_path / "patterns", "endless", kind="linter", code=_ENDLESS)
    (tmp_path / "pyproject.toml").write_text("")
    with _server(tmp_path) as raw:
        raw.say(_OPEN, _item((tmp_path / "a.py").as_uri(), "x = 1\n"))
        wait_until((folder / "pattern.py.runs").exists)
        if end == "exit":  # without the request to shut down before
            raw.say("exit")
        elif end == "close":
            assert raw.process.stdin is not None
            raw.process.stdin.close()
        else:
            raw.process.send_signal(signal.Signals[end])
        code = raw.process.wait(20)
        assert code == {"exit": 1, "close": 0, "SIGTERM": 143, "SIGINT": 130}[end]
        assert raw.process.stderr is not None
        assert b"Traceback" not in raw.process.stderr.read()
