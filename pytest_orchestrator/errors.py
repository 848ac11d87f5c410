"""Every failure that we expect, so that a traceback always means a bug of ours.

    OrchestratorError
    ├── UsageError      the call's words are wrong
    ├── InputError      a file that a person wrote can't be used
    ├── GitError        git is absent, refuses, or hides what must be known
    ├── ProcessError    a program of somebody else's did not start, answer or end
    ├── FixtureError    a pin can't be fetched, verified or unpacked
    ├── PatternError    a pattern can't be loaded
    ├── AgentError      an agent crashed, hung or lied
    └── RunError        a run's folder can't be written or read

At the command line each of them is exit code 2; inside a batch it becomes data about one item of the batch.
"""

from __future__ import annotations

from importlib.util import find_spec

from pytest_orchestrator.display import printable


class OrchestratorError(Exception):
    """What is wrong, where, and what to do about it.

    `path` is as the user knows it (relative to the project where it can be), `line` is 1-based, `fix` is an imperative
    sentence or a command.
    """

    def __init__(self, message: str, *, path: str | None = None, line: int | None = None, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.fix = fix

    def __str__(self) -> str:
        place = (
            "" if self.path is None else printable(self.path) + ("" if self.line is None else f":{self.line}") + ": "
        )
        fix = f"\n  fix: {printable(self.fix)}" if self.fix else ""
        return place + printable(self.message, keep="\n\t") + fix

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments don't survive the default pickling, and cases cross process borders.
        return _rebuild, (type(self), self.message, self.path, self.line, self.fix)


class UsageError(OrchestratorError):
    """The call's words are wrong: an option, an argument, a combination of them."""


class InputError(OrchestratorError):
    """A file that a person wrote can't be used: it is malformed, too large, or says what nobody understands."""


class GitError(OrchestratorError):
    """Git is absent, refuses, or hides what must be known. Never to be read as "nothing changed"."""


class ProcessError(OrchestratorError):
    """A program of somebody else's did not start, did not answer in time, or said too much."""


class FixtureError(OrchestratorError):
    """A pin can't be fetched, verified or unpacked."""


class PatternError(OrchestratorError):
    """A pattern can't be loaded: its metadata, its entry or its parameters are wrong."""


class AgentError(OrchestratorError):
    """An agent crashed, hung, or said what the tree does not show."""


class RunError(OrchestratorError):
    """A run's folder can't be written or read."""


def require_package(name: str, *, extra: str) -> None:
    """Check that a package of an optional extra is installed, without importing it.

    Raises:
        UsageError: it is not installed; the fix names the extra that brings it.
    """
    if find_spec(name) is None:
        raise UsageError(f"{name!r} is not installed", fix=f"pip install 'pytest-orchestrator[{extra}]'")


def _rebuild(
    kind: type[OrchestratorError], message: str, path: str | None, line: int | None, fix: str
) -> OrchestratorError:
    return kind(message, path=path, line=line, fix=fix)
