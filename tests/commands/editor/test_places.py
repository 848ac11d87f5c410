"""Edits that can be made one at a time."""

from __future__ import annotations

import pytest

from pytest_orchestrator.commands.editor.places import line_edits, statement_edits
from pytest_orchestrator.diagnostics import Edit


def _after(text: str, edit: Edit) -> str:
    lines = text.splitlines(keepends=True)
    start = sum(map(len, lines[: edit.range.start_line - 1])) + edit.range.start_column - 1
    end = sum(map(len, lines[: edit.range.end_line - 1])) + edit.range.end_column - 1
    return text[:start] + edit.text + text[end:]


@pytest.mark.parametrize(
    ("before", "after", "places"),
    [
        ("a = 1\nb = 1\n", "a = 2\nb = 2\n", ["a = 2\nb = 1\n", "a = 1\nb = 2\n"]),  # neighbouring lines
        ("a = 1; b = 1", "a = 2; b = 1", ["a = 2; b = 1"]),
        ("é = '😀'; b = 1\n", "é = '😀'; b = 2\n", ["é = '😀'; b = 2\n"]),
        ("class A(B):\n    x = 1\n", "class A:\n    x = 2\n", ["class A:\n    x = 1\n", "class A(B):\n    x = 2\n"]),
        ("@d\ndef f(a: B): return 1\n", "@d\ndef f(a: C): return 1\n", ["@d\ndef f(a: C): return 1\n"]),
        (
            "def f():\n  @c\n  class A: pass\n",
            "def f():\n  @d\n  class A: pass\n",
            ["def f():\n  @d\n  class A: pass\n"],
        ),
        ("a = (1,\n  2)\nb = 1\n", "a = (3,)\nb = 1\n", ["a = (3,)\nb = 1\n"]),
        (
            "match x:\n  case A(): y = 1\n  case _ if z: y = 1\n",
            "match x:\n  case B(): y = 1\n  case _ if z: y = 2\n",
            [
                "match x:\n  case B(): y = 1\n  case _ if z: y = 1\n",
                "match x:\n  case A(): y = 1\n  case _ if z: y = 2\n",
            ],
        ),
        (
            "try:\n  a\nexcept E: b\nelse: c\nfinally: d\n",
            "try:\n  a\nexcept F: b\nelse: c\nfinally: e\n",
            ["try:\n  a\nexcept F: b\nelse: c\nfinally: d\n", "try:\n  a\nexcept E: b\nelse: c\nfinally: e\n"],
        ),
        (
            "# coding: latin-1\na = 'é'; b = 1\n",
            "# coding: latin-1\na = 'é'; b = 2\n",
            ["# coding: latin-1\na = 'é'; b = 2\n"],
        ),
    ],
)
def test_each_statement_is_a_place(before: str, after: str, places: list[str]) -> None:
    edits = statement_edits(before, after)
    assert [_after(before, edit) for edit in edits] == places


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = 1\n", "import b\na = b.c\n"),
        ("if a:\n  b = 1\n", "if a: pass\nb = 1\n"),
        ("a = 1  # old\nb = 1\n", "a = 2  # new\nb = 1\n"),
        ("a = 1\n", "a = \n"),
        ("if a:\n  b\nelse:\n  c\n", "if a:\n  b\nelse :\n  c\n"),
    ],
)
def test_what_is_more_than_statements_has_no_places(before: str, after: str) -> None:
    assert statement_edits(before, after) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [("a\nb\nc\n", "a\nB\nc\nd\n"), ("a\r\nb", "a\r\nb\r\n"), ("", "a"), ("a\nb", ""), ("a\fb\nc\n", "a\fB\nc\n")],
)
def test_lines_that_differ_are_replaced(before: str, after: str) -> None:
    text = before
    for edit in reversed(line_edits(before, after)):
        lines = text.encode().splitlines(keepends=True)
        first, last = edit.range.start_line - 1, edit.range.end_line - 1
        text = b"".join([*lines[:first], edit.text.encode(), *lines[last:]]).decode()
    assert text == after
