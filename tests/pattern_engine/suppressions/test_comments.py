from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, apply
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.noqa import unsuppressed
from pytest_orchestrator.pattern_engine.pattern import PatternCall
from pytest_orchestrator.pattern_engine.results import Found
from pytest_orchestrator.pattern_engine.suppressions import honour_suppressions, suppressions
from tests.pattern_engine.old_names import LINTER


def diagnostic(rule: str, line: int) -> Diagnostic:
    range_ = Range(start_line=line, start_column=1, end_line=line, end_column=2)
    return Diagnostic(rule=rule, severity="warning", message="bad", path="a.py", range=range_)


def remaining(text: str, *found: Diagnostic, ran: tuple[str, ...] = ("one", "two")) -> list[tuple[str, int, str]]:
    heeded = honour_suppressions(found, text.encode(), path="a.py", ran=dict.fromkeys(ran, "linter"))
    return [(item.rule, item.range.start_line, item.message) for item in heeded]


def test_a_comment_suppresses_the_named_linters_on_its_line() -> None:
    text = "x = 1  # orchestrator: ignore[one, two] it is fine\ny = 1\n"
    found = (diagnostic("one", 1), diagnostic("two", 1), diagnostic("one", 2))
    assert remaining(text, *found) == [("one", 2, "bad")]


def test_other_linters_are_not_suppressed() -> None:
    text = "x = 1  # orchestrator: ignore[one] it is fine\n"
    assert remaining(text, diagnostic("one", 1), diagnostic("two", 1)) == [("two", 1, "bad")]


def test_a_comment_without_a_reason_suppresses_nothing() -> None:
    text = "x = 1  # orchestrator: ignore[one]\n"
    assert remaining(text, diagnostic("one", 1)) == [
        ("one", 1, "bad"),
        ("suppression", 1, "add a reason: # orchestrator: ignore[...] reason"),
    ]


def test_a_comment_that_suppresses_nothing_is_reported_if_its_linter_ran() -> None:
    text = "x = 1  # orchestrator: ignore[one] it is fine\n"
    assert remaining(text) == [("suppression", 1, "one reports nothing here: remove it from the comment")]
    assert remaining(text, ran=("two",)) == []


def test_a_comment_after_a_string_covers_all_lines_of_the_string() -> None:
    text = 'x = """\ny\n"""  # orchestrator: ignore[one] no comment can stand further up\nz = (\n    1,\n)\n'
    found = [diagnostic("one", line) for line in (1, 2, 3, 4)]
    assert remaining(text, *found) == [("one", 4, "bad")]


def test_what_is_no_comment_suppresses_nothing() -> None:
    text = 'x = "# orchestrator: ignore[one] no comment"\n'
    assert remaining(text, diagnostic("one", 1)) == [("one", 1, "bad")]


def test_the_location_of_a_comment_is_exact() -> None:
    (comment,) = suppressions(b"x = 1  # noqa # orchestrator: ignore[one] why  # more\n")
    assert comment.position == Range(start_line=1, start_column=15, end_line=1, end_column=46)
    assert (comment.ids, comment.reason) == (("one",), "why")


def lines_left(text: str, *, lines: int = 9) -> list[int]:
    """The lines of `text` that a finding on each of them remains on, and those of wrong suppressions, negative."""
    found = [diagnostic("one", line) for line in range(1, lines + 1)]
    return [line if rule == "one" else -line for rule, line, _ in remaining(text, *found)]


MARKED = "# orchestrator: ignore[one] why\n"
WHOLE = "# orchestrator: ignore-file[one] why\n"


@pytest.mark.parametrize(
    ("text", "suppressed"),
    [
        (f"{MARKED}x = 1\ny = 1\n", [1, 2]),
        (f"{MARKED}# and more\nx = 1\ny = 1\n", [1, 2, 3]),
        (f'{MARKED}x = """\na\n"""\ny = 1\n', [1, 2, 3, 4]),
        (f"{MARKED}x = \\\n    1\ny = 1\n", [1, 2, 3]),
        (f"x = [\n    {MARKED}    1,\n    2,\n]\n", [2, 3]),
        (f"if x:\n    {MARKED}    pass\ny = 1\n", [2, 3]),
        (f"x = call(\n    1,\n)  {MARKED}y = 1\n", [1, 2, 3]),
        (f"x = call(\n    [\n    1,\n    ],  {MARKED})\n", [2, 3, 4]),
        (f"x = call(1)  {MARKED}y = 1\n", [1]),
        (f"x = call(\n    1, )  {MARKED}y = 1\n", [2]),
        (f"x = 1\n{WHOLE}y = 1\n", list(range(1, 10))),
        (f"{WHOLE}\nx = 1  {MARKED}", list(range(1, 10))),
    ],
)
def test_a_comment_is_about_the_lines_that_one_expects(text: str, suppressed: list[int]) -> None:
    assert lines_left(text) == [line for line in range(1, 10) if line not in suppressed]


def test_a_comment_above_an_empty_line_is_about_nothing() -> None:
    assert lines_left(f"x = 1\n{MARKED}\ny = 1\n", lines=1) == [1, -2]
    assert lines_left(f"x = 1\n{MARKED}", lines=1) == [1, -2]


def test_a_comment_about_the_file_stands_alone() -> None:
    ((_, _, message),) = remaining(f"x = 1  {WHOLE}")
    assert message == "write it on a line of its own: it is about the whole file"


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("until 9999-12-31 why", None),
        ("until 9999-12-31: why", None),
        ("until the driver is replaced", None),
        ("until 2001-02-03 why", "it ended after 2001-02-03: correct the code, or give another day"),
        ("until 2001-02-30 why", "'2001-02-30' is not a date: write until YYYY-MM-DD before the reason"),
        ("until 9999-12-31", "add a reason: # orchestrator: ignore[...] reason"),
    ],
)
def test_a_suppression_ends_after_its_day(comment: str, message: str | None) -> None:
    text = f"x = 1  # orchestrator: ignore[one] {comment}\n"
    expected = [("one", 1, "bad"), ("suppression", 1, message)] if message else []
    assert remaining(text, diagnostic("one", 1)) == expected


def test_a_run_applies_suppressions(tmp_path: Path, make_call: Callable[..., PatternCall]) -> None:
    linter = make_call("no-old", LINTER, kind="linter")
    (tmp_path / "a.py").write_text(
        "old  # orchestrator: ignore[no-old] it stays\nold\nx  # orchestrator: ignore[no-old] y\n"
    )
    (found,) = apply(Workspace(tmp_path), [linter], ["a.py"], options=ApplyOptions(every_file=False)).files
    assert isinstance(found, Found)
    assert [(item.rule, item.range.start_line) for item in found.diagnostics] == [("no-old", 2), ("suppression", 3)]


CODES = {"one": ("B006",), "two": ("DTZ001", "DTZ005"), "unmapped": ()}


def remaining_lines(text: str, *lines: int, rule: str = "one") -> list[int]:
    left = unsuppressed([diagnostic(rule, line) for line in lines], text.encode(), CODES)
    return [item.range.start_line for item in left]


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "#noqa",
        "# NOQA",
        "# noqa: B006",
        "# noqa:b006",
        "# noqa : B006",
        "# noqa: E501, B006",
        "# noqa: E501 B006",
        "# noqa:E501B006",
        "# noqa: B006 because it is never changed",
        "# type: ignore # noqa: B006",
        "# noqa: B0",
    ],
)
def test_a_noqa_comment_suppresses_on_its_line(comment: str) -> None:
    assert remaining_lines(f"x = 1  {comment}\ny = 1\n", 1, 2) == [2]


@pytest.mark.parametrize("comment", ["# noqa: E501", "# noqa: because", "# noqa: B0061", "# noqapart", "# no qa"])
def test_other_comments_than_noqa_suppress_nothing(comment: str) -> None:
    assert remaining_lines(f"x = 1  {comment}\n", 1) == [1]


def test_a_noqa_comment_with_other_codes_leaves_a_linter_with_several_alone() -> None:
    assert remaining_lines("x = 1  # noqa: DTZ005\ny = 1  # noqa: DTZ002\n", 1, 2, rule="two") == [2]


def test_a_linter_without_codes_does_not_know_the_comment() -> None:
    assert remaining_lines("x = 1  # noqa\n", 1, rule="unmapped") == [1]
    assert remaining_lines("x = 1  # noqa\n", 1, rule="never heard of") == [1]


def test_a_noqa_comment_holds_for_the_lines_that_a_string_or_a_backslash_joins_to_it() -> None:
    assert remaining_lines('x = """\n1\n"""  # noqa\ny = 1\n', 1, 2, 3, 4) == [4]
    assert remaining_lines("x = 1 + \\\n    2  # noqa\ny = 1\n", 1, 2, 3) == [3]
    assert remaining_lines("x = (\n    1,  # noqa\n    2,\n)\n", 1, 2, 3, 4) == [1, 3, 4]


@pytest.mark.parametrize("comment", ["# ruff: noqa", "# flake8: noqa: B006", "# flake8=noqa"])
def test_a_noqa_comment_about_the_file_holds_for_all_of_it(comment: str) -> None:
    assert remaining_lines(f"x = 1\n{comment}\ny = 1\n", 1, 3) == []


def test_a_noqa_comment_about_the_file_means_nothing_behind_code() -> None:
    assert remaining_lines("x = 1  # flake8: noqa\nif x:\n    # ruff: noqa: DTZ001\n    y = 1\n", 1, 4) == [1, 4]
    assert remaining_lines("x = 1  # flake8: noqa\nif x:\n    # ruff: noqa: B006\n    y = 1\n", 1, 4) == []


def test_a_string_is_no_noqa_comment() -> None:
    assert remaining_lines('x = "# noqa"\n', 1) == [1]


def test_what_cannot_be_cut_into_tokens_suppresses_up_to_there() -> None:
    assert remaining_lines("x = 1  # noqa\ny = (\n", 1, 2) == [2]


def test_a_run_applies_the_noqa_codes_that_a_pattern_declares(
    tmp_path: Path, make_call: Callable[..., PatternCall]
) -> None:
    calls = [
        make_call("no-old", LINTER, kind="linter", noqa="[X100]"),
        make_call("no-old-either", LINTER, kind="linter"),
    ]
    (tmp_path / "a.py").write_text("old  # noqa: X100\nold  # noqa: X200\n")
    (found,) = apply(Workspace(tmp_path), calls, ["a.py"]).files
    assert isinstance(found, Found)
    assert [(item.rule, item.range.start_line) for item in found.diagnostics] == [
        ("no-old-either", 1),
        ("no-old", 2),
        ("no-old-either", 2),
    ]


def test_what_is_no_code_is_refused(make_call: Callable[..., PatternCall]) -> None:
    with pytest.raises(InputError, match="noqa"):
        make_call("no-old", LINTER, kind="linter", noqa="[no-old]")
