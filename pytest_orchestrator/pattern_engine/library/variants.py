"""Variants of a case's file: other line ends, a byte order mark, an encoding cookie and the like.

A variant is made of the file before and after alike: the pattern must turn the one into the other.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO

_BOM = b"\xef\xbb\xbf"
# PEP 263: on one of the first two lines.
_COOKIE = re.compile(rb"\A(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=]")
_LATIN_1_TOP = b"# -*- coding: latin-1 -*-\n# \xe9\xe8\xdf\xff\n"


@dataclass(frozen=True, kw_only=True)
class Variant:
    """`applies` tells whether a file can have the variant, `change` makes it; lines move down by `shift`."""

    applies: Callable[[bytes], bool]
    change: Callable[[bytes], bytes]
    shift: int = 0


def _top_is_free(data: bytes) -> bool:
    """Whether lines can be added at the top: no byte order mark, cookie or `#!` line has to come first."""
    return not data.startswith((_BOM, b"#!")) and _COOKIE.search(data) is None


def _takes_byte_order_mark(data: bytes) -> bool:
    """Whether a byte order mark can be added: there is none, and no cookie names an encoding without one."""
    try:
        tokenize.detect_encoding(BytesIO(_BOM + data).readline)
    except SyntaxError:
        return False
    return not data.startswith(_BOM)


def _is_latin_1(data: bytes) -> bool:
    return all(ord(character) < 0x100 for character in data.decode("utf-8", "replace"))


VARIANTS: Mapping[str, Variant] = {
    "crlf": Variant(
        applies=lambda data: b"\n" in data and b"\r" not in data,
        change=lambda data: data.replace(b"\n", b"\r\n"),
    ),
    "bom": Variant(applies=_takes_byte_order_mark, change=lambda data: _BOM + data),
    "no-final-newline": Variant(
        applies=lambda data: data.endswith(b"\n") and not data.endswith((b"\r\n", b"\\\n")) and len(data) > 1,
        change=lambda data: data.removesuffix(b"\n"),
    ),
    "encoding-cookie": Variant(
        applies=lambda data: _top_is_free(data) and _is_latin_1(data),
        change=lambda data: _LATIN_1_TOP + data.decode().encode("latin-1"),
        shift=2,
    ),
    "form-feed": Variant(applies=_top_is_free, change=lambda data: b"\f\n" + data, shift=1),
}
