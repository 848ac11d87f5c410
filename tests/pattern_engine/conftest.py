"""What several tests of the engine begin with: a worker, and the patterns whose code the test module holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.pattern import PatternCall, bind, read_pattern
from tests.conftest import WritePattern
from tests.pattern_engine.old_names import LINTER

MakeCall = Callable[..., PatternCall]


@pytest.fixture(scope="module")
def worker() -> Iterator[WorkerHandle]:
    with WorkerHandle() as shared:
        yield shared


@pytest.fixture
def make_call(tmp_path: Path, write_pattern: WritePattern) -> MakeCall:
    """Writes a pattern of this id and code, and calls it; further arguments are those of `write_pattern`."""

    def make(id_: str, code: str, **arguments: Any) -> PatternCall:
        return bind(read_pattern(write_pattern(tmp_path / "patterns", id_, code=code, **arguments)), {})

    return make


@pytest.fixture
def codemod(make_call: MakeCall, request: pytest.FixtureRequest) -> PatternCall:
    """The module's `CODEMOD`."""
    return make_call("codemod", request.module.CODEMOD)


@pytest.fixture
def linter(make_call: MakeCall, request: pytest.FixtureRequest) -> PatternCall:
    """The module's `LINTER`, or that of old names."""
    return make_call("linter", getattr(request.module, "LINTER", LINTER), kind="linter")
