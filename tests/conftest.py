"""What every test stands on: git that knows nobody's configuration, an environment that is no CI's, calm hypothesis."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# Deterministic and without deadlines: a test run must not depend on luck or on a busy machine.
settings.register_profile("calm", deadline=None, derandomize=True, database=None)
settings.load_profile("calm")

_CI_VARIABLES = ("CI", "GITHUB_", "GITLAB_", "BITBUCKET_", "BUILDKITE", "SYSTEM_", "BUILD_", "CHANGE_", "JENKINS_")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("GIT_", *_CI_VARIABLES)):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A Tester")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "tester@example.org")
