"""`# noqa` comments, as flake8 and ruff read them: they silence patterns that mean the same as one of their codes.

A comment holds for the line that it stands on, and for the lines that a string or a backslash joins to it. One without
codes silences every pattern that declares codes; a code also stands for those that it is the beginning of. What should
be codes and is none silences nothing, as in ruff. `# ruff: noqa` and `# flake8: noqa` hold for the whole file.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from pytest_orchestrator.records import Diagnostic

CODE = r"^[A-Z]+[0-9]+\Z"
_MARK = re.compile(rb"noqa", re.IGNORECASE)
_COMMENT = re.compile(
    r"#\s*(?P<file>(?:flake8|ruff)\s*[:=]\s*)?noqa\b(?P<colon>\s*:\s*(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)?)?",
    re.IGNORECASE,
)

Codes = Mapping[str, Sequence[str]]
"""The codes that mean the same as a pattern, by its id."""


@dataclass(frozen=True, kw_only=True)
class _Comment:
    """One comment. Without `codes` it means all of them; `lines` is None when it is about the whole file."""

    codes: tuple[str, ...]
    lines: range | None

    def silences(self, line: int, codes: Sequence[str]) -> bool:
        if self.lines is not None and line not in self.lines:
            return False
        return not self.codes or any(code.startswith(self.codes) for code in codes)


def unsilenced(found: Sequence[Diagnostic], data: bytes, codes: Codes) -> tuple[Diagnostic, ...]:
    """What remains of a file's diagnostics."""
    concerned = any(codes.get(item.rule) for item in found)
    comments = tuple(_read(data)) if concerned and _MARK.search(data) else ()
    return tuple(item for item in found if not _is_silenced(item, comments, codes.get(item.rule, ())))


def silenced_lines(data: bytes, codes: Sequence[str]) -> Iterator[range]:
    """The lines on which a pattern with these codes is silenced; a huge range where the whole file is."""
    for comment in _read(data) if codes and _MARK.search(data) else ():
        if not comment.codes or any(code.startswith(comment.codes) for code in codes):
            yield comment.lines or range(1, data.count(b"\n") + 2)


def _is_silenced(item: Diagnostic, comments: Sequence[_Comment], codes: Sequence[str]) -> bool:
    return bool(codes) and any(comment.silences(item.range.start_line, codes) for comment in comments)


def _read(data: bytes) -> Iterator[_Comment]:
    """The comments of a file, in order; those before the place from which on it can't be cut into tokens."""
    first = 1  # of the lines that a string or a backslash joins to the current one
    try:
        for token in tokenize.tokenize(BytesIO(data).readline):
            if token.type in (tokenize.NL, tokenize.NEWLINE):
                first = token.start[0] + 1
            elif token.type == tokenize.COMMENT and (match := _COMMENT.search(token.string)):
                if match["colon"] and not match["codes"]:
                    continue
                codes = tuple(re.split(r"[,\s]+", match["codes"].upper())) if match["codes"] else ()
                lines = None if match["file"] else range(first, token.start[0] + 1)
                yield _Comment(codes=codes, lines=lines)
    except (tokenize.TokenError, SyntaxError, UnicodeDecodeError):
        return
