from __future__ import annotations

import pytest

from pytest_orchestrator.evaluation.gates.checks import (
    check_contained,
    check_works,
)
from pytest_orchestrator.evaluation.outcome import RejectedFile
from pytest_orchestrator.fixture_store.checkout import FileChange


def test_everything_else_is_not_contained() -> None:
    changes = [
        FileChange(path="new.py", status="added"),
        FileChange(path="a.py", status="deleted"),
        FileChange(path="README", status="modified"),
        FileChange(path="b.py", status="modified"),
    ]
    gate = check_contained(changes, {"a.py", "b.py"}, links=["b.py"], foreign={"pipe": "a named pipe"})
    assert gate.problems == (
        "new.py was added",
        "a.py was deleted",
        "README was changed but not selected",
        "b.py was replaced by a link",
        "pipe was added: a named pipe",
    )


@pytest.mark.parametrize("reason", ["syntax", "encoding", "not-text", "round-trip", "unsupported-python"])
def test_a_file_that_cannot_be_parsed_fails_no_gate(reason: str) -> None:
    assert check_works([RejectedFile(path="a.py", reason=reason, message="so")]).problems == ()


@pytest.mark.parametrize("reason", ["raised", "time", "exited", "broken-output", "unwritable", "encoding"])
def test_a_patterns_own_error_fails_the_gate(reason: str) -> None:
    gate = check_works([RejectedFile(path="a.py", reason=reason, pattern="p", message="so")])
    assert gate.problems == (f"a.py: p {reason}: so",)
