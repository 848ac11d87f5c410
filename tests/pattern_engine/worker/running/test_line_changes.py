from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_orchestrator.pattern_engine.worker.running.line_changes import (
    Hunk,
    changed_lines,
    compare,
    inverted,
    map_lines,
)

_LINES = st.lists(st.sampled_from(["a", "b", "c", "d", "e", ""]), max_size=14)


@given(_LINES, _LINES)
def test_what_was_not_replaced_is_the_same_in_both(before: list[str], after: list[str]) -> None:
    one, other = ("".join(f"{line}\n" for line in lines).encode() for lines in (before, after))
    hunks = compare(one, other)
    rebuilt, index = list[bytes](), 0
    old, new = one.splitlines(keepends=True), other.splitlines(keepends=True)
    for hunk in hunks:
        rebuilt += [*old[index : hunk.start], *new[hunk.new_start : hunk.new_end]]
        index = hunk.end
    assert b"".join([*rebuilt, *old[index:]]) == other
    for line in set(range(len(old))) - changed_lines(hunks):
        (there,) = map_lines({line}, hunks)
        assert old[line] == new[there]
        assert map_lines({there}, inverted(hunks)) == {line}


def test_a_large_text_of_lines_that_repeat_is_no_trouble() -> None:
    lines = [f"line {number}\n" if number % 3 else "\n" for number in range(30_000)]
    changed = {number: f"new {number}\n" for number in range(10, 30_000, 50)}
    after = [changed.get(number, line) for number, line in enumerate(lines)]
    hunks = compare("".join(lines).encode(), "".join(after).encode())
    assert changed_lines(hunks) == set(changed)
    assert hunks[0] == Hunk(start=10, end=11, new_start=10, new_end=11)
