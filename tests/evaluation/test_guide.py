"""The guide's examples are read as a user would type them."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

from pytest_orchestrator.codec.decode import read_yaml
from pytest_orchestrator.evaluation.gates.expected import Expectation
from pytest_orchestrator.evaluation.outcome import OUTCOMES
from pytest_orchestrator.evaluation.plan.scenario import GATES, Scenario
from pytest_orchestrator.runs.manifest import FinalStatus

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def first_column(heading: str) -> list[str]:
    table = GUIDE.partition(f"| {heading} |")[2].partition("\n\n")[0]
    return [line.split("|")[1].strip() for line in table.splitlines()[2:]]


def test_the_scenario_and_the_expectation_of_the_guide_can_be_read() -> None:
    scenario, expectation = blocks("yaml")
    assert read_yaml(Scenario, scenario, path="guide").id == "own"
    assert read_yaml(Expectation, expectation, path="guide").fixture == "itsdangerous 1.1.0"


def test_every_key_gate_and_outcome_is_explained() -> None:
    keys = {word for cell in first_column("key") for word in re.findall(r"`(\w+)`", cell)}
    assert keys == {field.name for field in fields(Scenario)}
    assert tuple(cell.strip("`") for cell in first_column("gate")) == GATES
    assert set(first_column("outcome")) == set(OUTCOMES)
    for status in get_args(FinalStatus):
        assert f"`{status}`" in GUIDE


def test_every_option_of_the_guide_exists() -> None:
    declared = (ROOT / "pytest_orchestrator" / "plugin" / "main.py").read_text(encoding="utf-8")
    for option in set(re.findall(r"(?<![\w-])--(?:evaluate[\w-]*|update-expected|run-dir|task-id)", GUIDE)):
        assert f'"{option}"' in declared, option


def test_the_reporter_of_the_guide_works() -> None:
    (code,) = blocks("python")
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 - the guide's own
    assert callable(names["pytest_orchestrator_reporters"])
