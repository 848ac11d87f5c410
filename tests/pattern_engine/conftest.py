"""What several tests of the engine begin with: a worker, and the patterns whose code the test module holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.pattern import PatternCall, bind, read_pattern

Write = Callable[..., Path]


@pytest.fixture(scope="module")
def worker() -> Iterator[WorkerHandle]:
    with WorkerHandle() as shared:
        yield shared


@pytest.fixture
def codemod(tmp_path: Path, write_pattern: Write, request: pytest.FixtureRequest) -> PatternCall:
    """The module's `CODEMOD`."""
    return bind(read_pattern(write_pattern(tmp_path, "codemod", code=request.module.CODEMOD)), {})


@pytest.fixture
def linter(tmp_path: Path, write_pattern: Write, request: pytest.FixtureRequest) -> PatternCall:
    """The module's `LINTER`."""
    return bind(read_pattern(write_pattern(tmp_path, "linter", code=request.module.LINTER, kind="linter")), {})
