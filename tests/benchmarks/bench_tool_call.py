"""A tool call over stdio against the same work done in process; the promise is less than 5 ms on top of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ratio import Ratio, compare

from pytest_orchestrator.agents.agent import builtin_agent
from pytest_orchestrator.agents.session import open_session
from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, Workers, apply
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.library.library import library_folders, load_library
from pytest_orchestrator.pattern_engine.pattern import bind

_OVERHEAD_S = 0.005


def ratios() -> Iterator[Ratio]:
    """Each ratio's limit is what 5 ms on top of the work mean for that work."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        yield _overhead("stdio tool call, patterns.lint on an empty workspace", root)
        root.joinpath("module.py").write_text("def f(items=[]):\n    return items\n")
        yield _overhead("stdio tool call, patterns.lint on one small file", root)


def _overhead(name: str, root: Path) -> Ratio:
    library = library_folders(root)
    linters = [bind(pattern, {}) for pattern in load_library(library).patterns if pattern.kind == "linter"]
    workspace = Workspace(root)
    arguments: Mapping[str, Any] = {"patterns": [call.pattern.id for call in linters]}
    with open_session(builtin_agent(), root, library=library) as session, WorkerHandle() as worker:
        found = compare(
            name,
            subject=lambda: session.call("patterns.lint", arguments),
            baseline=lambda: apply(
                workspace,
                linters,
                workspace.select(),
                workers=Workers(handles=[worker]),
                options=ApplyOptions(write=False),
            ),
            limit=0,
            rounds=200,
        )
    limit = (found.baseline_s + _OVERHEAD_S) / found.baseline_s
    return Ratio(name=name, subject_s=found.subject_s, baseline_s=found.baseline_s, limit=round(limit, 2))
