"""The shipped scenarios, on the pins and through the real agent: what `pytest --evaluate` shows to a new user."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_orchestrator.evaluation.plan.scenario import load_scenario, shipped_scenarios
from tests.pins import stored


@pytest.mark.parametrize("path", shipped_scenarios(), ids=lambda path: path.name.partition(".")[0])
def test_the_library_does_what_the_shipped_expectations_say(path: Path, tmp_path: Path) -> None:
    scenario = load_scenario(path, display_path=path.name).scenario
    stored(scenario.fixtures)

    command = [sys.executable, "-m", "pytest", "--evaluate-only", "-q", f"evaluation/{path.name}"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{len(scenario.patterns) * len(scenario.fixtures)} passed" in run.stdout
