"""What every test stands on: git that knows nobody's configuration, an environment that is no CI's, calm hypothesis."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from tests.lean import LEAN

# Deterministic and without deadlines: a test run must not depend on luck or on a busy machine.
settings.register_profile("calm", deadline=None, derandomize=True, database=None)
settings.load_profile("calm")

# A run in the background (`make test &`) inherits an ignored Ctrl-C, and so would the programs that tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

_CI_VARIABLES = ("CI", "GITHUB_", "GITLAB_", "BITBUCKET_", "BUILDKITE", "SYSTEM_", "BUILD_", "CHANGE_", "JENKINS_")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("GIT_", "FORCE_COLOR", "NO_COLOR", *_CI_VARIABLES)):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join(LEAN))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A Tester")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "tester@example.org")


WritePattern = Callable[..., Path]


def write_pattern_folder(
    folder: Path, id_: str, *, code: str = "", files: Mapping[str, str] | None = None, **keys: str
) -> Path:
    """Write `folder/id_`: `pattern.yaml` from `keys` (as YAML) over useful ones, `pattern.py` and other files."""
    metadata = {
        "schema": "pytest-orchestrator/pattern/1",
        "id": id_,
        "kind": "codemod",
        "title": f"The pattern {id_}",
        "description": "For a test.",
        "safety": "safe",
        "minimum_python": '"3.6"',
        "entry": "pattern.py:Entry",
        **keys,
    }
    text = "".join(f"{key}: {value}\n" for key, value in metadata.items() if value)
    contents = {"pattern.yaml": text, "README.md": "# Why\n", **({"pattern.py": code} if code else {}), **(files or {})}
    for name, content in contents.items():
        path = folder / id_ / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
    return folder / id_


@pytest.fixture
def write_pattern() -> WritePattern:
    """A pattern's folder from its code, metadata and further files."""
    return write_pattern_folder
