"""One more name in an import: where it goes, and that nothing else moves."""

from __future__ import annotations

import libcst as cst
import pytest

from pytest_orchestrator.pattern_engine.worker.authoring.imports import with_name


@pytest.mark.parametrize(
    ("beside", "before", "after"),
    [
        ("b", "from m import b", "from m import b, c"),
        ("d", "from m import d", "from m import c, d"),
        ("b", "from m import a, b, d", "from m import a, b, c, d"),
        ("b", "from m import b, d as e", "from m import b, c, d as e"),
        ("b", "from m import B, b, D", "from m import B, b, c, D"),
        ("b", "from m import z, b, a", "from m import z, b, c, a"),
        ("d", "from m import z, d, a", "from m import z, c, d, a"),
        ("b", "from m import (a, b,)", "from m import (a, b, c,)"),
        ("b", "from m import (\n    a,\n    b,\n)", "from m import (\n    a,\n    b,\n    c,\n)"),
        ("b", "from m import (\n    a,\n    b\n)", "from m import (\n    a,\n    b,\n    c\n)"),
        ("d", "from m import (\n    d,\n    e,\n)", "from m import (\n    c,\n    d,\n    e,\n)"),
        (
            "b",
            "from m import (\n    a,  # one\n    b,  # two\n)",
            "from m import (\n    a,  # one\n    b, c,  # two\n)",
        ),
    ],
)
def test_a_name_goes_where_the_others_want_it(beside: str, before: str, after: str) -> None:
    statement = cst.ensure_type(cst.parse_statement(before), cst.SimpleStatementLine).body[0]

    result = with_name(cst.ensure_type(statement, cst.ImportFrom), "c", beside=beside)

    assert cst.Module([]).code_for_node(result) == after


def test_a_name_may_be_imported_under_another_one() -> None:
    statement = cst.ensure_type(cst.parse_statement("from m import b"), cst.SimpleStatementLine).body[0]

    result = with_name(cst.ensure_type(statement, cst.ImportFrom), "c", beside="b", asname="d")

    assert cst.Module([]).code_for_node(result) == "from m import b, c as d"
