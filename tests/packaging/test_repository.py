"""What the repository asks of those who clone it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_pytest_runs_here_without_the_plugins_of_development() -> None:
    # `make demo` has none of them, and an unknown setting is an error.
    command = [sys.executable, "-m", "pytest", "-p", "no:timeout", "-p", "no:xdist", "--collect-only", "-q"]

    ran = subprocess.run(
        [*command, "patterns/super-no-args"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
