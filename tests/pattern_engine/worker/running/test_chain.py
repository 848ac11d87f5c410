from __future__ import annotations

import re
from typing import Literal

import pytest

from pytest_orchestrator.pattern_engine.results import Overlap, Rejected
from pytest_orchestrator.pattern_engine.trigger import ALWAYS, Trigger
from pytest_orchestrator.pattern_engine.worker.running.chain import MAX_ROUNDS, Broken, ChainResult, Link, run_chain
from pytest_orchestrator.pattern_engine.worker.running.source import Text


class Turns:
    """Codemods that replace text, and a record of which was run on what."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.taken: list[tuple[str, str]] = []

    def replace(self, id_: str, old: str, new: str, trigger: Trigger = ALWAYS) -> None:
        def revise(text: Text) -> Text | Rejected:
            self.taken.append((id_, text.data.decode()))
            if b"unbearable" in text.data:
                return Rejected(path=text.path, reason="raised", pattern=id_, message="no")
            after = re.sub(old, new, text.data.decode()).encode()
            return text if after == text.data else Text(path=text.path, data=after)

        self.links.append(Link(index=len(self.links), id=id_, trigger=trigger, revise=revise))

    def run(self, text: str) -> ChainResult | Broken:
        return run_chain(Text(path="a.py", data=text.encode()), self.links)


@pytest.fixture
def turns() -> Turns:
    return Turns()


def done(result: ChainResult | Broken) -> ChainResult:
    assert isinstance(result, ChainResult), result
    return result


def broken(result: ChainResult | Broken) -> Broken:
    assert isinstance(result, Broken), result
    return result


Outcome = Literal["changed-too", "nothing-left"]


def overlap(line: int, winner: str, loser: str, outcome: Outcome, end_line: int = 0) -> Overlap:
    return Overlap(line=line, end_line=end_line or line, winner=winner, loser=loser, outcome=outcome)


def test_each_codemod_gets_what_the_one_before_it_made(turns: Turns) -> None:
    turns.replace("one", "a", "b")
    turns.replace("two", "b", "c")
    result = done(turns.run("a = 1\n"))
    assert (result.text.data, result.edited_by) == (b"c = 1\n", (0, 1))


def test_an_earlier_codemod_continues_in_the_next_round(turns: Turns) -> None:
    turns.replace("second", "b", "c")
    turns.replace("first", "a", "b")
    result = done(turns.run("a = 1\n"))
    assert (result.text.data, result.edited_by) == (b"c = 1\n", (1, 0))


def test_no_codemod_runs_again_on_text_it_did_not_change(turns: Turns) -> None:
    turns.replace("idle", "nowhere", "x")
    turns.replace("busy", "a", "b")
    turns.replace("idle too", "nowhere", "x")
    done(turns.run("a = 1\n"))
    assert [taken for taken in turns.taken if taken[0] != "busy"].count(("idle", "b = 1\n")) == 1
    assert turns.taken.count(("idle too", "b = 1\n")) == 1
    assert turns.taken.count(("busy", "b = 1\n")) == 1


def test_a_text_that_no_codemod_changes_is_examined_once(turns: Turns) -> None:
    turns.replace("one", "a", "b")
    turns.replace("two", "a", "b")
    assert done(turns.run("c = 1\n")).edited_by == ()
    assert len(turns.taken) == 2


def test_one_whose_trigger_rules_out_the_new_text_is_not_run_on_it(turns: Turns) -> None:
    turns.replace("one", "a", "b", Trigger(text=("a",)))
    turns.replace("two", "a", "b", Trigger(text=("a",)))
    assert done(turns.run("a\n")).text.data == b"b\n"
    assert ("one", "b\n") not in turns.taken
    assert ("two", "b\n") not in turns.taken


def test_a_codemod_that_is_alone_is_run_once(turns: Turns) -> None:
    turns.replace("more", "a", "aa")
    assert done(turns.run("a\n")).text.data == b"aa\n"


def test_lines_that_both_want_are_the_firsts(turns: Turns) -> None:
    turns.replace("mine", "old", "mine")
    turns.replace("yours", "old", "yours")
    result = done(turns.run("x\nold\nx\nold\nold\n"))
    assert result.text.data == b"x\nmine\nx\nmine\nmine\n"
    assert result.edited_by == (0,)
    assert result.overlaps == (
        overlap(2, "mine", "yours", "nothing-left"),
        overlap(4, "mine", "yours", "nothing-left", end_line=5),
    )


def test_a_later_codemod_that_changes_the_same_line_is_reported(turns: Turns) -> None:
    turns.replace("one", "a", "A")
    turns.replace("top", r"\Ax", "new\nnew\nx")
    turns.replace("two", "b", "B")
    result = done(turns.run("x\na b\na\nb\n"))
    assert result.text.data == b"new\nnew\nx\nA B\nA\nB\n"
    assert result.overlaps == (overlap(2, "one", "two", "changed-too"),)


def test_a_line_that_three_want_is_lost_once_by_each(turns: Turns) -> None:
    for id_ in ("one", "two", "three"):
        turns.replace(id_, "old", id_)
    assert done(turns.run("old\n")).overlaps == (
        overlap(1, "one", "two", "nothing-left"),
        overlap(1, "one", "three", "nothing-left"),
    )


def test_neighbours_and_lines_that_another_makes_are_no_overlap(turns: Turns) -> None:
    turns.replace("one", "a", "b")
    turns.replace("two", "b", "c")
    turns.replace("three", "d", "e")
    turns.replace("above", r"d\nf", "d\nnew\nf")
    turns.replace("below", r"new\nf", "new\nnewer\nf")
    assert done(turns.run("a\nd\nf\n")).overlaps == ()


def test_only_codemods_whose_trigger_stops_matching_examine_the_original_text(turns: Turns) -> None:
    turns.replace("one", "a", "A")
    turns.replace("two", "b", "B", Trigger(text=("b",)))
    turns.replace("three", "a", "C", Trigger(text=("a",)))
    done(turns.run("a\nx\nb\n"))
    assert ("two", "a\nx\nb\n") not in turns.taken
    assert ("three", "a\nx\nb\n") in turns.taken


@pytest.mark.parametrize(
    "text",
    [
        "f(\n    hit,\n    old)\n",
        "class C:\n    @decorated\n    def f(self, hit=1,\n          g=old):\n        pass\n",
        "match hit:\n    case old: pass\n    case 2:\n        f(hit,\n          old)\n",
        "try:\n    pass\nexcept (hit,\n   old):\n    pass\n",
    ],
)
def test_a_hit_on_another_line_of_the_statement_counts(turns: Turns, text: str) -> None:
    turns.replace("one", "old", "new")
    turns.replace("two", r"(?s)(hit.*?)old", r"\1mine", Trigger(text=("hit",)))
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "old" in line and "case 2" not in line)
    found = done(turns.run(text)).overlaps
    assert overlap(line, "one", "two", "nothing-left") in found


def test_a_codemod_that_fails_breaks_the_chain(turns: Turns) -> None:
    turns.replace("one", "a", "unbearable")
    turns.replace("two", "b", "c", Trigger(text=("b",)))
    turns.replace("three", "b", "c")
    result = broken(turns.run("a\n"))
    assert (result.index, result.rejected.reason) == (1, "raised")


@pytest.mark.parametrize(
    ("codemods", "text", "named", "line", "opponent"),
    [
        ([("quiet", "q", "Q"), ("there", "a", "b"), ("and back", "b", "a")], "q\nx\na\n", "and back", 3, "there:"),
        # Only those that change the same line are named.
        (
            [("left", "a", "b"), ("up", "c", "d"), ("right", "b", "a"), ("down", "d", "c")],
            "a\nx\nc\n",
            "down",
            3,
            "up:",
        ),
        # These never come to the same text again.
        ([("longer", "b", "aa"), ("much longer", "a", "b")], "a\n", "much longer", 1, "longer:"),
        ([("more", "a", "aa"), ("idle", "x", "y")], "a\nx\n", "more", 1, "itself:"),
        ([("remove", "a\n", ""), ("insert", r"(?s)\A(?!.*a)", "a\n")], "a\nb\n", "insert", None, "remove:"),
    ],
)
def test_codemods_that_never_come_to_rest_are_named(  # noqa: PLR0917 - a fixture and a row
    turns: Turns, codemods: list[tuple[str, str, str]], text: str, named: str, line: int | None, opponent: str
) -> None:
    for codemod in codemods:
        turns.replace(*codemod)
    rejected = broken(turns.run(text)).rejected
    assert (rejected.reason, rejected.pattern, rejected.line) == ("fight", named, line)
    assert f"does not reach a stable result with {opponent}" in rejected.message
    assert len(turns.taken) <= (MAX_ROUNDS + 1) * len(codemods)


def test_ten_rounds_are_enough_for_ten_steps(turns: Turns) -> None:
    for number in range(MAX_ROUNDS - 2, -1, -1):
        turns.replace(f"step {number}", f"{number}", f"{number + 1}")
    assert done(turns.run("0\n")).text.data == f"{MAX_ROUNDS - 1}\n".encode()
