"""One run of a case: check the pin out, let the agent work, take the difference of the trees, ask the gates."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pytest_orchestrator.agents.session import AgentSession, SessionRegistry, open_session
from pytest_orchestrator.errors import AgentError
from pytest_orchestrator.evaluation.gates.checks import (
    check_contained,
    check_idempotent,
    check_works,
)
from pytest_orchestrator.evaluation.gates.syntax import check_syntax
from pytest_orchestrator.evaluation.outcome import (
    CaseRun,
    FileEdit,
    GateResult,
    RejectedFile,
    Skipped,
)
from pytest_orchestrator.evaluation.plan.case import Case
from pytest_orchestrator.evaluation.run.claims import (
    FalseClaimError,
    check_edits,
    check_locations,
    list_diagnostics,
    observe,
    read_claims,
)
from pytest_orchestrator.fixture_store.checkout import Checkout, TreeDiff
from pytest_orchestrator.fixture_store.snapshot import Snapshot
from pytest_orchestrator.fixture_store.store import Store
from pytest_orchestrator.pattern_engine.host.workspace import Workspace
from pytest_orchestrator.pattern_engine.results import ApplyReport, is_fact


class OverBudgetError(Exception):
    """The agent took longer than its case allows."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def run_once(case: Case, library: Sequence[Path], store: Store, registry: SessionRegistry) -> CaseRun:
    """Run a case once. Its agent may use the patterns in the folders `library`; `registry` can end it early.

    Raises:
        OverBudgetError: the agent took longer than the case's budget.
        FalseClaimError: the agent's report differs from the tree.
        AgentError, FixtureError, InputError, ProcessError, OSError: there is no result.
    """
    with tempfile.TemporaryDirectory(prefix="pytest-orchestrator-", ignore_cleanup_errors=True) as name:
        checkout = store.checkout(case.pin, Path(name).resolve() / "checkout")
        return _Attempt(case, library, store, registry, checkout).run()


class _Attempt:
    """One run of a case in one checkout."""

    def __init__(
        self, case: Case, library: Sequence[Path], store: Store, registry: SessionRegistry, checkout: Checkout
    ) -> None:
        self._case = case
        self._library = library
        self._store = store
        self._registry = registry
        self._checkout = checkout
        self._workspace = Workspace(checkout.root)
        self._started: float

    def run(self) -> CaseRun:
        """Let the agent work, and compare the trees before and after."""
        selected = self._workspace.select(self._case.paths)
        before = {path: self._workspace.read(path) for path in selected}
        tool = "patterns.apply" if self._case.is_codemod else "patterns.lint"
        self._started = time.monotonic()
        agent, root = self._case.agent, self._checkout.root
        with open_session(agent, root, library=self._library, registry=self._registry) as session:
            report = self._call(session, tool, self._case.paths)
            snapshot, diff = self._take_diff()
            try:
                after = self._check_claims(report, before, diff, snapshot)
            except FalseClaimError as error:
                stderr = {"stderr": session.stderr} if session.stderr else {}
                raise FalseClaimError(error.message, {**error.details, **stderr}) from error
            again = self._call(session, tool, tuple(after)) if after and "idempotent" in self._case.gates else None
            info = session.info
        self._check_budget()
        edits = tuple(FileEdit(path=item.path, added=item.added, removed=item.removed) for item in diff.changes)
        observation = observe(report, tree=snapshot.tree, edits=edits)
        if skipped := _skipped(observation.rejected, selected):
            return CaseRun(verdict=skipped, agent=info)
        syntax = check_syntax(before, after) if {"parses", "compiles"} & set(self._case.gates) else ()
        gates = [
            check_works(observation.rejected),
            check_contained(diff.changes, before.keys(), links=snapshot.links, foreign=snapshot.foreign),
            *syntax,
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
            self._check_budget()  # the deadline may have been the budget's, not the agent's
            raise
        return read_claims(self._case.agent.name, tool, content)

    def _check_budget(self) -> None:
        if self._case.budget_s is not None and self._elapsed() >= self._case.budget_s:
            raise OverBudgetError(self._elapsed())

    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    def _take_diff(self) -> tuple[Snapshot, TreeDiff]:
        snapshot = self._store.snapshot(self._checkout)
        return snapshot, self._store.diff(self._checkout, snapshot)

    def _check_claims(
        self, report: ApplyReport, before: Mapping[str, bytes], diff: TreeDiff, snapshot: Snapshot
    ) -> dict[str, bytes]:
        """The selected files that changed, with their new content; checks that the agent reported exactly these."""
        check_locations(self._case.agent.name, report, before)
        after = {
            change.path: self._workspace.read(change.path)
            for change in diff.changes
            if change.status == "modified" and change.path in before and change.path not in snapshot.links
        }
        found = {
            change.path: {
                "before_sha256": _sha256(before.get(change.path)),
                "after_sha256": _sha256(after.get(change.path) or self._read(change.path)),
            }
            for change in diff.changes
        }
        check_edits(self._case.agent.name, report, found)
        return after

    def _check_again(self, report: ApplyReport, after: Mapping[str, bytes]) -> GateResult:
        diff = self._take_diff()[1]
        paths = [change.path for change in diff.changes if change.path not in after]
        paths += [path for path, data in after.items() if self._read(path) != data]
        gate = check_idempotent(sorted(paths))
        rejected = [item for item in observe(report).rejected if not is_fact(item.reason, pattern=item.pattern)]
        crashes = tuple(f"{item.path}: {item.reason} when applied again: {item.message}" for item in rejected)
        return replace(gate, problems=gate.problems + crashes)

    def _read(self, path: str) -> bytes | None:
        file = self._checkout.root / path
        return file.read_bytes() if file.is_file() and not file.is_symlink() else None


def _skipped(rejected: tuple[RejectedFile, ...], selected: tuple[str, ...]) -> Skipped | None:
    """A verdict when every file was rejected because this Python is too old for the pattern's result."""
    old = {item.path: item.message for item in rejected if item.reason == "unsupported-python"}
    if selected and old.keys() == set(selected):
        return Skipped(reason=next(iter(old.values())))
    return None


def _sha256(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()
