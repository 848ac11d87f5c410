"""A library of small patterns, a workspace, and a client that speaks to a server in memory in each protocol era."""

from __future__ import annotations

import os
import select
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import anyio.from_thread
import pytest
from mcp import Client
from mcp_types import CallToolResult

from pytest_orchestrator.commands.mcp.serve import pattern_server
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from tests.conftest import WritePattern
from tests.waiting import wait_until_gone

_CODEMOD = """\
import os
import sys
import time
from pathlib import Path

import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand

print("printed on import")


class Entry(VisitorBasedCodemodCommand):
    def __init__(self, context, to="renamed"):
        super().__init__(context)
        self.to = to

    def transform_module_impl(self, tree):
        print("printed at work")
        if "loop_for_ever" in tree.code:
            Path(__file__).with_name("pid").write_text(str(os.getpid()))
            while True:
                time.sleep(0.01)
        return super().transform_module_impl(tree)

    def leave_Name(self, original_node, updated_node):
        return updated_node.with_changes(value=self.to) if updated_node.value == "old" else updated_node
"""

_LINTER = """\
from pytest_orchestrator.api.patterns import Linter


class Entry(Linter):
    def visit_Name(self, node):
        if node.value == "old":
            self.report(node, "old is out")
"""

_TEXT = "Hello {{name}}, {{times}} times. {{loud}} {{weight}} {{tone}}\n"
_PARAMETERS = """
  name: {type: string, description: Whom to greet.}
  times: {type: integer, description: How often., default: 1}
  loud: {type: boolean, description: Whether to shout., default: false}
  weight: {type: number, description: In grams., default: 0.5}
  tone: {type: string, description: How it sounds., default: warm, enum: [warm, cold]}"""


@pytest.fixture
def library(tmp_path: Path, write_pattern: WritePattern) -> Path:
    """The codemod `rename-old`, the linter `no-old` and the template `letter`."""
    folder = tmp_path / "library"
    readme = {"README.md": "# Rename old\n\nBefore: `old`. After: `renamed`.\n"}
    to = "\n  to: {type: string, description: The new name., default: renamed}"
    write_pattern(folder, "rename-old", code=_CODEMOD, files=readme, tags="[names]", parameters=to)
    readme = {"README.md": "# Nothing is called old\n"}
    write_pattern(folder, "no-old", code=_LINTER, files=readme, tags="[names, strict]", kind="linter")
    write_pattern(folder, "letter", files={"template.md": _TEXT}, kind="template", entry="", parameters=_PARAMETERS)
    return folder


class Endless:
    """The work of `rename-old` on a file that says `loop_for_ever`: it never ends, and writes its process id first."""

    def __init__(self, pipe: Path) -> None:
        os.mkfifo(pipe)
        self._reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    def wait_until_begun(self) -> None:
        ready, _, _ = select.select([self._reader], [], [], 60)
        assert ready, "the work did not begin"
        self._worker = int(os.read(self._reader, 100))

    def wait_until_gone(self) -> None:
        wait_until_gone(self._worker)

    def close(self) -> None:
        os.close(self._reader)


@pytest.fixture
def endless(library: Path) -> Iterator[Endless]:
    found = Endless(library / "rename-old" / "pid")
    yield found
    found.close()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.joinpath("package").mkdir(parents=True)
    folder.joinpath("one.py").write_text("old = 1\n")
    folder.joinpath("package", "two.py").write_text("new = 2\n")
    return folder


@pytest.fixture(params=["legacy", "auto"])
def mode(request: pytest.FixtureRequest) -> str:
    """How a client connects: the handshake era, and whatever is newest."""
    return str(request.param)


class Caller:
    """A connected client, seen from a test that knows no event loop."""

    def __init__(self, client: Client, portal: anyio.from_thread.BlockingPortal) -> None:
        self.client = client
        self.portal = portal

    def call(self, tool: str, **arguments: Any) -> CallToolResult:
        result = self.portal.call(self.client.call_tool, tool, arguments)
        assert isinstance(result, CallToolResult)
        return result

    def ok(self, tool: str, **arguments: Any) -> Any:
        """The structured content of a call that must succeed."""
        result = self.call(tool, **arguments)
        assert not result.is_error, result.content
        return result.structured_content

    def refusal(self, tool: str, **arguments: Any) -> str:
        """The words of a call that must be refused."""
        result = self.call(tool, **arguments)
        assert result.is_error
        [block] = result.content
        assert block.type == "text"
        return block.text

    def ask(self, method: str, *arguments: Any) -> Any:
        """What another method of the client returns."""
        return self.portal.call(getattr(self.client, method), *arguments)


@contextmanager
def connect(target: Any, mode: str) -> Iterator[Caller]:
    with (
        anyio.from_thread.start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(target, mode=mode, cache=None)) as client,
    ):
        yield Caller(client, portal)


@pytest.fixture
def connected() -> Callable[[Any, str], AbstractContextManager[Caller]]:
    """Connects to a server, or to the command that starts one."""
    return connect


@pytest.fixture
def caller(workspace: Path, library: Path, mode: str, tmp_path: Path) -> Iterator[Caller]:
    """A client of a server in memory, for a workspace whose files are committed."""
    for command in ("init -q -b main", "add .", "commit -q --allow-empty -m start"):
        subprocess.run(["git", *command.split()], cwd=workspace, check=True)
    with (
        WorkerHandle() as worker,
        pytest.MonkeyPatch.context() as patch,
        connect(pattern_server(workspace, [library], [worker]), mode) as found,
    ):
        patch.setenv("PYTEST_ORCHESTRATOR_CACHE", str(tmp_path / "cache"))
        yield found
