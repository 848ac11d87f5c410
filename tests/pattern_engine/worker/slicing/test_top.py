"""The top of a file, for codemods that change nothing but the comments above the first statement."""

from __future__ import annotations

import ast

import pytest

from pytest_orchestrator.pattern_engine.worker.slicing.top import Top, top_of


def top(data: bytes) -> Top | None:
    return top_of(data, ast.parse(data))


@pytest.mark.parametrize(
    ("data", "module_bytes"),
    [
        (b"# a\n\n  # b\n'''c'''\nd = 1\n", b"# a\n\n  # b\npass\n"),
        (b"# a\r\n@b\r\ndef c(): pass\r\n", b"# a\r\npass\r\n"),
        (b"a = 1\n# b\n", b"pass\n"),
    ],
)
def test_the_comments_above_the_first_statement_are_the_top(data: bytes, module_bytes: bytes) -> None:
    found = top(data)
    assert found is not None
    assert found.module_bytes == module_bytes
    assert found.joined(found.module_bytes) == data


@pytest.mark.parametrize(
    "data",
    [
        b"# alone\n",
        b"# one\r\n# other\na = 1\n",
        b"# form\x0cfeed\na = 1\n",
        b"\xef\xbb\xbf# mark\na = 1\n",
        b"# coding: latin-1\na = 1\n",
        b"\\\n# goes on\na = 1\n",
        b"a = 1\n   \n",
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_the_whole_file(data: bytes) -> None:
    assert top(data) is None


@pytest.mark.parametrize(
    "module_bytes",
    [
        b"pass\n# below\n",
        b"import a\npass\n",
        b"# coding: latin-1\npass\n",
        b"# coding: no-such\npass\n",
        b"#\n",
    ],
)
def test_no_change_of_the_rest_is_taken(module_bytes: bytes) -> None:
    found = top(b"# a\nb = 1\n")
    assert found is not None
    assert found.joined(module_bytes) is None


def test_a_cookie_that_would_count_from_now_on_is_noticed() -> None:
    found = top(b"# one\n# two\n# coding: latin-1\na = 1\n")
    assert found is not None
    assert found.joined(found.module_bytes.removeprefix(b"# one\n")) is None
