"""A pattern's folder as pytest items, one for each case and check; no test file is written.

`patterns/<id>/pattern.yaml::<case>::<check>` is one check, and `patterns/<id>/pattern.yaml::complete` checks the rest
of the folder. The examples of a Fixit rule are cases too: for a pattern whose entry is a rule, and for the rules in a
module that pytest collects, `<file>::<class>::VALID-0::output`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_orchestrator.commands.patterns.list import project_library
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.pattern_engine.channel import RuleCase
from pytest_orchestrator.pattern_engine.foreign.dotted_name import rules_in_file
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.library.cases import COMPLETE, Case, checks, load_cases
from pytest_orchestrator.pattern_engine.pattern import METADATA_FILE, Pattern, read_pattern
from pytest_orchestrator.pattern_engine.testing.checking import CheckResult, check_complete, run_check
from pytest_orchestrator.pattern_engine.testing.rule_cases import check_rule, rule_cases, rule_checks

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr  # pytest has no public name for it

_WORKER = pytest.StashKey[WorkerHandle]()
_LIBRARY_ERRORS = pytest.StashKey[dict[Path, OrchestratorError | None]]()


class CheckFailedError(Exception):
    """A check that failed. The message is complete, so no traceback is printed."""


class PatternFile(pytest.File):
    """A `pattern.yaml`, collected with the cases beside it."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """One collector a case, and one item for the pattern as a whole. Of pattern code, only Fixit rules run."""
        try:
            pattern = read_pattern(self.path.parent, display_path=_display_path(self.path, self.config))
            cases = load_cases(pattern)
            examples = rule_cases(pattern, worker=_worker(self.config))
        except OrchestratorError as error:
            raise self.CollectError(str(error)) from error
        yield CompleteItem.from_parent(self, name=COMPLETE, pattern=pattern)
        for case in cases:
            yield CaseCollector.from_parent(self, name=case.name, pattern=pattern, case=case)
        for example in examples:
            yield ExampleCollector.from_parent(self, name=example.name, pattern=pattern, example=example)


class BrokenFolder(pytest.Directory):
    """A pattern's folder without a regular file `pattern.yaml`."""

    def collect(self) -> Iterator[pytest.Collector]:
        """A collector that reports the problem."""
        yield PatternFile.from_parent(self, path=self.path / METADATA_FILE)


class RuleFile(pytest.File):
    """A module of Fixit rules, collected with their examples."""

    def collect(self) -> Iterator[pytest.Collector]:
        """One collector a rule that is defined in the module."""
        try:
            rules = rules_in_file(self.path)
        except OrchestratorError as error:
            raise self.CollectError(f"{_display_path(self.path, self.config)}: {error}") from error
        for rule in rules:
            yield RuleCollector.from_parent(self, name=rule.id.rpartition(".")[2], pattern=rule)


class RuleCollector(pytest.Collector):
    """One rule of a module."""

    def __init__(self, *, pattern: Pattern, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]  # pytest's own arguments, passed on
        self._pattern = pattern

    def collect(self) -> Iterator[pytest.Collector]:
        """One collector an example."""
        try:
            examples = rule_cases(self._pattern, worker=_worker(self.config))
        except OrchestratorError as error:
            raise self.CollectError(str(error)) from error
        for example in examples:
            yield ExampleCollector.from_parent(self, name=example.name, pattern=self._pattern, example=example)


class ExampleCollector(pytest.Collector):
    """One example of a Fixit rule."""

    def __init__(self, *, pattern: Pattern, example: RuleCase, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]  # pytest's own arguments, passed on
        self._pattern, self._example = pattern, example

    def collect(self) -> Iterator[pytest.Item]:
        """One item a check."""
        for check in rule_checks(self._example):
            yield ExampleItem.from_parent(self, name=check, pattern=self._pattern, example=self._example)


class CaseCollector(pytest.Collector):
    """One case of a pattern."""

    def __init__(self, *, pattern: Pattern, case: Case, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]  # pytest's own arguments, passed on
        self._pattern, self._case = pattern, case

    def collect(self) -> Iterator[pytest.Item]:
        """One item a check."""
        for check in checks(self._pattern, self._case):
            yield CheckItem.from_parent(self, name=check, pattern=self._pattern, case=self._case)


class _PatternItem(pytest.Item):
    def __init__(self, *, pattern: Pattern, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]  # pytest's own arguments, passed on
        self._pattern = pattern

    def runtest(self) -> None:
        """Fail with `path:line: message`."""
        result = self.check(_worker(self.config))
        if not result.passed:
            folder = self._pattern.folder
            path = _display_path(folder / result.path if folder is not None and result.path else self.path, self.config)
            line = f":{result.line}" if result.line else ""
            raise CheckFailedError(f"{path}{line}: {result.message}")

    def check(self, worker: WorkerHandle) -> CheckResult:
        """The check of this item."""
        raise NotImplementedError

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str | TerminalRepr:
        """The message without a traceback, which would only show this package's code."""
        if isinstance(excinfo.value, CheckFailedError | OrchestratorError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """File, line and name for reports."""
        return self.path, 0, f"{self._pattern.id} {self.name}"


class CompleteItem(_PatternItem):
    """The check of the pattern as a whole."""

    def check(self, worker: WorkerHandle) -> CheckResult:
        """The pattern has a README, cases, code that loads, and a place in the order of the codemods."""
        _check_order(self._pattern, self.config)
        return check_complete(self._pattern, worker=worker)


class CheckItem(_PatternItem):
    """One check of one case."""

    def __init__(self, *, case: Case, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]  # pytest's own arguments, passed on
        self._case = case

    def check(self, worker: WorkerHandle) -> CheckResult:
        """The check that the item is named after."""
        return run_check(self._pattern, self._case, self.name, worker=worker)

    def reportinfo(self) -> tuple[Path, int, str]:
        """File, line and name for reports."""
        return self.path, 0, f"{self._pattern.id} {self._case.name} {self.name}"


class ExampleItem(_PatternItem):
    """One check of one example of a Fixit rule."""

    def __init__(self, *, example: RuleCase, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]  # pytest's own arguments, passed on
        self._example = example

    def check(self, worker: WorkerHandle) -> CheckResult:
        """The check that the item is named after."""
        message = check_rule(self._pattern, self._example, self.name, worker=worker)
        return CheckResult(passed=not message, message=message)

    def reportinfo(self) -> tuple[Path, int, str]:
        """File, line and name for reports."""
        return self.path, 0, f"{self._pattern.id} {self._example.name} {self.name}"


def _check_order(pattern: Pattern, config: pytest.Config) -> None:
    """Raise the error in this pattern's `after` or `conflicts_with`; errors of others belong to their items."""
    assert pattern.folder is not None  # noqa: S101 - it was collected from there
    error = _library_error(pattern.folder.parent.parent, config)
    if error is not None and (error.path or "").endswith(f"/{pattern.folder.name}/{METADATA_FILE}"):
        raise error


def _library_error(root: Path, config: pytest.Config) -> OrchestratorError | None:
    """Why the library of the project in `root` can't be loaded; computed once a session, not for each pattern."""
    known = config.stash.setdefault(_LIBRARY_ERRORS, {})
    if root not in known:
        try:
            project_library(root)
        except OrchestratorError as error:
            known[root] = error
        else:
            known[root] = None
    return known[root]


def _worker(config: pytest.Config) -> WorkerHandle:
    """The session's worker: started by the first item that needs it, ended with the session."""
    if _WORKER not in config.stash:
        worker = config.stash[_WORKER] = WorkerHandle()
        config.add_cleanup(worker.close)
    return config.stash[_WORKER]


def _display_path(path: Path, config: pytest.Config) -> str:
    return os.path.relpath(path, config.rootpath)
