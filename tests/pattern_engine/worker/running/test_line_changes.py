from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_orchestrator.pattern_engine.worker.running.line_changes import (
    Hunk,
    changed_lines,
    compare,
    inverted,
    map_lines,
)


def text(letters: str) -> bytes:
    """A line a letter."""
    return "".join(f"{letter}\n" for letter in letters).encode()


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("abc", "abc", set()),
        ("", "abc", set()),
        ("abc", "", {0, 1, 2}),
        ("abc", "abxc", set()),
        ("abc", "axc", {1}),
        ("abcd", "acd", {1}),
        ("abcde", "xbcdy", {0, 4}),
        ("a.b.c.d", "x.b.c.y", {0, 6}),  # equal lines do not tie
        ("....a....", "....b....", {4}),
    ],
)
def test_the_lines_that_were_replaced_are_found(before: str, after: str, changed: set[int]) -> None:
    assert changed_lines(compare(text(before), text(after))) == changed


def test_a_missing_line_end_and_carriage_returns_count() -> None:
    assert changed_lines(compare(b"a\nb", b"a\nb\n")) == {1}
    assert changed_lines(compare(b"a\r\nb\r\n", b"a\nb\r\n")) == {0}


@pytest.mark.parametrize(
    ("before", "after", "line", "expected"),
    [
        ("abc", "xabc", 1, {2}),
        ("abc", "bc", 2, {1}),
        ("abc", "bc", 0, set()),
        ("abc", "axyzc", 1, {1, 2, 3}),
        ("abc", "axyzc", 2, {4}),
    ],
)
def test_a_line_is_found_again(before: str, after: str, line: int, expected: set[int]) -> None:
    assert map_lines({line}, compare(text(before), text(after))) == expected


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
