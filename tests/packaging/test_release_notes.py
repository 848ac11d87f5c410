"""The notes of a release are the changelog's section for the tag's version."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pins import ROOT

_CHANGELOG = """\
# Changelog

## 0.3.0 (unreleased)

- Later.

## 0.2.0 (2026-12-24)

- A rule.

### Changed

- An option.

## 0.1.0 (2026-11-30)

- The first version.
"""


def _run(folder: Path, tag: str, *, version: str) -> subprocess.CompletedProcess[str]:
    script = folder / ".github" / "release_notes.py"
    script.parent.mkdir()
    shutil.copy(ROOT / ".github" / "release_notes.py", script)
    (folder / "CHANGELOG.md").write_text(_CHANGELOG)
    (folder / "pyproject.toml").write_text(f'[project]\nname = "x"\nversion = "{version}"\n')
    return subprocess.run([sys.executable, str(script), tag], capture_output=True, text=True, check=False)


def test_the_section_of_the_version_is_printed(tmp_path: Path) -> None:
    printed = _run(tmp_path, "v0.2.0", version="0.2.0")
    assert (printed.returncode, printed.stdout) == (0, "- A rule.\n\n### Changed\n\n- An option.\n")


@pytest.mark.parametrize(
    ("tag", "version", "reason"),
    [
        ("v0.2.1", "0.2.0", "the version is 0.2.0, and the tag is v0.2.1"),
        ("v0.3.0", "0.3.0", "there is no heading '## 0.3.0 (<date>)'"),
        ("v0.4.0", "0.4.0", "there is no heading '## 0.4.0 (<date>)'"),
    ],
)
def test_a_release_without_notes_is_refused(tmp_path: Path, tag: str, version: str, reason: str) -> None:
    refused = _run(tmp_path, tag, version=version)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert reason in refused.stderr
