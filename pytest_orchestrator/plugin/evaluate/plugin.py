"""`pytest --evaluate`: scenarios become items, their cases run on an executor, and the run leaves a record."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from pytest_orchestrator.commands.extensions import extend, fixture_locks, joined, pattern_folders
from pytest_orchestrator.display import relative_name
from pytest_orchestrator.errors import OrchestratorError, UsageError, require_package
from pytest_orchestrator.evaluation.gates.verdict import judge
from pytest_orchestrator.evaluation.plan.case import Case
from pytest_orchestrator.evaluation.plan.evaluation import Evaluation, open_evaluation
from pytest_orchestrator.evaluation.plan.scenario import FOLDER
from pytest_orchestrator.evaluation.record.case_record import CaseRecord, record_case
from pytest_orchestrator.evaluation.record.log import EvaluationLog, RunSummary
from pytest_orchestrator.evaluation.run.dispatch import Dispatch
from pytest_orchestrator.plugin.evaluate.items import CaseItem
from pytest_orchestrator.plugin.evaluate.signals import before_sigterm, uninterrupted
from pytest_orchestrator.plugin.evaluate.summary import show_summary
from pytest_orchestrator.plugin.project import project_root, record_location
from pytest_orchestrator.plugin.session_end import SessionEnd
from pytest_orchestrator.runs.folder import RunFolder

_RUN = "orchestrator_evaluation_run"
_RECORD = "orchestrator_case"


class EvaluatePlugin:
    """Runs the cases of its items. Registered only when an option asks for an evaluation."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.root = project_root(config.rootpath)
        self._location = record_location(config, self.root, default_task="evaluate")
        self._numbers: dict[str, int] = {}
        self._evaluation: Evaluation
        self._dispatch: Dispatch
        self._session: pytest.Session | None = None
        self._log: EvaluationLog | None = None
        self._run_path: Path | None = None
        self._handlers = ExitStack()
        self._end = SessionEnd()
        self._summary: RunSummary | None = None

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Read what scenarios can refer to, and begin the record: once, on the controller if there are workers."""
        self._session = session
        worker: dict[str, Any] | None = getattr(self._config, "workerinput", None)
        try:
            self._open(is_worker=worker is not None)
            if worker is None and not self._config.option.collectonly:
                self._begin()
            elif worker is not None and _RUN in worker:
                self._run_path = Path(worker[_RUN])
        except OrchestratorError as error:
            raise pytest.UsageError(str(error)) from error

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell an xdist worker where the run's folder is."""
        if self._run_path is not None:
            node.workerinput[_RUN] = str(self._run_path)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Number the cases. Names of files in the run's folder begin with these numbers."""
        cases = [item.nodeid for item in session.items if isinstance(item, CaseItem)]
        self._numbers = {node_id: number for number, node_id in enumerate(cases, start=1)}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Select the cases. A worker of xdist doesn't know which ones it will get, and starts each one when its item
        runs."""
        option = self._config.option
        broken = session.testsfailed and not option.continue_on_collection_errors
        if option.collectonly or broken or hasattr(self._config, "workerinput"):
            return
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        tell = reporter.write_line if reporter is not None else _ignore
        try:
            self._dispatch.select([item.case for item in session.items if isinstance(item, CaseItem)], tell=tell)
        except OrchestratorError as error:
            raise pytest.UsageError(str(error)) from error

    def plan(self, path: Path) -> tuple[Case, ...]:
        """The cases of a scenario file. Raises `OrchestratorError`."""
        if self._config.option.update_expected and not path.is_relative_to(self.root):
            raise UsageError(
                "the shipped expectations can't be rewritten from another project",
                path=f"{FOLDER}/{path.name}",
                fix=f"copy {path} and the folder expected/ next to it to {self.root / FOLDER}",
            )
        return self._evaluation.plan(path)

    def run(self, item: CaseItem) -> CaseRecord:
        """Wait for the item's case, judge and record it. Raises `OrchestratorError`."""
        assert self._run_path is not None  # noqa: S101 - there is a run when items run
        case, update = item.case, self._config.option.update_expected
        run = self._dispatch.wait(case)
        display_path = relative_name(case.expectation, self.root)
        outcome = judge(case, run, display_path=display_path, update=update)
        number = self._numbers[item.nodeid]
        return record_case(self._run_path, case, run, outcome, node_id=item.nodeid, number=number, update=update)

    def display_path(self, name: str) -> str:
        """The path of a file in the run's folder, relative to the project where it can be."""
        assert self._run_path is not None  # noqa: S101 - there is a run when items run
        return relative_name(self._run_path / name, self.root)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Attach a case's record to the report of the phase that decided it, which xdist sends to the controller."""
        report = yield
        if isinstance(item, CaseItem) and item.record is not None and (call.when == "call" or not report.passed):
            report.__dict__[_RECORD] = item.record.to_json()
            item.record = None
            crash = getattr(report.longrepr, "reprcrash", None)
            if crash is not None:
                # The short summary has no room for the name of pytest's own exception.
                crash.message = crash.message.removeprefix("Failed: ")
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write a case's line, here for all workers. A full disk ends the run; outcomes so far are kept."""
        record = report.__dict__.get(_RECORD)
        if self._log is not None and record is not None:
            problem = self._log.add(CaseRecord.from_json(record))
            if problem and self._session is not None:
                self._session.shouldfail = problem

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Tell Ctrl-C from a run that pytest ends because something can't be collected."""
        self._handlers.enter_context(uninterrupted())  # until the record is complete
        self._end.note(excinfo)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """End the cases that still run, and complete the record."""
        with self._handlers:
            self._handlers.enter_context(uninterrupted())
            self._end.note_second(sys.exc_info()[1])
            self._dispatch.end()
            if self._log is None:
                return
            if problem := self._end.problem(exitstatus):
                self._log.report_problem(problem)
            self._summary = self._log.end(interrupted=self._end.interrupted)
            if self._summary.problems and session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _terminate(self) -> None:
        """Kill the agents and complete the record, before SIGTERM ends the process."""
        with uninterrupted():
            self._dispatch.abort()
            if self._log is not None:
                self._log.end(interrupted=True)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the outcomes."""
        if self._summary is not None:
            show_summary(terminalreporter, self._summary, self.root)

    def _open(self, *, is_worker: bool) -> None:
        manager, option = self._config.pluginmanager, self._config.option
        extend(manager)
        self._evaluation = open_evaluation(
            self.root,
            pattern_folders=pattern_folders(manager),
            fixture_locks=fixture_locks(manager),
            agents=joined(manager.hook.pytest_orchestrator_agents()),
            agent=option.evaluate_agent,
        )
        # A worker of xdist has siblings that keep the other cores busy.
        jobs = 1 if is_worker and option.evaluate_cluster is None else option.evaluate_jobs
        self._dispatch = Dispatch(library=self._evaluation.library, jobs=jobs, cluster=option.evaluate_cluster)
        # Agents are in process groups of their own: a signal that ends pytest does not reach them.
        self._handlers.enter_context(before_sigterm(self._terminate))

    def _begin(self) -> None:
        if self._config.option.evaluate_cluster is None:  # the cluster's machines have packages of their own
            for package in ("mcp", "unearth"):
                require_package(package, extra="evaluate")
        folder = RunFolder.create(
            self._location.runs_dir,
            task_id=self._location.task_id,
            kind="evaluate",
            command_line=("pytest", *map(str, self._config.invocation_params.args)),
            root=self.root,
        )
        self._log = EvaluationLog(
            self._evaluation,
            folder,
            reporters=joined(self._config.pluginmanager.hook.pytest_orchestrator_reporters()),
            update=self._config.option.update_expected,
        )
        self._run_path = folder.path


def _ignore(_line: str) -> None:
    pass
