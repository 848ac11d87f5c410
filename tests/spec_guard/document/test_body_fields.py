"""Status, owners and dates that stand in the body of a document are read where other tools write them."""

from __future__ import annotations

import time
from datetime import date

import pytest

from pytest_orchestrator.config import FrontMatterSettings
from pytest_orchestrator.spec_guard.document.body_fields import body_fields
from pytest_orchestrator.spec_guard.document.mapping import Reading
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, dated, parse

_SETTINGS = FrontMatterSettings(
    keys={"deciders": "owners", "date": "last_review", "created": "last_review"},
    statuses={"accepted": "approved", "accepted*": "approved", "proposed": "draft", "superseded*": "retired"},
    owners=("team",),
    ids=("adr/{id}.md",),
)


def _spec(text: str) -> SpecDocument:
    return parse(text.encode(), path="adr/0001-a.md", reading=Reading(settings=_SETTINGS))


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("# A\n\n## Status\n\nAccepted\n", "approved"),
        ("# A\n\n## Status\n\nAccepted\n\nSuperseded by [9. B](0009-b.md)\n", "retired"),
        ("# A\n\n## Status\n\nSupersedes [1. B](1.md)\n\nAccepted.\n", "approved"),
        ("# A\n\n## Status: Proposed\n", "draft"),
        ("# A\n\n## Status ##\n\n* ~~Proposed~~ **Accepted**\n", "approved"),
        ("# A\n\nStatus: Accepted\n", "approved"),
        ("# A\n\n* Status: [accepted](#x)\n", "approved"),
        ("# A\n\n- **Status:** accepted (2020-01-31)\n", "approved"),
        ("# A\n\n**Feature**: x  \n**Status**: Draft  \n", "draft"),
        ("# A\n\n> _Status_: ✅ Accepted<br>\n", "approved"),
        ("# A\n\n| Date | 2020-01-31 |\n|---|---|\n| **Status** | Accepted |\n", "approved"),
        ("A\n=\n\nstatus : superseded by B\n", "retired"),
        ("===\nA b\n===\n\n:Author: ann\n:Status: Accepted\n", "approved"),
        ("A b\n===\n\nStatus\n------\n\nAccepted\n", "approved"),
        ("= A\n:status: accepted\n", "approved"),
        ("= A\n\n== Status\n\nAccepted\n", "approved"),
        ("---\ntitle: B\n---\n# A\n\n## Status\n\nAccepted\n", "approved"),
        ("---\nstatus: draft\n---\n# A\n\n## Status\n\nAccepted\n", "draft"),  # front matter wins
    ],
)
def test_status_is_read_in_the_body(head: str, status: str) -> None:
    spec = _spec(f"{head}\n## Context\n\nStatus: proposed\n")
    assert spec.declaration is not None, spec.problems
    assert spec.declaration.status == status


@pytest.mark.parametrize(
    "text",
    [
        "# A\n\n## Context\n\nStatus: accepted\n",  # not before the first section
        "## Context\n\nStatus: accepted\n",
        "# A\n\n```\nStatus: accepted\n```\n",
        "# A\n\n<!-- Status: accepted -->\n",
        "# A\n\nThe status: accepted or not.\n",
        "# A\n\nStatus::accepted\n",
        "# A\n\n| Status | Date |\n|---|---|\n| a | b |\n",
    ],
)
def test_what_is_no_field_tells_no_status(text: str) -> None:
    spec = _spec(text)
    assert [problem.message for problem in spec.problems if problem.rule == "SG002"] == ["the key 'status' is missing"]


def test_unknown_status_is_reported_on_its_line() -> None:
    (problem,) = _spec("# A\n\n* Date: 2020-01-31\n* Status: maybe\n").problems
    assert (problem.rule, problem.range.start_line) == ("SG002", 4)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Date: 2020-01-31", date(2020, 1, 31)),
        ("* Date: 2020/01/31 10:00", date(2020, 1, 31)),
        ("**Created**: 2020-01-31", date(2020, 1, 31)),
        (":Created: 2020-01-31", date(2020, 1, 31)),
        ("## Date\n\n2020-01-31", date(2020, 1, 31)),
        ("Date: January 2020", None),
        ("**Created**: [DATE]", None),
    ],
)
def test_date_in_the_body_counts_until_a_later_review_is_recorded(line: str, day: date | None) -> None:
    spec = _spec(f"# A\n\nDeciders: Ann, [Bob](http://b)\nStatus: accepted\n{line}\n")
    assert spec.declaration is not None
    assert spec.declaration.owners == ("Ann", "Bob")
    assert spec.last_review == day
    assert dated(spec, date(2021, 2, 3)).last_review == date(2021, 2, 3)
    assert dated(spec, date(2019, 2, 3)).last_review == (day or date(2019, 2, 3))


def test_body_is_read_only_where_front_matter_of_other_tools_is() -> None:
    text = "---\nid: a\ntitle: A\nowners: [ann]\nlast_review: 2020-01-31\n---\n# A\n\n## Status\n\nApproved\n"
    assert [item.message for item in parse(text.encode(), path="a.md").problems] == ["the key 'status' is missing"]


@pytest.mark.parametrize(
    "part",
    [
        "**Status",
        "a ",
        "|",
        "~~",
        "[a](",
        "[a",
        "# \n",
        "a\n---\n",
        "x\n",
        "- ",
        "_",
        "a/",
        " ",
        "Status: ",
        ":a",
        "*: ",
    ],
)
def test_time_grows_with_the_size_of_the_body(part: str) -> None:
    def seconds(count: int) -> float:
        began = time.process_time()
        body_fields(f"# T\n\nStatus: {part * count}", {"status"})
        body_fields(f"# T\n\n## Status\n{part * count}", {"status"})
        body_fields(f"# T\n\n{part * count}", {"status"})
        return time.process_time() - began

    small = min(seconds(10_000) for _ in range(2))
    assert min(seconds(20_000) for _ in range(3)) < 3.5 * small + 0.05
