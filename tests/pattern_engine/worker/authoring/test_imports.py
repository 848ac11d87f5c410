"""Unused imports are removed and doubtful ones stay; a name is added without moving anything else."""

from __future__ import annotations

import libcst as cst
import pytest

from pytest_orchestrator.pattern_engine.worker.authoring.imports import add_imported_name, remove_unused_imports

NAMES = frozenset({"a", "b", "typing"})


def trimmed(text: str, filename: str | None = "module.py") -> str:
    return remove_unused_imports(cst.parse_module(text), NAMES, filename).code


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from m import a\nx = 1\n", "x = 1\n"),
        ("from m import a, c\n", "from m import c\n"),
        ("from m import c, a\n", "from m import c\n"),
        ("from m import (\n    a,\n    c,\n    b,\n)\n", "from m import (\n    c,\n)\n"),
        ("import typing, os\n", "import os\n"),
        ("from m import other as a\nx = 1\n", "x = 1\n"),
        ("from m import a\nfrom n import a\nx.a = 1\n", "x.a = 1\n"),
        ("from m import a, c  # comment\n", "from m import c  # comment\n"),
        ("# top\nfrom m import a\n\n\ndef f(): ...\n", "# top\ndef f(): ...\n"),
        ("import os\n\nfrom m import a\nx = 1\n", "import os\n\nx = 1\n"),
        ("import os\nfrom m import a\n\n# about\nx = 1\n", "import os\n\n# about\nx = 1\n"),
        ("import os\nfrom m import a\n", "import os\n"),
        ("from m import a\nx = 'a word'\n", "x = 'a word'\n"),
    ],
)
def test_an_import_that_nothing_needs_goes(before: str, after: str) -> None:
    assert trimmed(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "from m import a\nx = a\n",
        "from m import a\nx: 'list[a]'\n",
        "from m import a\n__all__ = ['a']\n",
        "from m import a\n'''\n>>> a()\n'''\n",
        "from m import a\nx = f'a'\n",
        "from m import a\nx = []  # type: list[a]\n",
        "from m import a  # used elsewhere\n",
        "# why\nimport os\n# it is here\nfrom m import a\nx = 1\n",
        "from m import a, c  # noqa: F401\n",
        "from m import (\n    a,  # first\n    c,\n)\n",
        "from m import a as a\n",
        "from m import *\n",
        "import os; from m import a\n",
        "import typing.io\n",
        "import m.a as b; b()\n",
        "try:\n    from m import a\nexcept ImportError:\n    pass\n",
        "if x:\n    from m import a\n",
        "import os\n\f\nfrom m import a\nx = 1\n",
        "from m import c\n",
    ],
)
def test_an_import_stays_in_doubt(text: str) -> None:
    assert trimmed(text) == text


def test_what_a_package_imports_is_for_others() -> None:
    text = "from m import a\nx = 1\n"
    assert trimmed(text, "package/__init__.py") == text
    assert trimmed(text, None) == "x = 1\n"


def test_a_form_feed_below_an_import_stays() -> None:
    assert trimmed("import os\nfrom m import a\n\n\f\nx = 1\n") == "import os\n\n\f\nx = 1\n"


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
    assert added(before, beside=beside) == after


def test_a_name_may_be_imported_under_another_one() -> None:
    assert added("from m import b", beside="b", asname="d") == "from m import b, c as d"


def test_a_star_import_can_not_take_another_name() -> None:
    with pytest.raises(ValueError, match="not in list"):
        added("from m import *", beside="b")


def added(text: str, **arguments: str) -> str:
    """The import with the name `c`."""
    statement = cst.ensure_type(cst.parse_statement(text), cst.SimpleStatementLine).body[0]
    return cst.Module([]).code_for_node(add_imported_name(cst.ensure_type(statement, cst.ImportFrom), "c", **arguments))
