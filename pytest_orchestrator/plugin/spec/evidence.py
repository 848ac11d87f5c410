"""`@pytest.mark.spec("ID")`: gathers the outcomes of the tests that are evidence for specs."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.errors import GitError
from pytest_orchestrator.plugin.spec.typed import is_whole
from pytest_orchestrator.spec_guard.contexts import Contexts
from pytest_orchestrator.spec_guard.ledgers.evidence import Evidence, MarkedTest, Outcome, evidence_problems, matrix
from pytest_orchestrator.spec_guard.project import Project
from pytest_orchestrator.spec_guard.rules.verdict import settle

_ATTRIBUTE = "spec_evidence"


class EvidencePlugin:
    """Registered together with the spec guard."""

    def __init__(self, config: pytest.Config, root: Path, words: Sequence[str]) -> None:
        """`words` are those that a person typed."""
        self._config = config
        self._root = root
        self._words = words
        self._tests: dict[str, MarkedTest] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Send the ids that a test is marked with along with its report."""
        report = yield
        names = [str(name) for marker in item.iter_markers("spec") for name in marker.args]
        if names:
            path, line, _ = item.reportinfo()
            where = Path(path)
            relative = where.relative_to(self._root) if where.is_relative_to(self._root) else where
            report.__dict__[_ATTRIBUTE] = {"specs": names, "path": relative.as_posix(), "line": (line or 0) + 1}
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the outcome of a marked test: the worst of its three phases."""
        facts = report.__dict__.get(_ATTRIBUTE)
        if facts is None:
            return
        outcome: Outcome = "skipped" if report.skipped or hasattr(report, "wasxfail") else report.outcome
        known = self._tests.get(report.nodeid)
        if report.when != "call" and outcome == "passed":
            return  # a test that was set up has not passed yet
        if known is not None and known.outcome == "failed":
            return
        self._tests[report.nodeid] = MarkedTest(
            test=report.nodeid,
            specs=tuple(facts["specs"]),
            outcome=outcome,
            path=facts["path"],
            line=facts["line"],
        )

    def judge(self, project: Project) -> tuple[tuple[Evidence, ...], tuple[Diagnostic, ...]]:
        """The evidence for the specs of `project`, and its problems; both empty when no tests were to run."""
        option = self._config.option
        if option.spec_guard_only or option.collectonly:
            return (), ()
        try:
            paths = project.paths
        except GitError:
            paths = project.paths_without_git()
        specs = tuple(project.document(path) for path in paths)
        context = replace(Contexts(project).narrow, specs=specs)
        tests = tuple(self._tests[name] for name in sorted(self._tests))
        problems = evidence_problems(specs, tests, whole=is_whole(self._config, project, self._words))
        return matrix(specs, tests), tuple(settle(problems, context))
