"""`make demo`: the main job, on a small example project and on two real packages.

1. Writes a project with three specs into `.demo/`, their dates relative to today (one fresh, one stale, one malformed),
   and runs the spec guard there. The guard must catch the last two and pass the first; anything else fails the demo.
2. Runs the shipped scenarios on itsdangerous and cookiecutter (two of whose files nobody can parse) through the MCP
   agent, and shows the table of verdicts.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
EXAMPLE = PROJECT / ".demo"

_SPEC = """\
---
id: {id}
title: {title}
status: implemented
owners: [ada]
last_review: {last_review}
covers:
  - {covers}
---

# {title}

{text}
"""
_CACHE = {
    "id": "cache",
    "title": "Cache",
    "covers": "src/cache.py",
    "text": "A value MUST be forgotten after its time to live.",
}
_RETRY = {
    "id": "retry",
    "title": "Retry",
    "covers": "src/retry.py",
    "text": "A failed call MUST be tried again at most three times.",
}
_SETTINGS = """\
[tool.pytest]
addopts = ["-ra"]

[tool.pytest_orchestrator.spec_guard]
paths = ["specs"]
"""
_MALFORMED = """\
---
id: queue
titel: Queue
status: implemented
owners: [ada]
last_review: soon
---

# Queue
"""


def main() -> int:
    """Run both halves; the exit code is 0 only when each did what it must."""
    heading("1. The spec guard, on a project with a fresh, a stale and a malformed spec")
    write_example(date.today())  # noqa: DTZ011 - the day on this machine's calendar is the one meant
    caught = guard_example()
    heading("2. The learning library, on two real packages, through the MCP agent")
    # The folder is named so that pytest doesn't load the tests' conftest.py: only what a user has is installed here.
    evaluated = pytest(PROJECT, "evaluation", "--evaluate-only", "--task-id=demo", "-k", "itsdangerous or cookiecutter")
    return 0 if caught and evaluated == 0 else 1


def write_example(today: date) -> None:
    """A small git repository in `.demo/`: three specs, and the code that two of them cover."""
    shutil.rmtree(EXAMPLE, ignore_errors=True)
    specs, code = EXAMPLE / "specs", EXAMPLE / "src"
    specs.mkdir(parents=True)
    code.mkdir()
    (specs / "cache.md").write_text(_SPEC.format(**_CACHE, last_review=today - timedelta(days=3)))
    (specs / "retry.md").write_text(_SPEC.format(**_RETRY, last_review=today - timedelta(days=80)))
    (specs / "queue.md").write_text(_MALFORMED)
    (code / "cache.py").write_text("TIME_TO_LIVE_S = 60\n")
    (code / "retry.py").write_text("TRIES = 3\n")
    (EXAMPLE / "pyproject.toml").write_text(_SETTINGS)
    (EXAMPLE / ".gitignore").write_text("/.runs/\n/.pytest_cache/\n/verdicts.xml\n")
    identity = ("-c", "user.name=Demo", "-c", "user.email=demo@localhost")
    for command in (("init", "--quiet"), ("add", "."), (*identity, "commit", "--quiet", "--message=Example")):
        subprocess.run(["git", *command], cwd=EXAMPLE, check=True)  # noqa: S603, S607 - git, from the PATH


def guard_example() -> bool:
    """Whether the guard passed the fresh spec and nothing else that it should have caught."""
    pytest(EXAMPLE, "--spec-guard-only", "--junitxml=verdicts.xml")
    failed = {case.get("classname", "") for case in ET.parse(EXAMPLE / "verdicts.xml").iter("testcase") if len(case)}  # noqa: S314
    verdicts = {name: any(name in where for where in failed) for name in ("cache", "retry", "queue")}
    expected = {"cache": False, "retry": True, "queue": True}
    if verdicts != expected:
        say(f"\nThe guard should have caught {expected}, but it caught {verdicts}.")
        return False
    say("\nAs it should: the guard passed the fresh spec and caught the stale one and the malformed one.")
    return True


def pytest(folder: Path, *options: str) -> int:
    """Run pytest in `folder` as a user would, and show what it prints."""
    # What a CI says of itself is about this repository's change, not about the example's.
    env = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "GITHUB_", "CI_"))}
    command = [sys.executable, "-m", "pytest", "--no-header", *options]
    say(f"$ pytest {shlex.join(options)}\n")
    return subprocess.run(command, cwd=folder, env=env, check=False).returncode  # noqa: S603 - our own command


def heading(text: str) -> None:
    """A line that stands out."""
    say(f"\n{text}\n{'=' * len(text)}\n")


def say(text: str) -> None:
    """Print before the next program does."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
