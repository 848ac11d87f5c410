from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.errors import InputError
from pytest_orchestrator.pattern_engine.host.apply import apply
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.pattern import bind, read_pattern
from pytest_orchestrator.pattern_engine.results import Found
from pytest_orchestrator.pattern_engine.suppressions import unsuppressed
from tests.pattern_engine.old_names import LINTER

CODES = {"one": ("B006",), "two": ("DTZ001", "DTZ005"), "unmapped": ()}


def diagnostic(rule: str, line: int) -> Diagnostic:
    range_ = Range(start_line=line, start_column=1, end_line=line, end_column=2)
    return Diagnostic(rule=rule, severity="warning", message="bad", path="a.py", range=range_)


def remaining(text: str, *lines: int, rule: str = "one") -> list[int]:
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
def test_a_comment_suppresses_on_its_line(comment: str) -> None:
    assert remaining(f"x = 1  {comment}\ny = 1\n", 1, 2) == [2]


@pytest.mark.parametrize("comment", ["# noqa: E501", "# noqa: because", "# noqa: B0061", "# noqapart", "# no qa"])
def test_other_comments_suppress_nothing(comment: str) -> None:
    assert remaining(f"x = 1  {comment}\n", 1) == [1]


def test_a_comment_with_other_codes_leaves_a_linter_with_several_alone() -> None:
    assert remaining("x = 1  # noqa: DTZ005\ny = 1  # noqa: DTZ002\n", 1, 2, rule="two") == [2]


def test_a_linter_without_codes_does_not_know_the_comment() -> None:
    assert remaining("x = 1  # noqa\n", 1, rule="unmapped") == [1]
    assert remaining("x = 1  # noqa\n", 1, rule="never heard of") == [1]


def test_a_comment_holds_for_the_lines_that_a_string_or_a_backslash_joins_to_it() -> None:
    assert remaining('x = """\n1\n"""  # noqa\ny = 1\n', 1, 2, 3, 4) == [4]
    assert remaining("x = 1 + \\\n    2  # noqa\ny = 1\n", 1, 2, 3) == [3]
    assert remaining("x = (\n    1,  # noqa\n    2,\n)\n", 1, 2, 3, 4) == [1, 3, 4]


@pytest.mark.parametrize("comment", ["# ruff: noqa", "# flake8: noqa: B006", "# flake8=noqa"])
def test_a_comment_about_the_file_holds_for_all_of_it(comment: str) -> None:
    assert remaining(f"x = 1\n{comment}\ny = 1\n", 1, 3) == []


def test_a_comment_about_the_file_means_nothing_behind_code() -> None:
    assert remaining("x = 1  # flake8: noqa\nif x:\n    # ruff: noqa: DTZ001\n    y = 1\n", 1, 4) == [1, 4]
    assert remaining("x = 1  # flake8: noqa\nif x:\n    # ruff: noqa: B006\n    y = 1\n", 1, 4) == []


def test_a_string_is_no_comment() -> None:
    assert remaining('x = "# noqa"\n', 1) == [1]


def test_what_cannot_be_cut_into_tokens_suppresses_up_to_there() -> None:
    assert remaining("x = 1  # noqa\ny = (\n", 1, 2) == [2]


def test_a_run_applies_the_noqa_codes_that_a_pattern_declares(
    tmp_path: Path, write_pattern: Callable[..., Path]
) -> None:
    folders = [
        write_pattern(tmp_path / "patterns", "no-old", code=LINTER, kind="linter", noqa="[X100]"),
        write_pattern(tmp_path / "patterns", "no-old-either", code=LINTER, kind="linter"),
    ]
    (tmp_path / "a.py").write_text("old  # noqa: X100\nold  # noqa: X200\n")
    calls = [bind(read_pattern(folder), {}) for folder in folders]
    (found,) = apply(Workspace(tmp_path), calls, ["a.py"]).files
    assert isinstance(found, Found)
    assert [(item.rule, item.range.start_line) for item in found.diagnostics] == [
        ("no-old-either", 1),
        ("no-old", 2),
        ("no-old-either", 2),
    ]


def test_what_is_no_code_is_refused(tmp_path: Path, write_pattern: Callable[..., Path]) -> None:
    folder = write_pattern(tmp_path, "no-old", code=LINTER, kind="linter", noqa="[no-old]")
    with pytest.raises(InputError, match="noqa"):
        read_pattern(folder)
