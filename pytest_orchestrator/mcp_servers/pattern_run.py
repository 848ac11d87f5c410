"""What the pattern tools ask of whoever starts the server: to run patterns as the command line does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pytest_orchestrator.pattern_engine.host.apply import Observer
from pytest_orchestrator.pattern_engine.pattern import PatternCall
from pytest_orchestrator.pattern_engine.results import ApplyReport


@dataclass(frozen=True, kw_only=True)
class PatternRun:
    """A call of `patterns.apply` or `patterns.lint`, with its patterns found and its parameters checked."""

    folder: Path
    calls: Sequence[PatternCall]
    paths: Sequence[str]
    """As the caller wrote them: relative to `folder`, or absolute."""
    problem_with: Callable[[str], str]
    write: bool = False
    allow_dirty: bool = False
    unsafe: bool = False


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """What was done, or without `write` what would be."""

    report: ApplyReport
    diffs: Mapping[str, str] = field(default_factory=dict)
    """The unified diff of each edited file, by path; empty when the files were written."""


class RunPatterns(Protocol):
    """Runs patterns; threads call it."""

    def __call__(self, run: PatternRun, observer: Observer) -> RunResult:
        """The result of one call.

        Raises:
            OrchestratorError: it is refused, or can't be done.
        """
