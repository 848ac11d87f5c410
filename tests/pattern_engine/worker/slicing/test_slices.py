"""Cutting real files into statements and putting them back."""

from __future__ import annotations

import pytest

from pytest_orchestrator.pattern_engine.trigger import Trigger
from pytest_orchestrator.pattern_engine.worker.slicing.outline import Outline
from pytest_orchestrator.pattern_engine.worker.slicing.slices import Cut, cut
from pytest_orchestrator.python_syntax import parse_quietly


def cut_out(data: bytes, trigger: Trigger) -> Cut | None:
    tree = parse_quietly(data)
    assert tree is not None
    return cut(data, tree, Outline(tree, data), [trigger])


def test_slices_in_a_try_statement_come_in_the_order_of_the_text() -> None:
    data = b"try:\n    a = 1\nexcept A:\n    b = 2\nelse:\n    c = 3\nfinally:\n    d = 4\n"
    piece = cut_out(data, Trigger(text=("=",), within="statement"))
    assert piece is not None
    assert piece.text.count("#:slice") == 5
    changed = piece.joined(piece.text.replace("= 2", "= 20").replace("= 3", "= 30"))
    assert changed == data.replace(b"= 2", b"= 20").replace(b"= 3", b"= 30")


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda text: text.replace("#:slice 1:#\n", ""),
        lambda text: text.replace("#:slice 1:#", "#:slice 7:#"),
        lambda text: "import this\n" + text,
        lambda text: text + "import this\n",
        lambda text: text.replace("if 1:\n", "", 1),
    ],
)
def test_what_can_not_be_found_again_is_not_put_back(spoilt: object) -> None:
    piece = cut_out(b"def f():\n    a = 1\n    b = 2\n", Trigger(text=("=",), within="statement"))
    assert piece is not None
    assert callable(spoilt)
    assert piece.joined(spoilt(piece.text)) is None


@pytest.mark.parametrize(
    "data",
    [b"a = 1\r\nb = 2\n", b"a = 1\n\x0cb = 2\n", b"# coding: latin-1\na = 1\n", b"a = 1\n  \n", b"x = '#:slice '\n"],
)
def test_what_is_out_of_the_ordinary_is_not_cut(data: bytes) -> None:
    assert cut_out(data, Trigger(text=("=",), within="statement")) is None


@pytest.mark.parametrize(
    ("names", "data", "expected"),
    [
        (("datetime",), b"import datetime as d\nd.now()\ndatetime.now()\n", ["import datetime as d", "d.now()"]),
        (("a.b",), b"import a\na.b()\na.c()\n(a) . \\\n b\n", ["a.b()", "(a) . \\\n b"]),
        (("a.b",), b"from a import b\nb()\nbb()\na()\n", ["from a import b", "b()"]),
        (("a.b",), b"from a.b import c\nc()\n", ["from a.b import c", "c()"]),
        (("a.b",), b"from a.c import d\nd()\n", []),
        (("a.b",), b"from a import *\nb()\n", []),
        (("builtins.open",), b"open()\nreopen()\n", ["open()"]),
        (("a",), b"def f():\n    import a\n    return a.b\na\n", ["import a", "return a.b", "a"]),
    ],
)
def test_statements_are_found_by_what_is_imported(names: tuple[str, ...], data: bytes, expected: list[str]) -> None:
    piece = cut_out(data, Trigger(names=names, within="header"))
    assert piece is not None
    assert [piece_of.text.strip() for piece_of in piece.slices] == expected


def test_names_in_other_letters_are_left_to_the_whole_file() -> None:
    data = "import datetime\n\N{FULLWIDTH LATIN SMALL LETTER D}atetime.now()\n".encode()
    assert cut_out(data, Trigger(names=("datetime",), within="header")) is None


def test_odd_letters_that_mean_no_name_of_ours_cost_nothing() -> None:
    signs = "half = '\N{VULGAR FRACTION ONE HALF}, area in m\N{SUPERSCRIPT TWO}'"
    data = f"import datetime\n{signs}\ndatetime.now()\n".encode()
    piece = cut_out(data, Trigger(names=("datetime",), within="header"))
    assert piece is not None
    assert [piece_of.text for piece_of in piece.slices] == ["import datetime\n", "datetime.now()\n"]


@pytest.mark.parametrize(
    ("data", "is_cut"),
    [
        (b"x = [a % b]\n", True),
        (b"x = [a + b]\n", False),
        (b"class A(x % 1):\n    b = 1\n", True),
        (b"class A(x):\n    b = a % 1\n", False),  # the node is not where the text is
        (b"def f(x=lambda: a % b):\n    pass\n", True),
    ],
)
def test_nodes_are_looked_for_in_what_is_cut(data: bytes, is_cut: bool) -> None:
    piece = cut_out(data, Trigger(text=(r"\bx\b",), nodes=("Mod",), within="header"))
    assert piece is not None
    assert bool(piece.slices) is is_cut


def test_a_header_is_cut_without_its_body() -> None:
    data = b"@d\nclass A(object):\n    # why\n    x = object\n\n    def f(self): object\nelse_ = 1\n"
    piece = cut_out(data, Trigger(text=(r"\bobject\b",), within="header"))
    assert piece is not None
    assert [piece_of.text + piece_of.below for piece_of in piece.slices] == [
        "@d\nclass A(object):\n    # why\n    pass\n",
        "    x = object\n",
        "    def f(self): object\n",
    ]
    assert piece.joined(piece.text.replace("class A(object)", "class A")) == data.replace(b"A(object)", b"A")
    assert piece.joined(piece.text.replace("    pass\n", "    passed\n")) is None
