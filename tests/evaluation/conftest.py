"""Cases run in this process here; `tests/plugin` runs them as pytest does."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_orchestrator.fixture_store.store import Store
from tests.evaluation.project import Project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project without anything in it."""
    monkeypatch.setenv("PYTEST_ORCHESTRATOR_STORE", str(tmp_path / "store"))
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").touch()
    return Project(root, Store(tmp_path / "store"))
