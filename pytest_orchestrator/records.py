"""Values that several rooms speak in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, kw_only=True, order=True)
class Range:
    """A stretch of a text file: lines and columns are 1-based, columns count characters, the end is exclusive.

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
    """A stretch of a text file, and the text that is to stand in its place."""

    range: Range
    text: str


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """One finding of one rule at one place. `path` is POSIX and relative to the project or workspace.

    `fix` says in words what to do about it; `edit` is what a program can do about it.
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
