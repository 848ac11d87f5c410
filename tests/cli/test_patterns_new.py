from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def call(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest_orchestrator", "patterns", *arguments]
    shown = subprocess.run(command, capture_output=True, text=True, check=False, cwd=project)
    assert "Traceback" not in shown.stderr
    return shown


@pytest.mark.parametrize("kind", ["codemod", "linter", "template"])
def test_a_new_pattern_passes_its_own_cases(tmp_path: Path, kind: str) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    made = call(tmp_path, "new", "4-new-things", "--kind", kind)
    assert made.returncode == 0
    assert "patterns/4-new-things/pattern.yaml: written" in made.stdout
    tested = call(tmp_path, "test", "4-new-things")
    assert tested.returncode == 0, tested.stdout


def test_a_new_pattern_takes_nobodys_place(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    assert call(tmp_path, "new", "mine").returncode == 0
    again = call(tmp_path, "new", "mine", "--kind", "linter")
    assert again.returncode == 2
    assert "exists already" in again.stderr


def test_a_new_pattern_needs_a_proper_id(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    refused = call(tmp_path, "new", "Not_An_Id")
    assert refused.returncode == 2
    assert "small letters" in refused.stderr
