"""A library of small patterns, a workspace, and a client that speaks to a server in memory in each protocol era."""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import anyio.from_thread
import pytest
from mcp import Client
from mcp_types import CallToolResult

from pytest_orchestrator.mcp_servers.server import build_server

_CODEMOD = """\
import os
import sys
import time
from pathlib import Path

import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand

print("printed on import")


class Rename(VisitorBasedCodemodCommand):
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


class NoOld(Linter):
    def visit_Name(self, node):
        if node.value == "old":
            self.report(node, "old is out")
"""

_PATTERNS = {
    "rename-old": {
        "pattern.yaml": """\
schema: pytest-orchestrator/pattern/1
id: rename-old
kind: codemod
title: Rename old
description: Renames what is called old.
tags: [names]
safety: safe
minimum_python: "3.0"
entry: pattern.py:Rename
parameters:
  to:
    type: string
    description: The new name.
    default: renamed
""",
        "pattern.py": _CODEMOD,
        "README.md": "# Rename old\n\nBefore: `old`. After: `renamed`.\n",
    },
    "no-old": {
        "pattern.yaml": """\
schema: pytest-orchestrator/pattern/1
id: no-old
kind: linter
title: Nothing is called old
description: Finds what is called old.
tags: [names, strict]
safety: safe
minimum_python: "3.0"
entry: pattern.py:NoOld
""",
        "pattern.py": _LINTER,
        "README.md": "# Nothing is called old\n",
    },
    "letter": {
        "pattern.yaml": """\
schema: pytest-orchestrator/pattern/1
id: letter
kind: template
title: A letter
description: Says hello.
safety: safe
minimum_python: "3.0"
parameters:
  name:
    type: string
    description: Whom to greet.
  times:
    type: integer
    description: How often.
    default: 1
  loud:
    type: boolean
    description: Whether to shout.
    default: false
  weight:
    type: number
    description: In grams.
    default: 0.5
  tone:
    type: string
    description: How it sounds.
    default: warm
    enum: [warm, cold]
""",
        "template.md": "Hello {{name}}, {{times}} times. {{loud}} {{weight}} {{tone}}\n",
        "README.md": "# A letter\n",
    },
}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    for name, files in _PATTERNS.items():
        folder.joinpath(name).mkdir(parents=True)
        for file, text in files.items():
            folder.joinpath(name, file).write_text(text)
    return folder


class Endless:
    """The work of `rename-old` on a file that says `loop_for_ever`: it never ends, and writes its process id first."""

    def __init__(self, pipe: Path) -> None:
        os.mkfifo(pipe)
        self._reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    def wait_until_begun(self) -> None:
        ready, _, _ = select.select([self._reader], [], [], 60)
        assert ready, "the work did not begin"
        self._worker = os.pidfd_open(int(os.read(self._reader, 100)))

    def wait_until_gone(self) -> None:
        ready, _, _ = select.select([self._worker], [], [], 60)
        assert ready, "the worker is still there"

    def close(self) -> None:
        os.close(self._reader)
        os.close(self._worker)


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
def caller(workspace: Path, library: Path, mode: str) -> Iterator[Caller]:
    """A client of a server in memory."""
    with connect(build_server(workspace, [library]), mode) as found:
        yield found
