from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.pattern_engine.host.apply import ApplyOptions, apply
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.pattern import bind, read_pattern
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
    assert remaining(text) == [("suppression", 1, "one reports nothing on this line: remove it from the comment")]
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
    assert comment.range == Range(start_line=1, start_column=15, end_line=1, end_column=46)
    assert (comment.ids, comment.reason) == (("one",), "why")


def test_a_run_applies_suppressions(tmp_path: Path, write_pattern: Callable[..., Path]) -> None:
    folder = write_pattern(tmp_path / "patterns", "no-old", code=LINTER, kind="linter")
    (tmp_path / "a.py").write_text(
        "old  # orchestrator: ignore[no-old] it stays\nold\nx  # orchestrator: ignore[no-old] y\n"
    )
    report = apply(
        Workspace(tmp_path), [bind(read_pattern(folder), {})], ["a.py"], options=ApplyOptions(every_file=False)
    )
    (found,) = report.files
    assert isinstance(found, Found)
    assert [(item.rule, item.range.start_line) for item in found.diagnostics] == [("no-old", 2), ("suppression", 3)]
