"""The results of running patterns, for each file; failures are results too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pytest_orchestrator.diagnostics import Diagnostic

Reason = Literal[
    "syntax",  # the file is not Python that LibCST can parse
    "encoding",  # its bytes, or the pattern's new characters, don't fit its encoding
    "not-text",  # it holds NUL bytes or is too large to be source code
    "round-trip",  # LibCST itself would change it: nothing may be trusted to survive
    "raised",  # the pattern raised an exception
    "time",  # the pattern did not end in time
    "exited",  # the pattern ended its process
    "unsupported-python",  # the pattern needs a newer Python than the one that runs
    "broken-output",  # what the pattern made of it is not valid Python
    "fight",  # patterns keep undoing each other's changes
    "suppressed",  # a comment keeps the pattern from a statement, and it can't leave out one alone
    "changed",  # another program wrote the file in the meantime
    "unreadable",
    "unwritable",
]

TOO_DEEP = "is nested too deeply for LibCST"

# Reasons that are in the file itself. All others are failures.
_FACTS = frozenset({"syntax", "encoding", "not-text", "round-trip", "unsupported-python", "suppressed"})


def is_fact(reason: str, *, pattern: str) -> bool:
    """Whether the reason for a rejection is in the file itself, and not a failure of a pattern.

    Characters that a `pattern` puts into a file whose encoding can't hold them are a failure of the pattern.
    """
    return reason in _FACTS and not (reason == "encoding" and pattern)


@dataclass(frozen=True, kw_only=True)
class Unchanged:
    """The codemods left the file as it was."""

    kind: Literal["unchanged"] = "unchanged"
    path: str


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """Two codemods that change the same lines of a file, as it was before any edit. The `winner` came first.

    `loser` was tried on the text that the winner made: it changed those lines too, or had nothing left to do there.
    """

    line: int
    end_line: int
    """The last of the lines, inclusive."""
    winner: str
    loser: str
    outcome: Literal["changed-too", "nothing-left"]


@dataclass(frozen=True, kw_only=True)
class SuppressedLines:
    """Comments on these `lines` suppressed changes of a codemod, the one with the index `call`; perhaps all of them."""

    call: int
    lines: tuple[int, ...]
    whole_file: bool


@dataclass(frozen=True, kw_only=True)
class Edited:
    """The codemods changed the file. `patterns` are those that did, in the order in which they ran."""

    kind: Literal["edited"] = "edited"
    path: str
    before_sha256: str
    after_sha256: str
    patterns: tuple[str, ...]
    overlaps: tuple[Overlap, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Found:
    """The diagnostics of the linters, sorted by position; positions are those in the file before any edit."""

    kind: Literal["found"] = "found"
    path: str
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """Why the file was left alone. `pattern` is the one that failed, if any; `line` is a line of the file."""

    kind: Literal["rejected"] = "rejected"
    path: str
    reason: Reason
    pattern: str = ""
    message: str
    line: int | None = None


FileResult = Unchanged | Edited | Found | Rejected


@dataclass(frozen=True, kw_only=True)
class ApplyReport:
    """The results of applying patterns to a workspace.

    `files` holds everything but `Unchanged`. A path can have several results:
    at most one edit, at most one `Found`, and one `Rejected` for each pattern that failed on it.
    """

    files: tuple[FileResult, ...]
    examined: int
    """The number of files that were examined."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """The number of results of each kind; `diagnostics` counts single diagnostics."""
    rules: Mapping[str, int] = field(default_factory=dict)
    """By id, the most frequent first: how many files a codemod edited, how many diagnostics a linter reported."""
    seconds: float
    stopped: bool = False
    """Whether the caller asked to stop before every file was examined."""

    @property
    def failures(self) -> Sequence[Rejected]:
        """The files that a pattern failed on: its results for them are unknown."""
        rejected = (result for result in self.files if isinstance(result, Rejected))
        return [result for result in rejected if not is_fact(result.reason, pattern=result.pattern)]
