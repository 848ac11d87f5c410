"""A pattern that is ready to run, and what is reported when it can't run on a file or fails on it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from libcst.codemod import CodemodCommand, CodemodContext

from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.pattern_engine.results import Reason, Rejected
from pytest_orchestrator.pattern_engine.trigger import ALWAYS, Trigger
from pytest_orchestrator.pattern_engine.worker.linter import Linter
from pytest_orchestrator.pattern_engine.worker.running.exception_report import describe, location_of
from pytest_orchestrator.pattern_engine.worker.visiting.construction import construct


@dataclass(frozen=True, kw_only=True)
class LoadedPattern:
    """A pattern's class with the values of its parameters.

    `home` is the folder of the pattern, or the file of a codemod or rule that is named by its dotted name.
    """

    id: str
    entry_class: type[CodemodCommand] | type[Linter]
    parameters: Mapping[str, Any]
    minimum_python: str
    home: Path
    trigger: Trigger = ALWAYS

    def linter(self) -> Linter:
        """A new linter for one file.

        Raises:
            PatternError: its `__init__` does not call that of `Linter`.
        """
        linter = self.linter_class(**self.parameters)
        if not hasattr(linter, "findings"):
            raise self._uninitialized("linter", fix="call super().__init__() in it")
        return linter

    @property
    def linter_class(self) -> type[Linter]:
        """The class of a linter."""
        assert issubclass(self.entry_class, Linter)  # noqa: S101 - checked when it was loaded
        return self.entry_class

    def codemod(self, context: CodemodContext) -> CodemodCommand:
        """A new codemod for one file.

        Raises:
            PatternError: its `__init__` does not call LibCST's.
        """
        assert issubclass(self.entry_class, CodemodCommand)  # noqa: S101 - checked when it was loaded
        command = construct(self.entry_class, context, self.parameters)
        if not hasattr(command, "context"):
            raise self._uninitialized("codemod", fix="call super().__init__(context) in it")
        return command

    def _uninitialized(self, kind: str, *, fix: str) -> PatternError:
        location = location_of(self.entry_class, ["__init__"], self.home)
        return PatternError(f"{location}__init__ does not initialize the {kind}", fix=fix)


def unsupported(path: str, pattern: LoadedPattern) -> Rejected | None:
    """The rejection of a pattern that needs a newer Python than the running one; None when it doesn't."""
    if tuple(map(int, pattern.minimum_python.split("."))) <= sys.version_info[:2]:
        return None
    running = ".".join(map(str, sys.version_info[:2]))
    message = f"needs Python {pattern.minimum_python}, this is {running}"
    return Rejected(path=path, reason="unsupported-python", pattern=pattern.id, message=message)


def broken_output(path: str, pattern: LoadedPattern, problem: str) -> Rejected:
    """The rejection of a result that must not be written; `problem` says why."""
    message = f"the pattern's result is refused: {problem}"
    return Rejected(path=path, reason="broken-output", pattern=pattern.id, message=message)


def thrown(error: BaseException, path: str, pattern: LoadedPattern) -> Rejected:
    """The rejection of a file on which the pattern raised an exception or called `sys.exit`."""
    reason: Reason = "exited" if isinstance(error, SystemExit) else "raised"
    return Rejected(path=path, reason=reason, pattern=pattern.id, message=describe(error, pattern.home))
