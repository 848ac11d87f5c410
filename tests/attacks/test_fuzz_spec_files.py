"""The fuzzer of specs and ledgers, for a few thousand inputs where atheris is installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def test_fuzzing_finds_no_crash() -> None:
    pytest.importorskip("atheris", reason="atheris is no dependency of the project: pip install atheris")
    script = Path(__file__).with_name("fuzz_spec_files.py")
    shown = subprocess.run([sys.executable, script, "5000"], capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
