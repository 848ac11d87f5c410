"""`make demo`: both jobs, on a small example project and on two real packages.

1. It writes a project with three specs into `.demo/`: one fresh, one stale and one malformed, with dates relative to
   today. It runs the spec guard there. The demo fails unless the guard passes the first spec and fails the other two.
2. It runs the shipped scenarios on itsdangerous and cookiecutter through the MCP agent, and prints the table of
   outcomes. Two files of cookiecutter can't be parsed.
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
    """Run both parts; the exit code is 0 only when both succeed."""
    heading("1. The spec guard, on a project with a fresh, a stale and a malformed spec")
    write_example(date.today())  # noqa: DTZ011 - specs are dated by the local calendar
    caught = guard_example()
    heading("2. The learning library, on two real packages, through the MCP agent")
    # Naming the folder keeps pytest from loading tests/conftest.py, whose packages are not installed here.
    evaluated = pytest(PROJECT, "evaluation", "--evaluate-only", "--task-id=demo", "-k", "itsdangerous or cookiecutter")
    return 0 if caught and evaluated == 0 else 1


def write_example(today: date) -> None:
    """Write a small git repository into `.demo/`: three specs, and the code that two of them cover."""
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
    """Run the guard; whether it passed the fresh spec and failed the other two."""
    pytest(EXAMPLE, "--spec-guard-only", "--junitxml=verdicts.xml")
    failed = {case.get("classname", "") for case in ET.parse(EXAMPLE / "verdicts.xml").iter("testcase") if len(case)}  # noqa: S314
    verdicts = {name: any(name in where for where in failed) for name in ("cache", "retry", "queue")}
    expected = {"cache": False, "retry": True, "queue": True}
    if verdicts != expected:
        say(f"\nWrong: the guard should have failed {expected}, but it failed {verdicts}.")
        return False
    say("\nRight: the guard passed the fresh spec, and failed the stale and the malformed one.")
    return True


def pytest(folder: Path, *options: str) -> int:
    """Run pytest in `folder` as a user would; the exit code."""
    # The variables of a CI service describe this repository's change, not the example's.
    env = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "GITHUB_", "CI_"))}
    command = [sys.executable, "-m", "pytest", "--no-header", *options]
    say(f"$ pytest {shlex.join(options)}\n")
    return subprocess.run(command, cwd=folder, env=env, check=False).returncode  # noqa: S603 - our own command


def heading(text: str) -> None:
    """Print an underlined heading."""
    say(f"\n{text}\n{'=' * len(text)}\n")


def say(text: str) -> None:
    """Print at once, before the next program prints."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
