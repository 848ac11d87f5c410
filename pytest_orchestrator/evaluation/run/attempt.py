"""One run of a case: a pin in a folder of its own, an agent that works on it, and a look at what became of it."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_orchestrator.agents.session import AgentInfo, AgentSession, open_session
from pytest_orchestrator.errors import AgentError
from pytest_orchestrator.evaluation.gates.checks import (
    check_compiles,
    check_contained,
    check_idempotent,
    check_parses,
    check_works,
)
from pytest_orchestrator.evaluation.outcome import (
    Errored,
    FileEdit,
    Flaky,
    GateResult,
    Observation,
    OverBudget,
    RejectedFile,
    Skipped,
)
from pytest_orchestrator.evaluation.plan.case import Case
from pytest_orchestrator.evaluation.run.claims import (
    Edit,
    LyingAgentError,
    check_edits,
    check_places,
    list_diagnostics,
    observe,
    read_claims,
)
from pytest_orchestrator.fixture_store.checkout import Checkout, TreeDiff
from pytest_orchestrator.fixture_store.snapshot import Snapshot
from pytest_orchestrator.fixture_store.store import Store
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.results import ApplyReport, is_fact
from pytest_orchestrator.records import Diagnostic

_MAX_STDERR = 4_000

Verdict = Errored | OverBudget | Flaky | Skipped


@dataclass(frozen=True, kw_only=True)
class CaseTask:
    """A case and the folders of patterns that its agent may use."""

    case: Case
    library: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True)
class CaseRun:
    """What came of running a case, before it is held against its expectation."""

    verdict: Verdict | None = None
    """There when the case ended without anything to hold against an expectation."""
    observation: Observation | None = None
    """There when there is no verdict, and for flaky cases."""
    gates: tuple[GateResult, ...] = ()
    patch: bytes = b""
    diagnostics: tuple[Diagnostic, ...] = ()
    """By place."""
    agent: AgentInfo | None = None
    seconds: float = 0.0
    """From the checkout to the last look, all repeats together."""


class OverBudgetError(Exception):
    """The agent took longer than its case allows."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def run_once(task: CaseTask, store: Store) -> CaseRun:
    """Run a case once.

    Raises:
        OverBudgetError: the agent took too long.
        LyingAgentError: the tree shows something else than the agent says.
        AgentError, FixtureError, InputError, OSError: there is no result.
    """
    with tempfile.TemporaryDirectory(prefix="pytest-orchestrator-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        checkout = store.checkout(task.case.pin, folder / "checkout")
        stderr = folder / "agent.stderr"
        try:
            return _Attempt(task, store, checkout).run(stderr)
        except LyingAgentError as error:
            raise LyingAgentError(error.message, {**error.details, **_tail(stderr)}) from error


class _Attempt:
    """One run of a case in one checkout."""

    def __init__(self, task: CaseTask, store: Store, checkout: Checkout) -> None:
        self._case = task.case
        self._library = task.library
        self._store = store
        self._checkout = checkout
        self._workspace = Workspace(checkout.root)
        self._started = time.monotonic()

    def run(self, stderr: Path) -> CaseRun:
        """Let the agent work, and look at what it did."""
        selected = self._workspace.select(self._case.paths)
        before = {path: self._workspace.read(path) for path in selected}
        tool = "patterns.apply" if self._case.is_codemod else "patterns.lint"
        self._started = time.monotonic()
        with open_session(self._case.agent, self._checkout.root, library=self._library, stderr=stderr) as session:
            report = self._call(session, tool, self._case.paths)
            snapshot, diff = self._look()
            after = self._check_claims(report, before, diff, snapshot)
            again = self._call(session, tool, tuple(after)) if after and "idempotent" in self._case.gates else None
            info = session.info
        self._check_budget()
        edits = tuple(FileEdit(path=item.path, added=item.added, removed=item.removed) for item in diff.changes)
        observation = observe(report, tree=snapshot.tree, edits=edits)
        if skipped := _skipped(observation.rejected, selected):
            return CaseRun(verdict=skipped, agent=info)
        gates = [
            check_works(observation.rejected),
            check_contained(diff.changes, before.keys(), links=snapshot.links, foreign=snapshot.foreign),
            check_parses(before, after),
            check_compiles(before, after),
        ]
        if again is not None:
            gates.append(self._check_again(again, after))
        wanted = tuple(gate for gate in gates if gate.gate == "works" or gate.gate in self._case.gates)
        return CaseRun(
            observation=observation,
            gates=wanted,
            patch=diff.patch,
            diagnostics=list_diagnostics(report),
            agent=info,
        )

    def _call(self, session: AgentSession, tool: str, paths: Iterable[str]) -> ApplyReport:
        self._check_budget()
        arguments = {
            "patterns": [call.pattern.id for call in self._case.calls],
            "paths": list(paths),
            "parameters": {call.pattern.id: dict(call.parameters) for call in self._case.calls if call.parameters},
        }
        timeout_s = self._case.agent.timeout_s
        if self._case.budget_s is not None:
            timeout_s = min(timeout_s, self._case.budget_s - self._elapsed())
        try:
            content = session.call(tool, arguments, timeout_s=timeout_s)
        except AgentError:
            self._check_budget()  # a deadline that the budget set is no fault of the agent's
            raise
        return read_claims(self._case.agent.name, tool, content)

    def _check_budget(self) -> None:
        if self._case.budget_s is not None and self._elapsed() >= self._case.budget_s:
            raise OverBudgetError(self._elapsed())

    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    def _look(self) -> tuple[Snapshot, TreeDiff]:
        snapshot = self._store.snapshot(self._checkout)
        return snapshot, self._store.diff(self._checkout, snapshot)

    def _check_claims(
        self, report: ApplyReport, before: Mapping[str, bytes], diff: TreeDiff, snapshot: Snapshot
    ) -> dict[str, bytes]:
        """The selected files that changed, as they are now, once the agent's account of them is found true."""
        check_places(self._case.agent.name, report, before)
        after = {
            change.path: self._workspace.read(change.path)
            for change in diff.changes
            if change.status == "modified" and change.path in before and change.path not in snapshot.links
        }
        shown = [
            Edit(
                path=change.path,
                before_sha256=_sha256(before.get(change.path)),
                after_sha256=_sha256(after.get(change.path) or self._now(change.path)),
            )
            for change in diff.changes
        ]
        check_edits(self._case.agent.name, report, shown)
        return after

    def _check_again(self, report: ApplyReport, after: Mapping[str, bytes]) -> GateResult:
        diff = self._look()[1]
        moved = [change.path for change in diff.changes if change.path not in after]
        moved += [path for path, data in after.items() if self._now(path) != data]
        gate = check_idempotent(sorted(moved))
        rejected = [item for item in observe(report).rejected if not is_fact(item.reason, pattern=item.pattern)]
        crashes = tuple(f"{item.path}: {item.reason} when applied again: {item.message}" for item in rejected)
        return replace(gate, problems=gate.problems + crashes)

    def _now(self, path: str) -> bytes | None:
        place = self._checkout.root / path
        return place.read_bytes() if place.is_file() and not place.is_symlink() else None


def _skipped(rejected: tuple[RejectedFile, ...], selected: tuple[str, ...]) -> Skipped | None:
    """A verdict when every file was turned down because this Python is too old for the pattern's result."""
    old = {item.path: item.message for item in rejected if item.reason == "unsupported-python"}
    if selected and old.keys() == set(selected):
        return Skipped(reason=next(iter(old.values())))
    return None


def _tail(stderr: Path) -> Mapping[str, str]:
    if not stderr.is_file():
        return {}
    said = stderr.read_bytes()[-_MAX_STDERR:].decode("utf-8", "replace")
    return {"stderr": said} if said else {}


def _sha256(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()
