"""A file's tokens, for all that is told from its comments."""

from __future__ import annotations

import tokenize
from collections.abc import Iterator
from io import BytesIO


def tokens(data: bytes) -> Iterator[tokenize.TokenInfo]:
    """The tokens of a file, in order, up to the place from which on it can't be cut into any.

    Whatever its coding line says: there may be no such encoding, or one that is none of text.
    """
    try:
        yield from tokenize.tokenize(BytesIO(data).readline)
    except (tokenize.TokenError, SyntaxError, UnicodeError, LookupError):
        return


def comments(data: bytes) -> Iterator[tuple[tokenize.TokenInfo, range]]:
    """The comments of a file, in order, each with the lines that it stands behind: its own, and those before that a
    string or a backslash joins to it, on which no comment can stand.
    """
    first = 1
    for token in tokens(data):
        if token.type in (tokenize.NL, tokenize.NEWLINE):
            first = token.start[0] + 1
        elif token.type == tokenize.COMMENT:
            yield token, range(first, token.start[0] + 1)
