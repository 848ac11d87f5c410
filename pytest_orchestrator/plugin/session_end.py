"""Whether a pytest run ended early, and why."""

from __future__ import annotations

import pytest

_WHY = {
    pytest.ExitCode.INTERRUPTED: "pytest ended before all items ran",
    pytest.ExitCode.INTERNAL_ERROR: "pytest had an internal error",
    pytest.ExitCode.USAGE_ERROR: "pytest ended with a usage error",
}


class SessionEnd:
    """The reason for an early end. Exit code 2 alone doesn't tell Ctrl-C from an error in collection."""

    def __init__(self) -> None:
        self.interrupted = False
        """Whether the user interrupted the run."""

    def note(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Record pytest's report of an interruption."""
        self.interrupted = not isinstance(excinfo.value, pytest.Session.Interrupted)

    def note_second(self, error: BaseException | None) -> None:
        """Record what interrupted pytest while it dealt with an interruption, which it then does not report."""
        self.interrupted = self.interrupted or isinstance(error, KeyboardInterrupt)

    def problem(self, exitstatus: int) -> str:
        """Why not everything was run; empty when all was, or the user interrupted the run."""
        return "" if self.interrupted or exitstatus not in _WHY else _WHY[pytest.ExitCode(exitstatus)]
