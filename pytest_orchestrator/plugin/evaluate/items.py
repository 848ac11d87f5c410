"""The pytest items of an evaluation: one a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.evaluation.outcome import Errored, Failed, Flaky, OverBudget, Passed, Skipped
from pytest_orchestrator.evaluation.plan import Case
from pytest_orchestrator.evaluation.record import Recorded
from pytest_orchestrator.evaluation.report import describe
from pytest_orchestrator.plugin.restriction import KEEP_WITH_ONLY


class Desk(Protocol):
    """What an item asks of the plugin."""

    def plan(self, path: Path) -> tuple[Case, ...]:
        """The cases of a scenario file. Raises `OrchestratorError`."""
        ...

    def settle(self, item: CaseItem) -> Recorded:
        """Wait for the item's case, judge and record it. Raises `OrchestratorError`."""
        ...

    def place(self, name: str) -> str:
        """Where a file of the run's folder is, for a person."""
        ...


class ScenarioFile(pytest.File):
    """A scenario."""

    def __init__(self, *, desk: Desk, names: Sequence[str] = (), **arguments: Any) -> None:
        super().__init__(**arguments)
        self._desk = desk
        self._names = names

    def collect(self) -> Iterator[pytest.Item]:
        """One item a case, or only those with the `names` given; nothing is fetched or started."""
        try:
            cases = self._desk.plan(self.path)
        except OrchestratorError as error:
            raise self.CollectError(str(error)) from error
        make: Callable[..., CaseItem] = CaseItem.from_parent
        known = [case.name for case in cases]
        for name in self._names:
            if name not in known:
                raise self.CollectError(f"there is no case {self.nodeid}::{name}: {did_you_mean(name, known)}")
        for case in cases:
            if not self._names or case.name in self._names:
                # Said as text, so that pytest finds the brackets in it: --lf compares their content.
                node_id = f"{self.nodeid}::{case.name}"
                yield make(self, name=case.name, nodeid=node_id, case=case, desk=self._desk)


class CaseItem(pytest.Item):
    """A case: what the harness could not do is an error of its setup, what the pattern got wrong a failure."""

    def __init__(self, *, case: Case, desk: Desk, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.case = case
        self.recorded: Recorded | None = None
        self._desk = desk
        self.stash[KEEP_WITH_ONLY] = True

    def setup(self) -> None:
        """Wait for the case."""
        try:
            self.recorded = self._desk.settle(self)
        except OrchestratorError as error:
            pytest.fail(str(error), pytrace=False)
        match self.recorded.row.outcome:
            case Errored():
                pytest.fail(self._text(), pytrace=False)
            case Skipped(reason=reason):
                pytest.skip(reason)
            case Passed() | Failed() | Flaky() | OverBudget():
                pass

    def runtest(self) -> None:
        """Fail unless it passed."""
        assert self.recorded is not None  # noqa: S101 - setup has run
        if not isinstance(self.recorded.row.outcome, Passed):
            pytest.fail(self._text(), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The scenario and the case. Where the last part ends the node id, pytest's terminal changes its dots."""
        return self.path, 0, f"{self.name} ({self.nodeid.rpartition('::')[0]})"

    def _text(self) -> str:
        assert self.recorded is not None  # noqa: S101 - there is nothing to tell before
        row = self.recorded.row
        lines = [*describe(row.outcome)]
        lines += [f"diff: {self._desk.place(row.patch)}"] if row.patch else []
        lines += [f"details: {self._desk.place(row.error)}"] if row.error else []
        return "\n".join(lines)
