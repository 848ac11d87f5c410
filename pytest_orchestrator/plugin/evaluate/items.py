"""The pytest items of an evaluation, one a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.evaluation.outcome import Errored, Failed, Flaky, OverBudget, Passed, Skipped
from pytest_orchestrator.evaluation.plan.case import Case
from pytest_orchestrator.evaluation.record.case_record import CaseRecord
from pytest_orchestrator.evaluation.record.report import describe
from pytest_orchestrator.plugin.project import KEEP_WITH_ONLY

if TYPE_CHECKING:
    from pytest_orchestrator.plugin.evaluate.plugin import EvaluatePlugin


class ScenarioFile(pytest.File):
    """A scenario."""

    def __init__(self, *, runner: EvaluatePlugin, names: Sequence[str] = (), **arguments: Any) -> None:
        super().__init__(**arguments)
        self._runner = runner
        self._names = names

    def collect(self) -> Iterator[pytest.Item]:
        """One item a case, or only the cases in `names`. Nothing is fetched or started."""
        try:
            cases = self._runner.plan(self.path)
        except OrchestratorError as error:
            raise self.CollectError(str(error)) from error
        make: Callable[..., CaseItem] = CaseItem.from_parent
        known = [case.name for case in cases]
        for name in self._names:
            if name not in known:
                raise self.CollectError(f"there is no case {self.nodeid}::{name}: {did_you_mean(name, known)}")
        for case in cases:
            if not self._names or case.name in self._names:
                # Given as text, so that pytest finds the brackets in it: --lf compares their content.
                node_id = f"{self.nodeid}::{case.name}"
                yield make(self, name=case.name, nodeid=node_id, case=case, runner=self._runner)


class CaseItem(pytest.Item):
    """A case. What the harness could not do is an error in setup; a wrong result is a failure."""

    funcargs: Mapping[str, Any] = MappingProxyType({})  # plugins take every item for one with fixtures

    def __init__(self, *, case: Case, runner: EvaluatePlugin, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.case = case
        self.record: CaseRecord | None = None
        self._runner = runner
        self.stash[KEEP_WITH_ONLY] = True
        if self.config.pluginmanager.has_plugin("warnings"):
            # Cases run in threads, to which pytest's warning filters apply. A warning must not change a verdict.
            self.add_marker(pytest.mark.filterwarnings("ignore"))

    def setup(self) -> None:
        """Wait for the case."""
        try:
            self.record = self._runner.run(self)
        except OrchestratorError as error:
            pytest.fail(str(error), pytrace=False)
        row = self.record.row
        properties = {
            "fixture": row.fixture,
            "patterns": ", ".join(row.patterns),
            "agent": row.agent,
            "outcome": row.outcome.kind,
            "seconds": row.seconds,
            "diff": row.patch and self._runner.display_path(row.patch),
            "details": row.error and self._runner.display_path(row.error),
        }
        self.user_properties += [(name, value) for name, value in properties.items() if value is not None]
        match row.outcome:
            case Errored():
                pytest.fail(self._text(), pytrace=False)
            case Skipped(reason=reason):
                pytest.skip(reason)
            case Passed() | Failed() | Flaky() | OverBudget():
                pass

    def runtest(self) -> None:
        """Fail unless the case passed."""
        assert self.record is not None  # noqa: S101 - setup has run
        if not isinstance(self.record.row.outcome, Passed):
            pytest.fail(self._text(), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The scenario and the case. The name is not last, because there pytest's terminal would change its dots."""
        return self.path, 0, f"{self.name} ({self.nodeid.rpartition('::')[0]})"

    def _text(self) -> str:
        assert self.record is not None  # noqa: S101 - as above
        row = self.record.row
        lines = [*describe(row.outcome)]
        lines += [f"diff: {self._runner.display_path(row.patch)}"] if row.patch else []
        lines += [f"details: {self._runner.display_path(row.error)}"] if row.error else []
        return "\n".join(lines)
