"""`spec check` against nothing but reading the files and parsing their front matter, and against bare imports."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from ratio import Ratio, compare

_SPEC = """\
---
id: {number:04}-part
title: Part {number} of the system
status: approved
owners: [ann, bob]
last_review: {today}
covers: [src/part{number}/**/*.py]
---
# Part {number}

{body}
"""

# The least that anybody who checks front matter has to do, in one process.
_PARSE_ONLY = """
import pathlib, yaml
for path in sorted(pathlib.Path("docs/specs").glob("*.md")):
    yaml.load(path.read_text(encoding="utf-8").split("---\\n", 2)[1], Loader=yaml.CSafeLoader)
"""


def ratios() -> Iterator[Ratio]:
    """Two ratios of whole processes; the limits are the project's promise."""
    with tempfile.TemporaryDirectory() as folder:
        many, one = _project(Path(folder, "many"), specs=1000), _project(Path(folder, "one"), specs=1)
        check = [str(Path(sys.executable).with_name("pytest-orchestrator")), "spec", "check"]
        yield compare(
            "spec check of 1,000 specs, reading and parsing only",
            subject=lambda: _run(check, many),
            baseline=lambda: _run([sys.executable, "-c", _PARSE_ONLY], many),
            limit=3,
            rounds=11,
        )
        yield compare(
            "spec check of one spec from cold, importing click and yaml",
            subject=lambda: _run(check, one),
            baseline=lambda: _run([sys.executable, "-c", "import click, yaml"], one),
            limit=3,
            rounds=21,
        )


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _project(root: Path, *, specs: int) -> Path:
    """A repository with some specs, all of them fresh, and a change that none of them covers."""
    (root / "docs/specs").mkdir(parents=True)
    today = datetime.now(UTC).date()
    for number in range(specs):
        text = _SPEC.format(number=number, today=today, body="What it does, and why.\n" * 40)
        (root / f"docs/specs/{number:04}.md").write_text(text)
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    identity = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
    for arguments in (("init", "-q", "-b", "main"), ("add", "."), (*identity, "commit", "-q", "-m", "Add specs")):
        subprocess.run(["git", *arguments], cwd=root, check=True, env=environ)
    (root / "notes.txt").write_text("Something that no spec covers.\n")
    return root
