"""`pytest --spec-guard`: collects specs as items, and reports at the end what was checked."""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_orchestrator.commands.extensions import extend
from pytest_orchestrator.commands.spec.arguments import checked_max_age, judged_day
from pytest_orchestrator.commands.spec.check import spec_rules
from pytest_orchestrator.commands.spec.record import SpecRecord
from pytest_orchestrator.commands.spec.render import write_step_summary
from pytest_orchestrator.config import load_settings
from pytest_orchestrator.display import listed, printable
from pytest_orchestrator.errors import GitError, OrchestratorError
from pytest_orchestrator.plugin.project import KEEP_WITH_ONLY, project_root, record_location
from pytest_orchestrator.plugin.session_end import SessionEnd
from pytest_orchestrator.plugin.spec.arguments import select
from pytest_orchestrator.plugin.spec.completeness import COLLECTED, Completeness
from pytest_orchestrator.plugin.spec.evidence import EvidencePlugin
from pytest_orchestrator.plugin.spec.items import REPOSITORY, RepositoryItem, SpecFile, SpecItem, Verdicts
from pytest_orchestrator.plugin.spec.summary import Summary
from pytest_orchestrator.plugin.spec.typed import (
    SENT,
    drops_items,
    guard_options_that_count,
    refuse_untyped_ends,
    typed_arguments,
    typed_words,
)
from pytest_orchestrator.spec_guard.change.pytest_settings import guard_options
from pytest_orchestrator.spec_guard.project import Project
from pytest_orchestrator.spec_guard.reports.formats import render_github


class SpecGuardPlugin:
    """Registered only when the spec guard is asked for."""

    def __init__(self, config: pytest.Config) -> None:
        self._root = project_root(config.rootpath)
        self._location = record_location(config, self._root, default_task="spec-guard")
        self._only: bool = config.option.spec_guard_only
        self._repository = True
        self._everything = True
        self._specs: dict[Path, str] = {}
        self._parents: frozenset[Path] = frozenset()
        self._collected: set[Path] = set()
        try:
            words = typed_words(config)
            refuse_untyped_ends(config, words)
            project = Project(
                self._root,
                settings=load_settings(self._root).spec_guard,
                today=judged_day(None, option=""),
                base=guard_options(words).get("--spec-guard-base"),
                pytest_folder=_folder(config.rootpath, self._root),
            )
            option = guard_options_that_count(config, project, words)
            today = judged_day(option.today, option="--spec-guard-today")
            limit = checked_max_age(option.max_age, option="--spec-guard-max-age")
            project = replace(project, today=today, base=option.base, max_age_days=limit)
            self._folders = project.folders
        except OrchestratorError as error:
            raise pytest.UsageError(str(error)) from error
        self._words = words
        self._verdicts = Verdicts(project, dry_run=option.dry_run, scope=option.scope)
        self._coverage = Completeness()
        self._withheld = ""
        self._evidence = EvidencePlugin(config, self._root, words)
        config.pluginmanager.register(self._evidence, "orchestrator-spec-evidence")
        self._summary = Summary(today=today, dry_run=option.dry_run)
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
        project = self._verdicts.project
        try:
            paths = project.paths
        except GitError:
            # The repository's item reports the error; the rules that need no git are checked all the same.
            paths = project.paths_without_git()
        self._specs = {self._root / path: path for path in paths}
        self._parents = frozenset(parent for path in self._specs for parent in path.parents)
        selection = select(
            config.args,
            named=typed_arguments(config, self._words),
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
        """Collect specs in spite of `norecursedirs` and `--ignore`; with `--spec-guard-only` collect nothing else."""
        if collection_path in self._specs or collection_path in self._parents:
            return False
        return True if self._only else None

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Collect a spec."""
        if file_path not in self._specs:
            return None
        self._collected.add(file_path)
        return self._spec_file(parent, file_path)

    def _spec_file(self, parent: pytest.Collector, path: Path) -> SpecFile:
        spec = self._specs[path]
        # Reports carry both, and neither a terminal nor xdist can take every name.
        names: dict[str, Any] = (
            {} if printable(spec) == spec else {"nodeid": printable(spec), "name": printable(path.name)}
        )
        made: SpecFile = SpecFile.from_parent(parent, path=path, verdicts=self._verdicts, spec=spec, **names)
        return made

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Add the item of the rules that look across; first, so that an error of git is reported once, and at once."""
        if self._only:
            items[:] = [item for item in items if isinstance(item, SpecItem) or KEEP_WITH_ONLY in item.stash]
        if self._everything:
            # pytest skips dangling symbolic links; a spec that is one must fail all the same.
            for path in sorted(self._specs.keys() - self._collected):
                found = tuple(self._spec_file(session, path).collect())
                self._coverage.collected.update(item.nodeid for item in found)
                items.extend(found)
        if self._repository:
            item = RepositoryItem.from_parent(
                session, name=REPOSITORY.rpartition(":")[2], nodeid=REPOSITORY, verdicts=self._verdicts
            )
            items.insert(0, item)
            # Reported as pytest reports what it collects itself, so that "collected N items" is right.
            item.ihook.pytest_itemcollected(item=item)
            report = pytest.CollectReport(REPOSITORY.partition(":")[0], "passed", None, [item])
            item.ihook.pytest_collectreport(report=report)

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Note an item of ours: it must be judged."""
        if isinstance(item, SpecItem | RepositoryItem):
            self._coverage.collected.add(item.nodeid)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker of xdist what a person typed."""
        node.workerinput[SENT] = list(self._words)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take the items that a worker of xdist collected."""
        self._coverage.collected.update(getattr(node, "workeroutput", {}).get(COLLECTED, ()))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note which items will run."""
        self._verdicts.selected = frozenset(item.nodeid for item in session.items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Begin the run's record; with xdist, on the controller only."""
        config = session.config
        if config.option.collectonly or hasattr(config, "workerinput"):
            return
        self._record = SpecRecord(
            self._root,
            runs_dir=self._location.runs_dir,
            task_id=self._location.task_id,
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
                # The short summary should begin with file and line, not with the name of pytest's exception.
                crash.message = crash.message.removeprefix("Failed: ")
            elif isinstance(report.longrepr, tuple):
                report.longrepr = (printable(str(item.path)), 1, report.longrepr[2])
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Gather the findings of the items, of this process and of xdist's workers."""
        self._summary.add(report)
        self._coverage.add(report)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note whether the run was interrupted by Ctrl-C or by an error in collection."""
        self._end.note(excinfo)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Complete the record. A record that can't be written is an error, but does not change the results."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput[COLLECTED] = sorted(self._coverage.collected)
        if self._record is None:
            return
        withheld = () if drops_items(self._words) or self._verdicts.dry_run else self._coverage.withheld()
        if withheld and exitstatus == pytest.ExitCode.OK:
            self._withheld = (
                f"the project's configuration keeps {listed(withheld)} from being judged, and nobody typed an option "
                "for that: remove it from pytest's settings or from the conftest"
            )
            self._summary.report_problem(self._withheld)
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self._summary.conclude(*self._evidence.judge(self._verdicts.project))
        if self._summary.lacks_evidence and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if problem := self._end.problem(exitstatus):
            self._summary.report_problem(problem)
        self._record.complete(
            self._summary.report(),
            self._summary.results,
            interrupted=self._end.interrupted,
            dry_run=self._summary.dry_run,
        )
        if self._record.problem and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the warnings, the comparison, the counts and the path of the record."""
        lines = list(self._summary.lines())
        if self._withheld:
            lines.append(f"error: {self._withheld}")
        if self._record is not None:
            lines += self._record.lines()
        if lines:
            terminalreporter.section("spec guard")
            for line in lines:
                terminalreporter.line(line)
        if os.environ.get("GITHUB_ACTIONS") == "true":
            for line in render_github(self._summary.report()).splitlines():
                terminalreporter.line(line)
            if problem := write_step_summary(self._summary.report(), os.environ):
                terminalreporter.line(f"the step summary can't be written: {problem}")


def _folder(folder: Path, root: Path) -> str:
    """The folder of pytest's settings, relative to the project: empty, or ending with a slash."""
    relative = os.path.relpath(folder, root)
    return "" if relative == "." or relative.startswith("..") else f"{Path(relative).as_posix()}/"
