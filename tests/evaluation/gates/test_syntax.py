from __future__ import annotations

import shutil
import sys

import pytest

from pytest_orchestrator.errors import ProcessError
from pytest_orchestrator.evaluation.gates.syntax import check_syntax


def test_a_file_that_no_longer_parses_is_reported_with_its_line() -> None:
    parses, compiles = check_syntax({"a.py": b"x = 1\n"}, {"a.py": b"x = 1\ndef (:\n"})
    (problem,) = parses.problems
    assert problem.startswith("a.py does not parse any more: line 2: ")
    assert compiles.problems[0].startswith("a.py does not compile any more: line 2: ")


@pytest.mark.parametrize("before", [{"a.py": b"def (:\n"}, {}])
def test_a_file_that_never_parsed_or_was_not_there_is_no_problem(before: dict[str, bytes]) -> None:
    assert [gate.problems for gate in check_syntax(before, {"a.py": b"def ):\n"})] == [(), ()]


@pytest.mark.parametrize("data", [b"x = 1\0", b"(" * 5000 + b")" * 5000, "# coding: ascii\nx = 'é'".encode()])
def test_what_breaks_the_parser_is_a_problem_and_no_crash(data: bytes) -> None:
    assert [len(gate.problems) for gate in check_syntax({"a.py": b"x = 1\n"}, {"a.py": data})] == [1, 1]


def test_other_encodings_and_invalid_escapes_are_fine() -> None:
    files = {"a.py": "# coding: latin-1\nx = 'é\\d'\n".encode("latin-1")}
    assert [gate.problems for gate in check_syntax(files, files)] == [(), ()]


def test_nothing_is_executed_by_compiling(capfd: pytest.CaptureFixture[str]) -> None:
    assert [gate.problems for gate in check_syntax({"a.py": b""}, {"a.py": b"print('run')\n"})] == [(), ()]
    assert capfd.readouterr().out == ""


def test_a_compiler_that_crashes_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(ProcessError, match="crashed while it compiled the changed files"):
        check_syntax({}, {"a.py": b""})
