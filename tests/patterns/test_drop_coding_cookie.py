"""Without its cookie a file says the same to Python."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable

Transform = Callable[[str, str], str]

LINES = [
    *("# -*- coding: utf-8 -*-", "# coding=latin-1", "# -*- encoding: utf8 -", "#!/usr/bin/python", "", "# about"),
    *("x = 1  # coding: ascii", "# vim: set fileencoding=ascii :", "  # coding: utf-8", "'''", "'''  # coding: utf-8"),
]


def _read(text: str) -> str | None:
    try:
        return ast.dump(ast.parse(text.encode()))
    except SyntaxError:
        return None


def test_a_file_without_its_cookie_reads_the_same(transform: Transform) -> None:
    changed = 0
    for lines in itertools.product(LINES, repeat=3):
        before = "".join(f"{line}\n" for line in lines) + 'name = "Zo\u00eb"\n'
        if _read(before) is None:
            continue
        after = transform("drop-coding-cookie", before)
        changed += after != before
        assert _read(after) == _read(before), before
    assert changed > 50
