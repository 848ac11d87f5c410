"""The errors that are expected. Any other exception is a bug of this package.

    OrchestratorError
    ├── UsageError      an option or argument of the call is wrong
    ├── InputError      a file that a person wrote can't be used
    ├── GitError        git is not installed, fails, or lacks data
    ├── ProcessError    another program did not start, did not end in time, or wrote too much
    ├── FixtureError    a pin can't be fetched, verified or unpacked
    ├── PatternError    a pattern can't be loaded
    ├── AgentError      an agent crashed, hung, or made a false claim
    └── RunError        a run's folder can't be written or read

On the command line each of them ends with exit code 2. In a batch it becomes the result of one item.
"""

from __future__ import annotations

from importlib.util import find_spec

from pytest_orchestrator.display import printable, redact_urls


class OrchestratorError(Exception):
    """An expected error: what is wrong, where, and what to do about it.

    `path` is the file's display path (relative to the project if possible), `line` is 1-based, and `fix` is an
    imperative sentence or a command. Credentials in the URLs of `message` and `fix` are replaced by `***`.
    """

    def __init__(self, message: str, *, path: str | None = None, line: int | None = None, fix: str = "") -> None:
        self.message = redact_urls(message)
        super().__init__(self.message)
        self.path = path
        self.line = line
        self.fix = redact_urls(fix)

    def __str__(self) -> str:
        location = (
            "" if self.path is None else printable(self.path) + ("" if self.line is None else f":{self.line}") + ": "
        )
        fix = f"\n  fix: {printable(self.fix)}" if self.fix else ""
        return location + printable(self.message, keep="\n\t") + fix

    def __reduce__(self) -> tuple[object, ...]:
        # The default pickling loses keyword-only arguments, and errors are sent between processes.
        return _rebuild, (type(self), self.message, self.path, self.line, self.fix)


class UsageError(OrchestratorError):
    """An option, an argument or a combination of them is wrong."""


class InputError(OrchestratorError):
    """A file that a person wrote can't be used: it is malformed, too large, or has an unknown key or value."""


class GitError(OrchestratorError):
    """Git is not installed, fails, or lacks data. It never means that nothing changed."""


class ProcessError(OrchestratorError):
    """Another program did not start, did not end in time, or wrote too much."""


class FixtureError(OrchestratorError):
    """A pin can't be fetched, verified or unpacked."""


class PatternError(OrchestratorError):
    """A pattern can't be loaded: its metadata, its entry or its parameters are wrong."""


class AgentError(OrchestratorError):
    """An agent crashed, hung, or claimed an edit that is not in the tree."""


class RunError(OrchestratorError):
    """A run's folder can't be written or read."""


def require_package(name: str, *, extra: str, distribution: str = "") -> None:
    """Check that a package of an optional extra is installed, without importing it.

    `distribution` is the name that it is installed by, where that is not the one that it is imported by.

    Raises:
        UsageError: it is not installed; the fix names the extra.
    """
    found = find_spec(name)
    if found is None or found.origin is None:  # any folder of that name on the path is a package without origin
        raise UsageError(
            f"{distribution or name!r} is not installed", fix=f"pip install 'pytest-orchestrator[{extra}]'"
        )


def _rebuild(
    kind: type[OrchestratorError], message: str, path: str | None, line: int | None, fix: str
) -> OrchestratorError:
    return kind(message, path=path, line=line, fix=fix)
