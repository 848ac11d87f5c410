"""`mcp serve`: an MCP server with patterns and the spec guard, for one agent, on standard input and output."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_orchestrator.commands.extensions import command_line_manager, pattern_folders
from pytest_orchestrator.commands.spec.check import installed_rules
from pytest_orchestrator.errors import OrchestratorError, UsageError, require_package
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.library.library import library_folders as default_folders
from pytest_orchestrator.pattern_engine.library.library import load_library, named_folders
from pytest_orchestrator.process import count_cores

if TYPE_CHECKING:
    from pytest_orchestrator.mcp_servers.server import PatternServer

_GREETING = """\
This is an MCP server on stdio, to be started by an agent (see docs/mcp.md).
Workspace: {workspace}. Press Ctrl-C or Ctrl-D to stop it.
"""


def serve(workspace: Path, library_folders: Sequence[Path] | None, *, evaluation: bool = False) -> bool:
    """Serve until the input ends or a signal comes. Returns whether the signal was SIGINT.

    Without `library_folders`, the patterns are the workspace's own, those of installed packages, and the shipped ones.
    If the workspace is not trusted, name the folders: its own patterns are code that would be run. With `evaluation`,
    the workspace is a checkout that an evaluation throws away.

    Raises:
        UsageError: the workspace is not a folder, or the SDK is not installed.
        InputError, PatternError: the library can't be read.
    """
    if not workspace.is_dir():
        raise UsageError(f"the workspace {workspace} is not a folder", fix="give --workspace a folder that exists")
    require_package("mcp", extra="mcp")
    with ExitStack() as stack:
        workers = [stack.enter_context(WorkerHandle()) for _ in range(count_cores())]
        # The worker imports LibCST while we import the SDK.
        threading.Thread(target=_warm, args=(workers[0],), name="warm", daemon=True).start()
        # Imports create tens of thousands of objects that stay. The garbage collector's look at them slows the start,
        # and costs 0.2 s at exit.
        gc.disable()
        try:
            from pytest_orchestrator.mcp_servers.stdio import serve_stdio

            server = pattern_server(workspace, library_folders, workers, evaluation=evaluation)
            gc.freeze()
        finally:
            gc.enable()
        if sys.stdin.isatty():
            sys.stderr.write(_GREETING.format(workspace=workspace.resolve()))
            sys.stderr.flush()
        return serve_stdio(server) == signal.SIGINT


def pattern_server(
    workspace: Path,
    library_folders: Sequence[Path] | None,
    workers: Sequence[WorkerHandle],
    *,
    evaluation: bool = False,
) -> PatternServer:
    """The server that `serve` runs. It does not close the workers.

    Raises:
        InputError, PatternError: the library can't be read.
    """
    from pytest_orchestrator.commands.mcp.pattern_runs import EvaluationRuns, GuardedRuns
    from pytest_orchestrator.mcp_servers.server import build_server

    folders = None if library_folders is None else named_folders(library_folders)
    if folders is None:
        folders = default_folders(workspace, pattern_folders(command_line_manager()))
    library = load_library(folders)
    return build_server(
        workspace,
        library,
        EvaluationRuns(workers=workers) if evaluation else GuardedRuns(library=library, workers=workers),
        rules=installed_rules,
        limits_answers=not evaluation,
    )


def _warm(worker: WorkerHandle) -> None:
    # If the worker does not start, the first call reports it.
    with suppress(OrchestratorError):
        worker.check(())
