"""How a case ended, and what was seen on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pytest_orchestrator.evaluation.plan.scenario import Gate

# `works` is not among a scenario's gates because it can't be left out: a pattern that crashes is never fine.
GateName = Gate | Literal["works"]


@dataclass(frozen=True, kw_only=True)
class GateResult:
    """What a gate says. It passes when it has no problem to tell."""

    gate: GateName
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FileEdit:
    """Lines that a file gained and lost."""

    path: str
    added: int
    removed: int


@dataclass(frozen=True, kw_only=True)
class FileDiagnostics:
    """How many diagnostics a file got."""

    path: str
    count: int


@dataclass(frozen=True, kw_only=True)
class RejectedFile:
    """A file that was left alone, and why. `pattern` is empty when it is no pattern's fault."""

    path: str
    reason: str
    pattern: str = ""
    message: str = ""
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class Observation:
    """What the harness saw in the tree, and what the agent found in it."""

    tree: str
    """The git tree that the case ended with: with the pin's own it says exactly what changed."""
    examined: int
    edits: tuple[FileEdit, ...] = ()
    diagnostics: tuple[FileDiagnostics, ...] = ()
    diagnostics_sha256: str = ""
    """Of path, line, column, rule and message of every diagnostic; empty without one."""
    rejected: tuple[RejectedFile, ...] = ()

    @property
    def added(self) -> int:
        """Lines gained in all files."""
        return sum(edit.added for edit in self.edits)

    @property
    def removed(self) -> int:
        """Lines lost in all files."""
        return sum(edit.removed for edit in self.edits)

    @property
    def found(self) -> int:
        """Diagnostics in all files."""
        return sum(item.count for item in self.diagnostics)


@dataclass(frozen=True, kw_only=True)
class Passed:
    """Every gate passed."""

    kind: Literal["passed"] = "passed"


@dataclass(frozen=True, kw_only=True)
class Failed:
    """The pattern, or the agent, got it wrong: the gates that say so."""

    kind: Literal["failed"] = "failed"
    gates: tuple[GateResult, ...]


@dataclass(frozen=True, kw_only=True)
class Flaky:
    """Repeats of the case ended differently."""

    kind: Literal["flaky"] = "flaky"
    differences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """The case can't be run here, and nobody is to blame."""

    kind: Literal["skipped"] = "skipped"
    reason: str


@dataclass(frozen=True, kw_only=True)
class Errored:
    """There is no verdict: the harness, the machine or the agent broke. `agent` is named when it was the agent."""

    kind: Literal["errored"] = "errored"
    message: str
    fix: str = ""
    agent: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    """What helps to find out, e.g. what an agent claimed and what the tree shows."""


@dataclass(frozen=True, kw_only=True)
class OverBudget:
    """The agent took longer than the scenario allows."""

    kind: Literal["over-budget"] = "over-budget"
    seconds: float
    budget_s: float


Outcome = Passed | Failed | Flaky | Skipped | Errored | OverBudget
OUTCOMES = ("passed", "failed", "flaky", "skipped", "errored", "over-budget")
