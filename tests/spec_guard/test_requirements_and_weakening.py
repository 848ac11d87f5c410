"""What a spec demands, and where new words demand less (SG016)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_orchestrator.spec_guard.document.requirements.reading import find_requirements
from pytest_orchestrator.spec_guard.document.weakening import find_weakenings

_BODY = """
# Cache

The cache MUST hold at most 1,000 entries and
SHOULD answer within 5 ms.

R1. Entries live at least 60 s.

## Scenarios

Scenario: a full cache
- Given it is full, the oldest entry goes

## Acceptance criteria

- hits are counted
- [ ] misses are counted

## Notes

- just a note

```text
It MUST NOT count here.
```
"""


def test_requirements_are_found_and_code_is_not() -> None:
    found = find_requirements(_BODY)
    assert [(item.kind, item.name, item.line) for item in found] == [
        ("word", "", 4),
        ("numbered", "R1", 7),
        ("scenario", "a full cache", 11),
        ("criterion", "", 16),
        ("criterion", "", 17),
    ]
    assert found[0].strength == 3
    assert found[0].numbers == ((1000.0, "entries"), (5.0, "ms"))


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("MUST hold", "SHOULD hold", "MUST became SHOULD"),
        (
            "cache MUST hold at most 1,000 entries and\nSHOULD answer",
            "cache MAY hold at most 1,000 entries and\nmay answer",
            "MUST became MAY",
        ),
        ("1,000 entries", "2,000 entries", "1000 became 2000"),
        ("within 5 ms", "within 50 ms", "5 became 50"),
        ("at least 60 s", "at least 6 s", "60 became 6"),
        ("R1. Entries live at least 60 s.\n", "", "the requirement R1 was removed"),
        (
            "Scenario: a full cache\n- Given it is full, the oldest entry goes\n",
            "",
            "the scenario 'a full cache' was removed",
        ),
        ("- hits are counted\n", "", "an acceptance criterion was removed"),
        (
            "The cache MUST hold at most 1,000 entries and\nSHOULD answer within 5 ms.\n",
            "",
            "a requirement was removed",
        ),
        ("```text\nIt MUST NOT", "It MUST NOT", ""),
        ("# Cache\n\nThe cache MUST", "# Cache\n\nThe cache does", "MUST became SHOULD"),
    ],
)
def test_a_weaker_demand_is_reported(before: str, after: str, message: str) -> None:
    assert before in _BODY
    found = find_weakenings(_BODY, _BODY.replace(before, after))
    assert [item.message for item in found if item.message.startswith(message)] or not message
    assert bool(found) == bool(message)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1,000 entries", "500 entries"),
        ("at least 60 s", "at least 90 s"),
        ("SHOULD answer", "MUST answer"),
        ("holds", "holds"),
        ("- hits are counted\n- [ ] misses are counted\n", "- [x] misses are counted\n- hits are counted\n"),
        ("- just a note\n", ""),
        ("entries and\nSHOULD", "entries\nand SHOULD"),
        ("The cache MUST hold", "The cache MUST always hold"),
        ("R1. Entries live", "R1. All entries live"),
        ("## Notes", "## Remarks"),
    ],
)
def test_an_equal_or_stronger_demand_passes(before: str, after: str) -> None:
    assert find_weakenings(_BODY, _BODY.replace(before, after)) == ()


def test_moved_sections_demand_the_same() -> None:
    head, _, tail = _BODY.partition("## Scenarios")
    scenarios, _, rest = tail.partition("## Acceptance")
    assert find_weakenings(_BODY, f"{head}## Acceptance{rest}\n## Scenarios{scenarios}") == ()


@given(st.text(alphabet="MUSTSHOULDay 0123456789.-#\n`R", max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(before: str, after: str) -> None:
    find_weakenings(before, after)
    assert find_weakenings(before, before) == ()
