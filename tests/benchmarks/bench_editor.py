"""The language server's reaction to a change of a file of 1,000 lines, against one LibCST parse of that file."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import libcst as cst
from ratio import Ratio, compare

_FINDING = "def add(item, to=[]):\n    return to\n"


def ratios() -> Iterator[Ratio]:
    """From a change of the text to the findings of all linters, with the server warm."""
    text = Path(tempfile.__file__).read_text(encoding="utf-8")
    text += _FINDING * ((1000 - text.count("\n")) // 2)
    with tempfile.TemporaryDirectory() as folder:
        client = _Client(Path(folder).resolve() / "module.py", text)
        try:
            yield compare(
                "language server, a change of 1,000 lines to findings",
                subject=client.react,
                baseline=lambda: cst.parse_module(text),
                limit=2.0,
                rounds=40,
            )
        finally:
            client.close()


class _Client:
    """A client that has opened one document."""

    def __init__(self, file: Path, text: str) -> None:
        self._text, self._uri, self._version = text, file.as_uri(), 1
        command = [sys.executable, "-m", "pytest_orchestrator", "lsp"]
        self._process = subprocess.Popen(command, cwd=file.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._send("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, id=1)
        self._send("initialized", {})
        document = {"uri": self._uri, "languageId": "python", "version": 1, "text": text}
        self._send("textDocument/didOpen", {"textDocument": document})
        self._wait()

    def react(self) -> None:
        """Change the text, and wait for what is found in it."""
        self._version += 1
        changes = [{"text": f"# {self._version}\n{self._text}"}]
        name = {"uri": self._uri, "version": self._version}
        self._send("textDocument/didChange", {"textDocument": name, "contentChanges": changes})
        self._wait()

    def close(self) -> None:
        """End the server."""
        self._process.kill()
        self._process.communicate()

    def _send(self, method: str, params: Any, **more: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _wait(self) -> None:
        """Read until the findings of the newest version are there."""
        stdout = self._process.stdout
        assert stdout is not None
        while True:
            header = stdout.readline()
            assert header, "the server has ended"
            while stdout.readline().strip():
                pass
            message = json.loads(stdout.read(int(header.split(b":")[1])))
            if message.get("params", {}).get("version") == self._version and message["params"]["diagnostics"]:
                return
