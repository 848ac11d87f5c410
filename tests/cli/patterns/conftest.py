"""A project with two patterns of its own, in a git repository."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.patterns.command import CODEMOD, LINTER, git

Write = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path, write_pattern: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTEST_ORCHESTRATOR_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text("")
    parameters = '\n  name: {type: string, description: The name., default: "new"}'
    write_pattern(root / "patterns", "rename", code=CODEMOD, tags="[names]", parameters=parameters)
    write_pattern(root / "patterns", "old-name", code=LINTER, kind="linter", tags="[names]")
    (root / "a.py").write_text("x = old\n\n\nprint('%s' % old)\n")
    (root / "b.py").write_text("x = 1\n")
    (root / "c.py").write_text("x = (old\n")
    (root / "ignored.py").write_text("x = old\n")
    (root / ".gitignore").write_text("ignored.py\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "first")
    return root
