from __future__ import annotations

import pytest

from pytest_orchestrator.plugin.session_end import SessionEnd


def test_a_usage_error_is_not_blamed_on_the_arguments() -> None:
    assert SessionEnd().problem(pytest.ExitCode.USAGE_ERROR) == "pytest ended with a usage error"


def test_a_run_that_the_user_interrupted_has_no_problem() -> None:
    end = SessionEnd()
    end.interrupted = True
    assert end.problem(pytest.ExitCode.INTERRUPTED) == ""
