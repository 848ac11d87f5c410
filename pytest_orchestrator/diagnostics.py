"""Values that several packages exchange: diagnostics, ranges and edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, kw_only=True, order=True)
class Range:
    """A range of a text file: lines and columns are 1-based, columns count characters, the end is exclusive.

    The convention is SARIF's (section 3.30, with `columnKind` `unicodeCodePoints`).
    """

    start_line: int
    start_column: int = 1
    end_line: int
    end_column: int = 1

    @staticmethod
    def of_line(line: int) -> Range:
        """The whole of one line."""
        return Range(start_line=line, end_line=line + 1)


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A range of a text file, and the text that replaces it."""

    range: Range
    text: str


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """One finding of one rule at one location. `path` is POSIX and relative to the project or workspace.

    `fix` tells a person what to do about it; `edit` is a fix that a program can apply.
    """

    rule: str
    severity: Severity
    message: str
    path: str
    range: Range
    fix: str = ""
    edit: Edit | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.range.start_line}: {self.rule} {self.message}"
