from __future__ import annotations

import pytest

from pytest_orchestrator.evaluation.gates.checks import (
    check_compiles,
    check_contained,
    check_idempotent,
    check_parses,
    check_works,
)
from pytest_orchestrator.evaluation.outcome import RejectedFile
from pytest_orchestrator.fixture_store.checkout import FileChange
from pytest_orchestrator.fixture_store.snapshot import Foreign


def test_a_file_that_no_longer_parses_is_told_with_its_line() -> None:
    gate = check_parses({"a.py": b"x = 1\n"}, {"a.py": b"x = 1\ndef (:\n"})
    (problem,) = gate.problems
    assert problem.startswith("a.py does not parse any more: line 2: ")


def test_a_file_that_never_parsed_is_nobodys_fault() -> None:
    before, after = {"a.py": b"def (:\n"}, {"a.py": b"def ):\n"}
    assert check_parses(before, after).problems == ()
    assert check_compiles(before, after).problems == ()


def test_a_file_that_was_not_there_is_for_another_gate_to_judge() -> None:
    assert check_parses({}, {"a.py": b"def (:\n"}).problems == ()


def test_a_file_that_parses_may_still_not_compile() -> None:
    before, after = {"a.py": b"x = 1\n"}, {"a.py": b"return 1\n"}
    assert check_parses(before, after).problems == ()
    (problem,) = check_compiles(before, after).problems
    assert "does not compile any more" in problem


@pytest.mark.parametrize("data", [b"x = 1\0", b"(" * 5000 + b")" * 5000, "# coding: ascii\nx = 'é'".encode()])
def test_what_breaks_the_parser_is_a_problem_and_no_crash(data: bytes) -> None:
    before = {"a.py": b"x = 1\n"}
    assert len(check_parses(before, {"a.py": data}).problems) == 1
    assert len(check_compiles(before, {"a.py": data}).problems) == 1


def test_other_encodings_and_invalid_escapes_are_fine() -> None:
    files = {"a.py": "# coding: latin-1\nx = 'é\\d'\n".encode("latin-1")}
    assert check_parses(files, files).problems == ()
    assert check_compiles(files, files).problems == ()


def test_nothing_is_run_by_compiling(capsys: pytest.CaptureFixture[str]) -> None:
    check_compiles({"a.py": b""}, {"a.py": b"print('run')\n"})
    assert capsys.readouterr().out == ""


def test_a_change_of_a_selected_file_is_contained() -> None:
    assert check_contained([FileChange(path="a.py", status="modified")], {"a.py"}).problems == ()


def test_everything_else_is_not_contained() -> None:
    changes = [
        FileChange(path="new.py", status="added"),
        FileChange(path="a.py", status="deleted"),
        FileChange(path="README", status="modified"),
        FileChange(path="b.py", status="modified"),
    ]
    foreign = [Foreign(path="pipe", reason="a named pipe")]
    gate = check_contained(changes, {"a.py", "b.py"}, links=["b.py"], foreign=foreign)
    assert gate.problems == (
        "new.py was added",
        "a.py was deleted",
        "README was changed and not selected",
        "b.py was replaced by a link",
        "pipe is there and was not: a named pipe",
    )


def test_what_changes_again_is_not_idempotent() -> None:
    assert check_idempotent([]).problems == ()
    assert check_idempotent(["a.py"]).problems == ("a.py changes again when the pattern is applied again",)


@pytest.mark.parametrize("reason", ["syntax", "encoding", "not-text", "round-trip", "unsupported-python"])
def test_what_a_file_is_fails_nobody(reason: str) -> None:
    assert check_works([RejectedFile(path="a.py", reason=reason, message="so")]).problems == ()


@pytest.mark.parametrize("reason", ["raised", "time", "exited", "broken-output", "unwritable", "encoding"])
def test_what_a_pattern_does_wrong_fails_it(reason: str) -> None:
    gate = check_works([RejectedFile(path="a.py", reason=reason, pattern="p", message="so")])
    assert gate.problems == (f"a.py: p {reason}: so",)
