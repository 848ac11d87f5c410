"""The fuzzer of specs and ledgers, for a few thousand inputs where atheris has a wheel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def test_fuzzing_finds_no_crash() -> None:
    pytest.importorskip("atheris", reason="atheris has wheels for Linux on x86-64 only")
    script = Path(__file__).with_name("fuzz_spec_files.py")
    result = subprocess.run([sys.executable, script, "5000", "20"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
