"""How a pytest run can end without having judged everything that it was asked to."""

from __future__ import annotations

import pytest

_WHY = {
    pytest.ExitCode.INTERRUPTED: "pytest ended before everything was run",
    pytest.ExitCode.INTERNAL_ERROR: "pytest had an internal error",
    pytest.ExitCode.USAGE_ERROR: "pytest was called in a way that it doesn't understand",
}


class SessionEnd:
    """What is known of the end: exit code 2 alone doesn't tell a person's Ctrl-C from an error in collection."""

    def __init__(self) -> None:
        self.interrupted = False
        """Whether a person ended the run."""

    def note(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Take what pytest says of an interruption."""
        self.interrupted = not isinstance(excinfo.value, pytest.Session.Interrupted)

    def problem(self, exitstatus: int) -> str:
        """Why not everything was judged; empty when it was, or when a person knows already."""
        return "" if self.interrupted or exitstatus not in _WHY else _WHY[pytest.ExitCode(exitstatus)]
