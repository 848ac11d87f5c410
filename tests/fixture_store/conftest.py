"""No test here asks an index or reads a store of the person who runs it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_orchestrator.fixture_store.store import Store
from tests.fixture_store.package_index import PackageIndex, serving


@pytest.fixture(autouse=True)
def _nobodys_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith("PIP_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store")


@pytest.fixture
def index() -> Iterator[PackageIndex]:
    """A package index without files."""
    with serving(PackageIndex()) as index:
        yield index
