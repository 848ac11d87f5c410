"""A pytest run that does not use us: 500 trivial tests, with the plugin installed and unused, and without it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ratio import Ratio, compare


def ratios() -> Iterator[Ratio]:
    """One ratio; the limit is the project's promise."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(10):
            tests = "".join(f"def test_{test}():\n    assert True\n\n" for test in range(50))
            Path(folder, f"test_{number}.py").write_text(tests)

        def run(*options: str) -> None:
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)

        yield compare(
            "500 trivial tests, plugin installed and unused",
            subject=run,
            baseline=lambda: run("-p", "no:orchestrator"),
            limit=1.02,
            rounds=25,
        )
