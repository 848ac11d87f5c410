"""The comments of a Python file, and the lines that each of them is about."""

from __future__ import annotations

import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

_CLOSING = {")": "(", "]": "[", "}": "{"}
_LAYOUT = frozenset({tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING})


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A comment. Lines are counted from 1."""

    token: tokenize.TokenInfo
    joined: range
    """Its line and those that a string or a backslash joins to it, which can have no comment of their own."""
    about: range
    """The lines that it is about: those `joined`; from the opening bracket on, when its line begins with the closing
    one; up to the line of code below it, with those joined to that one, when it stands alone."""
    is_alone: bool
    """Whether its line has no code."""


def comments(data: bytes) -> Iterator[Comment]:
    """The comments of a file, in order. Comments after a line that is not Python are left out."""
    line = _Line()
    alone: list[tuple[tokenize.TokenInfo, range]] = []
    brackets: list[tuple[str, int]] = []
    for token in _tokens(data):
        kind, (row, _) = token.type, token.start
        if kind == tokenize.COMMENT:
            joined = range(line.first, row + 1)
            line.has_comment = True
            if line.is_empty:
                alone.append((token, joined))
            else:
                line.comment = token
        elif kind in (tokenize.NL, tokenize.NEWLINE):
            joined = range(line.first, row + 1)
            if not (line.is_empty and line.has_comment):  # code, which the comments are about, or an empty line
                for one, own in alone:
                    about = own if line.is_empty else range(own.start, joined.stop)
                    yield Comment(token=one, joined=own, about=about, is_alone=True)
                alone = []
            if line.comment is not None:
                since = joined.start if line.opened is None else min(line.opened, joined.start)
                yield Comment(token=line.comment, joined=joined, about=range(since, row + 1), is_alone=False)
            line = _Line(first=row + 1)
        elif kind not in _LAYOUT:
            if token.string in _CLOSING and kind == tokenize.OP:
                opened = brackets.pop()[1] if brackets else row
                if line.is_empty:
                    line.opened = opened
            elif kind == tokenize.OP and token.string in _CLOSING.values():
                brackets.append((token.string, row))
            line.is_empty = False
    yield from (Comment(token=one, joined=own, about=own, is_alone=True) for one, own in alone)


def joined_lines(data: bytes) -> Iterator[range]:
    """The lines of a file, each with those that a string or a backslash joins to it, in order."""
    first = 1
    for token in _tokens(data):
        if token.type in (tokenize.NL, tokenize.NEWLINE):
            yield range(first, token.start[0] + 1)
            first = token.start[0] + 1


@dataclass(kw_only=True)
class _Line:
    """What was read of the current line so far."""

    first: int = 1
    is_empty: bool = True
    has_comment: bool = False
    opened: int | None = None
    """The line of the opening bracket, when the line begins with the closing one."""
    comment: tokenize.TokenInfo | None = None


def _tokens(data: bytes) -> Iterator[tokenize.TokenInfo]:
    """The tokens of a file, in order, up to the first that is malformed.

    Whatever its coding line says: there may be no such encoding, or one that is none of text.
    """
    try:
        yield from tokenize.tokenize(BytesIO(data).readline)
    except (tokenize.TokenError, SyntaxError, UnicodeError, LookupError):
        return
