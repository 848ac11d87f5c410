from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.evaluation.gates.expected import (
    check_expected,
    compare,
    expect,
    load_expectation,
    write_expectation,
)
from pytest_orchestrator.evaluation.outcome import FileDiagnostics, FileEdit, Observation, RejectedFile
from tests.fixture_store.archives import pin_of, sdist

PIN = pin_of(sdist())
SEEN = Observation(
    tree="1" * 40,
    examined=5,
    edits=(FileEdit(path="a.py", added=2, removed=1), FileEdit(path="b.py", added=1, removed=1)),
    diagnostics=(FileDiagnostics(path="a.py", count=1),),
    diagnostics_sha256="2" * 64,
    rejected=(
        RejectedFile(path="c.py", reason="raised", pattern="p"),
        RejectedFile(path="c.py", reason="raised", pattern="q"),
        RejectedFile(path="d.py", reason="syntax", message="is not Python", line=3),
    ),
)


def test_an_expectation_is_short_and_readable(tmp_path: Path) -> None:
    path = tmp_path / "expected" / "x.yaml"
    write_expectation(path, expect(PIN, SEEN), display_path="x")
    assert path.read_text(encoding="utf-8") == (
        "schema: pytest-orchestrator/expectation/1\n"
        "fixture: demo 1.0\n"
        f"before: {PIN.tree}\n"
        f"after: '{'1' * 40}'\n"
        "examined: 5\n"
        "total: +3 -2 in 2 files, 1 diagnostic in 1 file, 2 files rejected\n"
        "edits:\n"
        "  a.py: +2 -1\n"
        "  b.py: +1 -1\n"
        "diagnostics:\n"
        "  a.py: 1\n"
        f"diagnostics_sha256: '{'2' * 64}'\n"
        "rejected:\n"
        "  c.py: raised (p), raised (q)\n"
        "  d.py: syntax\n"
    )
    assert load_expectation(path, display_path="x") == expect(PIN, SEEN)


def test_an_expectation_without_changes_is_explicit(tmp_path: Path) -> None:
    nothing = expect(PIN, Observation(tree=PIN.tree, examined=2))
    write_expectation(tmp_path / "x.yaml", nothing, display_path="x")
    assert "total: nothing\n" in (tmp_path / "x.yaml").read_text(encoding="utf-8")
    assert load_expectation(tmp_path / "x.yaml", display_path="x") == nothing


@pytest.mark.parametrize(
    ("seen", "message"),
    [
        (replace(SEEN, edits=SEEN.edits[:1]), "b.py: expected +1 -1, found not edited"),
        (replace(SEEN, edits=(replace(SEEN.edits[0], added=3), SEEN.edits[1])), "a.py: expected +2 -1, found +3 -1"),
        (replace(SEEN, tree="3" * 40), "the same files have as many changed lines as expected, but different ones"),
        (replace(SEEN, diagnostics=()), "a.py: expected 1, found no diagnostics"),
        (replace(SEEN, diagnostics_sha256="4" * 64), "as many diagnostics as expected, but different ones"),
        (replace(SEEN, rejected=SEEN.rejected[:2]), "d.py: expected syntax, found not rejected"),
        (replace(SEEN, examined=6), "files examined: expected 5, found 6"),
    ],
)
def test_each_difference_has_a_message(seen: Observation, message: str) -> None:
    gate = check_expected(expect(PIN, SEEN), expect(PIN, seen), display_path="x")
    assert any(message in problem for problem in gate.problems)
    assert "--update-expected" in gate.problems[-1]


def test_another_tree_of_the_fixture_is_reported_instead_of_its_consequences() -> None:
    other = replace(PIN, version="2.0", tree="5" * 40)
    assert compare(expect(PIN, SEEN), expect(other, SEEN)) == (
        "it was approved for another version of the fixture: demo 1.0, now demo 2.0",
    )
    assert compare(replace(expect(PIN, SEEN), fixture="other 1.0"), expect(PIN, SEEN)) == (
        "it was approved for another version of the fixture: other 1.0, now demo 1.0",
    )


def test_a_screenful_of_differences_is_enough() -> None:
    many = tuple(FileEdit(path=f"{number}.py", added=1, removed=0) for number in range(50))
    problems = compare(expect(PIN, SEEN), expect(PIN, replace(SEEN, edits=many)))
    assert len(problems) == 21
    assert problems[-1] == "... and 32 more differences"


def test_a_malformed_expectation_is_reported_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    write_expectation(path, expect(PIN, SEEN), display_path="x")
    path.write_text(path.read_text(encoding="utf-8").replace("examined: 5", "examined: many"), encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.yaml:5: examined: expected integer, found 'many'"):
        load_expectation(path, display_path="x.yaml")
    assert load_expectation(tmp_path / "absent.yaml", display_path="x") is None
