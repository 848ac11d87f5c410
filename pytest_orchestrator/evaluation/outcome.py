"""What a case leads to: observation, gate results, outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pytest_orchestrator.agents.agent import AgentInfo
from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.evaluation.plan.scenario import Gate

# A scenario can't leave out `works`, so it is not among its gates.
GateName = Gate | Literal["works"]


@dataclass(frozen=True, kw_only=True)
class GateResult:
    """The result of one gate. It passed when there is no problem."""

    gate: GateName
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FileEdit:
    """Lines added to a file and removed from it."""

    path: str
    added: int
    removed: int


@dataclass(frozen=True, kw_only=True)
class FileDiagnostics:
    """The number of diagnostics in a file."""

    path: str
    count: int


@dataclass(frozen=True, kw_only=True)
class RejectedFile:
    """A file that was not changed, and why. `pattern` is empty when no pattern caused it."""

    path: str
    reason: str
    pattern: str = ""
    message: str = ""
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class Observation:
    """The change that the harness found in the tree, and the diagnostics that the agent reported."""

    tree: str
    """The git tree after the case. Together with the pin's tree it determines every changed byte."""
    examined: int
    edits: tuple[FileEdit, ...] = ()
    diagnostics: tuple[FileDiagnostics, ...] = ()
    diagnostics_sha256: str = ""
    """SHA-256 over path, line, column, rule and message of every diagnostic; empty without diagnostics."""
    rejected: tuple[RejectedFile, ...] = ()

    @property
    def added(self) -> int:
        """Lines added in all files."""
        return sum(edit.added for edit in self.edits)

    @property
    def removed(self) -> int:
        """Lines removed in all files."""
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
    """The pattern or the agent produced a wrong result. `gates` are those that failed."""

    kind: Literal["failed"] = "failed"
    gates: tuple[GateResult, ...]


@dataclass(frozen=True, kw_only=True)
class Flaky:
    """Repeats of the case gave different results."""

    kind: Literal["flaky"] = "flaky"
    differences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """The case can't be run on this machine, and that is no failure."""

    kind: Literal["skipped"] = "skipped"
    reason: str


@dataclass(frozen=True, kw_only=True)
class Errored:
    """There is no verdict, because the harness, the machine or the agent failed. `agent` names the agent that did."""

    kind: Literal["errored"] = "errored"
    message: str
    fix: str = ""
    agent: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    """What helps to find the cause, e.g. the edits that an agent claimed and those in the tree."""


@dataclass(frozen=True, kw_only=True)
class OverBudget:
    """The agent took longer than the scenario allows."""

    kind: Literal["over-budget"] = "over-budget"
    seconds: float
    budget_s: float


Outcome = Passed | Failed | Flaky | Skipped | Errored | OverBudget
OUTCOMES = ("passed", "failed", "flaky", "skipped", "errored", "over-budget")

Verdict = Flaky | Skipped | Errored | OverBudget
"""An outcome that needs no expectation."""


@dataclass(frozen=True, kw_only=True)
class CaseRun:
    """The result of running a case, before it is compared with its expectation."""

    verdict: Verdict | None = None
    """Present when the case ended without a result that can be compared."""
    observation: Observation | None = None
    """Present when there is no verdict, and for flaky cases."""
    gates: tuple[GateResult, ...] = ()
    patch: bytes = b""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Sorted by path and range."""
    agent: AgentInfo | None = None
    seconds: float = 0.0
    """From the first checkout to the end of the last repeat."""
