"""A pattern's folder as pytest items, one for each case and check; no test file is written.

`patterns/<id>/pattern.yaml::<case>::<check>` is one check, and `patterns/<id>/pattern.yaml::complete` checks the rest
of the folder. The examples of a Fixit rule are cases too: for a pattern whose entry is a rule, and for the rules in a
module that pytest collects, `<file>::<class>::VALID-0::output`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from pytest_orchestrator.commands.patterns.list import project_library
from pytest_orchestrator.commands.patterns.test import Check, case_checks
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.pattern_engine.foreign.dotted_name import rules_in_file
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.library.cases import COMPLETE
from pytest_orchestrator.pattern_engine.pattern import METADATA_FILE, Pattern, read_pattern
from pytest_orchestrator.pattern_engine.testing.checking import CheckResult, check_complete

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
            cases = case_checks(pattern, worker=_worker(self.config))
        except OrchestratorError as error:
            raise self.CollectError(str(error)) from error
        yield CheckItem.from_parent(self, name=COMPLETE, pattern=pattern, check=partial(self._check_complete, pattern))
        for name, checks in cases:
            yield CaseCollector.from_parent(self, name=name, pattern=pattern, checks=checks)

    def _check_complete(self, pattern: Pattern, *, worker: WorkerHandle) -> CheckResult:
        _check_order(pattern, self.config)
        return check_complete(pattern, worker=worker)


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

    def __init__(self, *, pattern: Pattern, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._pattern = pattern

    def collect(self) -> Iterator[pytest.Collector]:
        """One collector an example."""
        try:
            examples = case_checks(self._pattern, worker=_worker(self.config))
        except OrchestratorError as error:
            raise self.CollectError(str(error)) from error
        for name, checks in examples:
            yield CaseCollector.from_parent(self, name=name, pattern=self._pattern, checks=checks)


class CaseCollector(pytest.Collector):
    """One case of a pattern, or one example of a Fixit rule."""

    def __init__(self, *, pattern: Pattern, checks: Mapping[str, Check], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._pattern, self._checks = pattern, checks

    def collect(self) -> Iterator[pytest.Item]:
        """One item a check."""
        for name, check in self._checks.items():
            yield CheckItem.from_parent(self, name=name, pattern=self._pattern, check=check)


class CheckItem(pytest.Item):
    """One check of a case, or of the pattern as a whole."""

    funcargs: Mapping[str, Any] = MappingProxyType({})  # plugins take every item for one with fixtures

    def __init__(self, *, pattern: Pattern, check: Check, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._pattern, self._check = pattern, check

    def runtest(self) -> None:
        """Fail with `path:line: message`."""
        result = self._check(worker=_worker(self.config))
        if not result.passed:
            folder = self._pattern.folder
            path = _display_path(folder / result.path if folder is not None and result.path else self.path, self.config)
            line = f":{result.line}" if result.line else ""
            raise CheckFailedError(f"{path}{line}: {result.message}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str | TerminalRepr:
        """The message without a traceback, which would only show this package's code."""
        if isinstance(excinfo.value, CheckFailedError | OrchestratorError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """File, line and name for reports."""
        case = f" {self.parent.name}" if isinstance(self.parent, CaseCollector) else ""
        return self.path, 0, f"{self._pattern.id}{case} {self.name}"


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
        known[root] = None
        try:
            project_library(root)
        except OrchestratorError as error:
            known[root] = error
    return known[root]


def _worker(config: pytest.Config) -> WorkerHandle:
    """The session's worker: started by the first item that needs it, ended with the session."""
    if _WORKER not in config.stash:
        worker = config.stash[_WORKER] = WorkerHandle()
        config.add_cleanup(worker.close)
    return config.stash[_WORKER]


def _display_path(path: Path, config: pytest.Config) -> str:
    return os.path.relpath(path, config.rootpath)
