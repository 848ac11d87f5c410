"""`pytest --spec-guard`: finds the specs, hands them to pytest as items, and says at the end what was judged."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from pytest_orchestrator.commands.extensions import extend
from pytest_orchestrator.commands.spec.check import judged_day, spec_rules, with_max_age
from pytest_orchestrator.commands.spec.record import SpecRecord
from pytest_orchestrator.config import load_settings
from pytest_orchestrator.display import printable
from pytest_orchestrator.errors import GitError, OrchestratorError
from pytest_orchestrator.plugin.project import project_root, record_location
from pytest_orchestrator.plugin.restriction import KEPT
from pytest_orchestrator.plugin.session_end import SessionEnd
from pytest_orchestrator.plugin.spec.arguments import select
from pytest_orchestrator.plugin.spec.evidence import EvidencePlugin
from pytest_orchestrator.plugin.spec.items import REPOSITORY, RepositoryItem, SpecFile, SpecItem, Verdicts
from pytest_orchestrator.plugin.spec.summary import Summary
from pytest_orchestrator.spec_guard.change.scope import resolve_scope
from pytest_orchestrator.spec_guard.inspection import Inspection
from pytest_orchestrator.spec_guard.reports.formats import render_github


class SpecGuardPlugin:
    """Registered only when the spec guard is asked for."""

    def __init__(self, config: pytest.Config) -> None:
        option = config.option
        self._root = project_root(config.rootpath)
        self._place = record_location(config, self._root, default_task="spec-guard")
        self._only: bool = option.spec_guard_only
        self._repository = True
        self._everything = True
        self._specs: dict[Path, str] = {}
        self._ways: frozenset[Path] = frozenset()
        self._met: set[Path] = set()
        try:
            settings = load_settings(self._root).spec_guard
            settings = with_max_age(settings, option.spec_guard_max_age, option="--spec-guard-max-age")
            today = judged_day(option.spec_guard_today, option="--spec-guard-today")
            inspection = Inspection(self._root, settings=settings, today=today, base=option.spec_guard_base)
            self._folders = inspection.folders
        except OrchestratorError as error:
            raise pytest.UsageError(str(error)) from error
        scope = resolve_scope(option.spec_guard_scope, settings.scope, os.environ)
        self._verdicts = Verdicts(inspection, (), dry_run=option.spec_guard_dry_run, scope=scope)
        self._evidence = EvidencePlugin(config, inspection, self._root)
        config.pluginmanager.register(self._evidence, "orchestrator-spec-evidence")
        self._summary = Summary(today=today, dry_run=option.spec_guard_dry_run)
        self._record: SpecRecord | None = None
        self._end = SessionEnd()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        """Find the specs, and let pytest collect the folders that hold them."""
        config = session.config
        try:
            extend(config.pluginmanager)
            self._verdicts.choose_rules(spec_rules(config.pluginmanager))
        except OrchestratorError as error:
            raise pytest.UsageError(str(error)) from error
        inspection = self._verdicts.inspection
        try:
            paths = inspection.paths
        except GitError:
            # The repository's item says what is wrong; what can be judged without git is judged all the same.
            paths = inspection.paths_without_git()
        self._specs = {self._root / path: path for path in paths}
        self._ways = frozenset(parent for path in self._specs for parent in path.parents)
        selection = select(
            config.args,
            named=config.args_source is pytest.Config.ArgsSource.ARGS,
            cwd=config.invocation_params.dir,
            root=self._root,
            folders=self._folders,
            only=self._only,
        )
        config.args[:] = selection.arguments
        self._repository = selection.repository
        self._everything = selection.everything

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """A spec is never lost to `norecursedirs` or `--ignore`; with `--spec-guard-only` nothing else is met."""
        if collection_path in self._specs or collection_path in self._ways:
            return False
        return True if self._only else None

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """A spec is a collector."""
        if file_path not in self._specs:
            return None
        self._met.add(file_path)
        return self._spec_file(parent, file_path)

    def _spec_file(self, parent: pytest.Collector, path: Path) -> SpecFile:
        spec = self._specs[path]
        # Reports carry both, and neither a terminal nor xdist can be given every name.
        names: dict[str, Any] = (
            {} if printable(spec) == spec else {"nodeid": printable(spec), "name": printable(path.name)}
        )
        made: SpecFile = SpecFile.from_parent(parent, path=path, verdicts=self._verdicts, spec=spec, **names)
        return made

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Add the item of the rules that look across; first, so that git's trouble is told once, and at once."""
        if self._only:
            items[:] = [item for item in items if isinstance(item, SpecItem) or KEPT in item.stash]
        if self._everything:
            # pytest passes over links that lead nowhere; a spec that is one must fail all the same.
            for path in sorted(self._specs.keys() - self._met):
                items.extend(self._spec_file(session, path).collect())
        if self._repository:
            item = RepositoryItem.from_parent(
                session, name=REPOSITORY.rpartition(":")[2], nodeid=REPOSITORY, verdicts=self._verdicts
            )
            items.insert(0, item)
            # Said as pytest says it of what it collects itself, so that "collected N items" is true.
            item.ihook.pytest_itemcollected(item=item)
            report = pytest.CollectReport(REPOSITORY.partition(":")[0], "passed", None, [item])
            item.ihook.pytest_collectreport(report=report)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Know which items will run."""
        self._verdicts.selected = frozenset(item.nodeid for item in session.items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Begin the run's record, once: on the controller when there are workers."""
        config = session.config
        if config.option.collectonly or hasattr(config, "workerinput"):
            return
        self._record = SpecRecord(
            self._root,
            runs_dir=self._place.runs_dir,
            task_id=self._place.task_id,
            command_line=("pytest", *map(str, config.invocation_params.args)),
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Send what an item found along with its report."""
        report = yield
        if isinstance(item, SpecItem | RepositoryItem) and call.when != "teardown":
            report.__dict__["spec_guard"] = item.facts()
            crash = getattr(report.longrepr, "reprcrash", None)
            if crash is not None:
                # The short summary is to begin with file and line, not with the name of pytest's exception.
                crash.message = crash.message.removeprefix("Failed: ")
            elif isinstance(report.longrepr, tuple):
                report.longrepr = (printable(str(item.path)), 1, report.longrepr[2])
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Gather what the items found, here or on a worker."""
        self._summary.add(report)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Know the difference between Ctrl-C and a run that pytest ends because something can't be collected."""
        self._end.note(excinfo)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Complete the record; one that can't be written is an error, and the verdict stands all the same."""
        if self._record is None:
            return
        if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self._summary.conclude(*self._evidence.judge())
        if self._summary.unproved and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if problem := self._end.problem(exitstatus):
            self._summary.report_problem(problem)
        self._record.complete(
            self._summary.report(),
            self._summary.results,
            interrupted=self._end.interrupted,
            dry_run=self._summary.dry_run,
        )
        if self._record.trouble and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was compared with what, what is due soon, and where the record lies."""
        lines = list(self._summary.lines())
        if self._record is not None:
            lines += self._record.lines()
        if lines:
            terminalreporter.section("spec guard")
            for line in lines:
                terminalreporter.line(line)
        if os.environ.get("GITHUB_ACTIONS") == "true":
            for line in render_github(self._summary.report()).splitlines():
                terminalreporter.line(line)
