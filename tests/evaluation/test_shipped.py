"""The shipped scenarios, on the pins and through the real agent: what `pytest --evaluate` shows to a new user.

The cases of the smallest pin are run; with `PYTEST_ORCHESTRATOR_TEST_PINS=all` those of all pins that they name.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_orchestrator.evaluation.plan.scenario import load_scenario, shipped_scenarios
from tests.pins import ALL_PINS, SMALL_PINS, stored


@pytest.mark.parametrize("path", shipped_scenarios(), ids=lambda path: path.name.partition(".")[0])
def test_the_library_meets_the_shipped_expectations(path: Path, tmp_path: Path) -> None:
    scenario = load_scenario(path, display_path=path.name).scenario
    pins = scenario.fixtures if ALL_PINS else SMALL_PINS[:1]
    stored(pins)

    cases = [f"evaluation/{path.name}::{pattern}[{pin}]" for pattern in scenario.patterns for pin in pins]
    command = [sys.executable, "-m", "pytest", "--evaluate-only", "-q", *cases]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{len(cases)} passed" in run.stdout
