from __future__ import annotations

import pytest

from pytest_orchestrator.pattern_engine.library.variants import VARIANTS
from pytest_orchestrator.pattern_engine.results import Rejected
from pytest_orchestrator.pattern_engine.worker.running.source import parse

PLAIN = b"x = 1\nif x:\n    y = '\xc3\xa9'\n"


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("crlf", b"x = 1\r\nif x:\r\n    y = '\xc3\xa9'\r\n"),
        ("bom", b"\xef\xbb\xbf" + PLAIN),
        ("no-final-newline", PLAIN[:-1]),
        ("encoding-cookie", b"# -*- coding: latin-1 -*-\n# \xe9\xe8\xdf\xff\nx = 1\nif x:\n    y = '\xe9'\n"),
        ("form-feed", b"\x0c\n" + PLAIN),
    ],
)
def test_a_variant_changes_bytes_and_the_file_stays_readable(name: str, changed: bytes) -> None:
    variant = VARIANTS[name]
    assert variant.applies(PLAIN)
    assert variant.change(PLAIN) == changed
    assert not isinstance(parse("a.py", changed), Rejected)
    assert changed.splitlines()[variant.shift].removeprefix(b"\xef\xbb\xbf") == b"x = 1"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("crlf", b"x = 1"),
        ("crlf", b"x = 1\r\n"),
        ("bom", b"\xef\xbb\xbfx = 1\n"),
        ("bom", b"# coding: ascii\nx = 1\n"),
        ("no-final-newline", b"x = 1"),
        ("no-final-newline", b"x = 1\r\n"),
        ("no-final-newline", b"\n"),
        ("encoding-cookie", b"# vim: set fileencoding=utf-8 :\nx = 1\n"),
        ("encoding-cookie", b"# about\n# coding: utf-8\nx = 1\n"),
        ("encoding-cookie", b"#!/usr/bin/python\nx = 1\n"),
        ("encoding-cookie", b"\xef\xbb\xbfx = 1\n"),
        ("encoding-cookie", "x = '\N{SNOWMAN}'\n".encode()),
        ("encoding-cookie", b"x = '\xe9'\n"),
        ("form-feed", b"#!/usr/bin/python\nx = 1\n"),
        ("form-feed", b"# coding: latin-1\nx = 1\n"),
    ],
)
def test_a_variant_that_makes_no_sense_is_left_out(name: str, data: bytes) -> None:
    assert not VARIANTS[name].applies(data)


def test_a_third_line_is_no_cookie() -> None:
    assert VARIANTS["encoding-cookie"].applies(b"x = 1\ny = 2\n# coding: ascii\n")
