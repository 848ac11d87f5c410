from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_orchestrator.pattern_engine.library import Library
from pytest_orchestrator.pattern_engine.testing.cases import load_cases

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = [entry["id"] for entry in json.loads((ROOT / "patterns/index.json").read_text("utf-8"))["patterns"]]


def test_the_library_holds_what_its_index_lists(shipped: Library) -> None:
    assert [pattern.id for pattern in shipped.patterns] == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_a_pattern_has_eight_cases_and_half_of_them_are_about_what_stays(shipped: Library, name: str) -> None:
    cases = load_cases(shipped.get(name))
    stays = [case for case in cases if case.name.startswith("leaves-")]

    assert len(cases) >= 8
    assert 2 * len(stays) >= len(cases)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_case_that_leaves_something_alone_says_so_by_its_name(shipped: Library, name: str) -> None:
    pattern = shipped.get(name)
    for case in load_cases(pattern):
        untouched = case.after == case.before and not case.expected
        assert not untouched or case.name.startswith("leaves-"), case.name
