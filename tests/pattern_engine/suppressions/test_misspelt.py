from __future__ import annotations

from pathlib import Path

import pytest

from pytest_orchestrator.pattern_engine.library.library import library_folders, load_library
from pytest_orchestrator.pattern_engine.suppressions import misspelt

LIBRARY = load_library(library_folders(Path(__file__).resolve().parents[3]))


def problems_of(text: str) -> list[tuple[int, int, str]]:
    found = misspelt(text.encode(), "a.py", LIBRARY.problem_with)
    return [(item.range.start_line, item.range.start_column, item.message) for item in found]


@pytest.mark.parametrize(
    ("comment", "wanted"),
    [
        ("# orchestrator: ignore", "[ID] reason"),
        ("# orchestrator: ignore this line", "[ID] reason"),
        ("# orchestrator: ignore[]", "[ID] reason"),
        ("# orchestrator: ignore[ , ] why", "[ID] why"),
        ("# orchestrator:ignore[print-call] why", "[print-call] why"),
        ("# orchestrator : ignore[print-call] why", "[print-call] why"),
        ("# orchestrator: ignored[print-call] why", "[print-call] why"),
        ("# orchestrator: ignore [print-call, bare-except]", "[print-call, bare-except] reason"),
        ("# orchestrator: ignore(print-call) why", "[print-call] why"),
        ("# orchestrator: ignore[print-call", "[print-call] reason"),
        ("# orchestrator: disable[print-call] why", "[print-call] why"),
        ("# orchestrator: ignores", "[ID] reason"),
        ("# orchestrator ignore[print-call] why", "[print-call] why"),
        ("# Orchestrator: Ignore[print-call] why", "[print-call] why"),
        ("# orchestator: ignore[print-call] why", "[print-call] why"),
        ("# pytest-orchestrator: ignore[print-call] why", "[print-call] why"),
    ],
)
def test_a_misspelt_suppression_is_reported(comment: str, wanted: str) -> None:
    text = f"x = 1\ny = 2  # noqa {comment}\n"
    assert problems_of(text) == [(2, 15, f"suppresses nothing: write # orchestrator: ignore{wanted}")]


@pytest.mark.parametrize(
    ("names", "problems"),
    [
        ("print-cal", ["there is no pattern 'print-cal': did you mean 'print-call'?"]),
        ("print-call, bare-exept", ["there is no pattern 'bare-exept': did you mean 'bare-except'?"]),
        (
            "fixit.rules.use_fstring.UseFstrings",
            ["fixit.rules.use_fstring has no rule 'UseFstrings': did you mean 'UseFstring'?"],
        ),
        ("run-review-checklist", ["run-review-checklist is a template, and templates are not run"]),
        ("print-call", []),
        ("super-no-args", []),
        ("fixit.rules.use_fstring.UseFstring", []),
        ("libcst.codemod.commands.noop.NOOPCommand", []),
    ],
)
def test_names_that_no_pattern_has_are_reported(names: str, problems: list[str]) -> None:
    assert [message for _, _, message in problems_of(f"x = 1  # orchestrator: ignore[{names}] why\n")] == problems


@pytest.mark.parametrize("encoding", ["no-such-thing", "rot13", "hex", "undefined", "utf-16", "punycode"])
def test_in_a_file_that_is_no_text_nothing_is_found(encoding: str) -> None:
    comment = "# orchestrator: ignored[print-call] why"
    assert problems_of(f"x = 1  {comment}\n") != []
    assert problems_of(f"# coding: {encoding}\nx = 1  {comment}\n") == []


@pytest.mark.parametrize("name", [".", "a..b", "..", "a.", ".a", "a b.c", "é.é"])
def test_names_that_can_be_no_pattern_s_are_reported(name: str) -> None:
    assert len(problems_of(f"x = 1  # orchestrator: ignore[{name}] why\n")) == 1


@pytest.mark.parametrize(
    "comment",
    [
        "# the orchestrator ignores failed tasks",
        "# orchestrator ignores failed tasks",
        "# orchestrator: ignored tasks are run again",
        "# orchestrator: in charge (of tasks)",
        "# orchestrators",
        "# type: ignore[print-call]",
        "# organisation: ignore[print-call]",
    ],
)
def test_prose_and_other_tools_comments_are_no_suppressions(comment: str) -> None:
    assert problems_of(f"x = 1  {comment}\n") == []


def test_a_string_is_no_comment() -> None:
    assert problems_of("x = '# orchestrator: ignore'\n") == []


def test_rules_are_not_judged_where_fixit_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.meta_path", [])
    assert problems_of("x = 1  # orchestrator: ignore[fixit.rules.x.Y] why\n") == []
