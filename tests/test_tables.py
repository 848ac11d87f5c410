from __future__ import annotations

from pytest_orchestrator.tables import markdown_table, plain_table

HOSTILE = "a|b\x1b[2J\n| c"


def test_a_plain_table_has_a_line_a_row_whatever_the_cells_hold() -> None:
    assert plain_table([[HOSTILE, 10], ["b", "007"]], ["name", "n"], align=["left", "right"]).splitlines() == [
        "name               n",
        "---------------  ---",
        r"a|b\x1b[2J\n| c   10",
        "b                007",
    ]


def test_a_plain_table_can_lack_headers() -> None:
    assert plain_table([["a", 1], ["bb", 22]]).splitlines() == ["a   1", "bb  22"]


def test_the_last_column_is_wrapped_to_fit() -> None:
    rows = [["one", "a word " * 8], ["two", "short"]]
    table = plain_table(rows, ["id", "title"], width=40)
    assert max(map(len, table.splitlines())) <= 40
    assert " ".join(table.split()).count("a word") == 8
    assert plain_table(rows, ["id", "title"], width=10) == plain_table(rows, ["id", "title"])
    assert plain_table([], width=10) == ""


def test_a_markdown_table_has_a_line_a_row_whatever_the_cells_hold() -> None:
    assert markdown_table([[HOSTILE, 10]], ["name", "n"], align=["left", "right"]) == [
        "| name | n |",
        "| --- | ---: |",
        r"| a\|b\x1b[2J \| c | 10 |",
    ]
