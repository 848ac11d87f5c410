"""A project in a real repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spec_guard.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A repository on `main`, without a commit."""
    root = tmp_path / "project"
    root.mkdir()
    return Project(root)
