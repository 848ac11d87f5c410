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
