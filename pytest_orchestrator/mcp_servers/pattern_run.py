"""What the pattern tools ask of whoever starts the server: to run patterns as the command line does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pytest_orchestrator.pattern_engine.host.apply import Observer
from pytest_orchestrator.pattern_engine.pattern import Pattern, PatternCall, bind
from pytest_orchestrator.pattern_engine.results import ApplyReport


@dataclass(frozen=True, kw_only=True)
class PatternRun:
    """A call of `patterns.apply` or `patterns.lint`, with its patterns found."""

    folder: Path
    patterns: Sequence[Pattern]
    parameters: Mapping[str, Mapping[str, Any]]
    """By the pattern's id."""
    paths: Sequence[str]
    """As the caller wrote them: relative to `folder`, or absolute."""
    problem_with: Callable[[str], str]
    write: bool = False
    allow_dirty: bool = False
    unsafe: bool = False

    def calls(self, defaults_of: Callable[[Pattern], Mapping[str, Any]]) -> tuple[PatternCall, ...]:
        """The patterns with their parameters; `defaults_of` names those that the project sets.

        Raises:
            PatternError: a parameter is unknown, missing or of the wrong type.
        """
        return tuple(
            bind(pattern, {**defaults_of(pattern), **self.parameters.get(pattern.id, {})}) for pattern in self.patterns
        )


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """What was done, or without `write` what would be."""

    report: ApplyReport
    diffs: Mapping[str, str] = field(default_factory=dict)
    """The unified diff of each edited file, by path; empty when the files were written."""
    skipped: Sequence[str] = ()
    """A line for each codemod that did not run on all files."""


class RunPatterns(Protocol):
    """Runs patterns; threads call it."""

    def __call__(self, run: PatternRun, observer: Observer) -> RunResult:
        """The result of one call.

        Raises:
            OrchestratorError: it is refused, or can't be done.
        """
