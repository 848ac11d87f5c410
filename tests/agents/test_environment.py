from __future__ import annotations

from pathlib import Path

from pytest_orchestrator.agents.environment import agent_environment


def test_relative_entries_of_the_python_path_keep_meaning_the_callers_folder() -> None:
    environ = {"PYTHONPATH": "src:/abs/lib:"}

    assert agent_environment(environ, folder=Path("/here"))["PYTHONPATH"] == "/here/src:/abs/lib:/here"
