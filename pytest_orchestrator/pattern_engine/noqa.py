"""`# noqa` comments, as flake8 and ruff read them.

They suppress patterns that declare one of their codes. One holds for its line, and for the lines that a string or a
backslash joins to it. One without codes suppresses every pattern that declares codes; a code also means all codes that
begin with it. One whose codes are malformed suppresses nothing, as in ruff. `# ruff: noqa` and `# flake8: noqa` on a
line of their own hold for the whole file; behind code they mean nothing to those tools.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.pattern_engine.comments import comments

MARK = re.compile(rb"noqa", re.IGNORECASE)
"""What a file with such a comment holds: most have none."""
_NOQA = re.compile(
    r"#\s*(?P<file>(?:flake8|ruff)\s*[:=]\s*)?noqa\b(?P<colon>\s*:\s*(?P<codes>[A-Z]+[0-9]+(?:[,\s]*[A-Z]+[0-9]+)*)?)?",
    re.IGNORECASE,
)

Codes = Mapping[str, Sequence[str]]
"""The codes that mean the same as a pattern, by its id."""


def unsuppressed(found: Sequence[Diagnostic], data: bytes, codes: Codes) -> tuple[Diagnostic, ...]:
    """The file's diagnostics that no `# noqa` comment suppresses."""
    concerned = any(codes.get(item.rule) for item in found)
    noqa = tuple(_read_noqa(data)) if concerned and MARK.search(data) else ()
    return tuple(item for item in found if not _is_suppressed(item, noqa, codes.get(item.rule, ())))


def suppressed_lines(data: bytes, codes: Sequence[str]) -> Iterator[range | None]:
    """The lines of each comment that names one of these codes; None for one about the whole file.

    Comments without codes suppress linters only.
    """
    # Cutting a file into tokens takes long, and most comments mean something else.
    if not codes or not MARK.search(data):
        return
    named = map(_codes, _NOQA.finditer(data.decode("utf-8", "replace")))
    if any(words and _mean(words, codes) for words in named):
        yield from (comment.lines for comment in _read_noqa(data) if comment.codes and _mean(comment.codes, codes))


@dataclass(frozen=True, kw_only=True)
class _Noqa:
    """One comment. Without `codes` it means all of them; without `lines` it is about the whole file."""

    codes: tuple[str, ...]
    lines: range | None

    def suppresses(self, line: int, codes: Sequence[str]) -> bool:
        return (self.lines is None or line in self.lines) and _mean(self.codes, codes)


def _is_suppressed(item: Diagnostic, noqa: Sequence[_Noqa], codes: Sequence[str]) -> bool:
    return bool(codes) and any(comment.suppresses(item.range.start_line, codes) for comment in noqa)


def _mean(named: tuple[str, ...], codes: Sequence[str]) -> bool:
    return not named or any(code.startswith(named) for code in codes)


def _codes(match: re.Match[str]) -> tuple[str, ...] | None:
    """The codes that a comment names; None when it should name some, and doesn't."""
    if not match["codes"]:
        return None if match["colon"] else ()
    return tuple(re.findall(r"[A-Z]+[0-9]+", match["codes"].upper()))


def _read_noqa(data: bytes) -> Iterator[_Noqa]:
    """The comments of a file, in order."""
    for comment in comments(data):
        match = _NOQA.search(comment.token.string)
        codes = _codes(match) if match else None
        if match and codes is not None:
            if not match["file"]:
                yield _Noqa(codes=codes, lines=comment.joined)
            elif comment.is_alone:
                yield _Noqa(codes=codes, lines=None)
