"""The guide to writing patterns, followed to the letter."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "writing-patterns.md"
_FILE = re.compile(r"^<!-- file: (\S+) -->\n(`{3,})\w+\n(.*?)^\2$", re.MULTILINE | re.DOTALL)
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROGRAMS = {"pytest": ["-m", "pytest", "-p", "no:cacheprovider"], "pytest-orchestrator": ["-m", "pytest_orchestrator"]}


def steps() -> Iterator[tuple[str, str]]:
    """What a reader does, in order: `(file, content)`, and `($ command, output)`."""
    text = GUIDE.read_text(encoding="utf-8")
    found = [(match.start(), match) for pattern in (_FILE, _CONSOLE) for match in pattern.finditer(text)]
    for _, match in sorted(found, key=lambda item: item[0]):
        if match.re is _FILE:
            yield match[1], match[3]
        else:
            for command in re.split(r"^(?=\$ )", match[1], flags=re.MULTILINE)[1:]:
                line, _, output = command.partition("\n")
                yield line, output


def test_following_the_guide_gives_what_it_shows(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    commands = 0
    for name, text in steps():
        if not name.startswith("$ "):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
            continue
        commands += 1
        program, *arguments = shlex.split(name.removeprefix("$ "))
        shown = subprocess.run(
            [sys.executable, *_PROGRAMS[program], *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTEST_ADDOPTS": ""},
        )
        assert shown.returncode == 0, (name, shown.stdout, shown.stderr)
        for line in text.splitlines():
            wanted = ".*".join(map(re.escape, line.rstrip().split("...")))
            assert re.search(rf"^{wanted} *$", shown.stdout, re.MULTILINE), (name, line, shown.stdout)
    assert commands >= 7
