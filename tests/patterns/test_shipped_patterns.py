from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_orchestrator.pattern_engine.library.cases import Case, load_cases
from pytest_orchestrator.pattern_engine.library.library import Library

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = [entry["id"] for entry in json.loads((ROOT / "patterns/index.json").read_text("utf-8"))["patterns"]]


def test_the_library_holds_what_its_index_lists(shipped: Library) -> None:
    assert [pattern.id for pattern in shipped.patterns] == SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_a_pattern_has_eight_cases_and_half_of_them_are_about_what_stays(shipped: Library, name: str) -> None:
    pattern = shipped.get(name)
    cases = load_cases(pattern)

    assert len(cases) >= 8
    assert pattern.kind == "template" or 2 * sum(map(stays, cases)) >= len(cases)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_case_without_changes_is_named_so(shipped: Library, name: str) -> None:
    pattern = shipped.get(name)
    for case in load_cases(pattern):
        assert not stays(case) or case.name.startswith("leaves-"), case.name


def stays(case: Case) -> bool:
    """Whether the pattern leaves all of it alone."""
    return case.after == case.before and not case.expected
