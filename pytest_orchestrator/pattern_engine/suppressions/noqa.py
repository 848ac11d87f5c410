"""`# noqa` comments, as flake8 and ruff read them: they silence patterns that declare one of their codes.

A comment holds for the line that it stands on, and for the lines that a string or a backslash joins to it. One without
codes silences every pattern that declares codes; a code also stands for those that it is the beginning of. What should
be codes and is none silences nothing, as in ruff. `# ruff: noqa` and `# flake8: noqa` hold for the whole file when they
stand on a line of their own; behind code they mean nothing to those tools.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pytest_orchestrator.pattern_engine.suppressions.comments import comments
from pytest_orchestrator.records import Diagnostic

_MARK = re.compile(rb"noqa", re.IGNORECASE)
_COMMENT = re.compile(
    r"#\s*(?P<file>(?:flake8|ruff)\s*[:=]\s*)?noqa\b(?P<colon>\s*:\s*(?P<codes>[A-Z]+[0-9]+(?:[,\s]*[A-Z]+[0-9]+)*)?)?",
    re.IGNORECASE,
)

Codes = Mapping[str, Sequence[str]]
"""The codes that mean the same as a pattern, by its id."""


@dataclass(frozen=True, kw_only=True)
class _Comment:
    """One comment. Without `codes` it means all of them; without `lines` it is about the whole file."""

    codes: tuple[str, ...]
    lines: range | None

    def silences(self, line: int, codes: Sequence[str]) -> bool:
        return (self.lines is None or line in self.lines) and _mean(self.codes, codes)


def unsilenced(found: Sequence[Diagnostic], data: bytes, codes: Codes) -> tuple[Diagnostic, ...]:
    """The file's diagnostics that no comment silences."""
    concerned = any(codes.get(item.rule) for item in found)
    comments = tuple(_read(data)) if concerned and _MARK.search(data) else ()
    return tuple(item for item in found if not _is_silenced(item, comments, codes.get(item.rule, ())))


def silenced_lines(data: bytes, codes: Sequence[str]) -> Iterator[range | None]:
    """The lines of each comment that names one of these codes; None for one about the whole file.

    Comments without codes silence linters. They don't keep codemods from changing code.
    """
    # Cutting a file into tokens takes long, and most comments mean something else.
    if not codes or not _MARK.search(data):
        return
    named = map(_codes, _COMMENT.finditer(data.decode("utf-8", "replace")))
    if any(words and _mean(words, codes) for words in named):
        yield from (comment.lines for comment in _read(data) if comment.codes and _mean(comment.codes, codes))


def _is_silenced(item: Diagnostic, comments: Sequence[_Comment], codes: Sequence[str]) -> bool:
    return bool(codes) and any(comment.silences(item.range.start_line, codes) for comment in comments)


def _mean(named: tuple[str, ...], codes: Sequence[str]) -> bool:
    return not named or any(code.startswith(named) for code in codes)


def _codes(match: re.Match[str]) -> tuple[str, ...] | None:
    """The codes that a comment names; None when it should name some, and doesn't."""
    if not match["codes"]:
        return None if match["colon"] else ()
    return tuple(re.findall(r"[A-Z]+[0-9]+", match["codes"].upper()))


def _read(data: bytes) -> Iterator[_Comment]:
    """The comments of a file, in order."""
    for token, lines in comments(data):
        match = _COMMENT.search(token.string)
        codes = _codes(match) if match else None
        if match and codes is not None:
            if not match["file"]:
                yield _Comment(codes=codes, lines=lines)
            elif not token.line[: token.start[1]].strip():
                yield _Comment(codes=codes, lines=None)
