"""The guides to writing patterns and to running them, followed to the letter."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from pytest_orchestrator.fixture_store.lock import load_pins
from pytest_orchestrator.fixture_store.store import default_store
from tests.pins import ALL_PINS

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = DOCS / "writing-patterns.md"
_FILE = re.compile(r"^<!-- file: (\S+) -->\n(`{3,})\w+\n(.*?)^\2$", re.MULTILINE | re.DOTALL)
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROGRAMS = {
    "pytest": [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
    "pytest-orchestrator": [sys.executable, "-m", "pytest_orchestrator"],
    "rm": ["rm"],
    "git": ["git"],
}
INTERRUPTED = 130


def steps(guide: Path) -> Iterator[tuple[str, str]]:
    """What a reader does, in order: `(file, content)`, and `($ command, output)`."""
    text = guide.read_text(encoding="utf-8")
    found = [(match.start(), match) for pattern in (_FILE, _CONSOLE) for match in pattern.finditer(text)]
    for _, match in sorted(found, key=lambda item: item[0]):
        if match.re is _FILE:
            yield match[1], match[3]
        else:
            for command in re.split(r"^(?=\$ )", match[1], flags=re.MULTILINE)[1:]:
                line, _, output = command.partition("\n")
                yield line, output


def run(root: Path, command: str) -> tuple[int, str]:
    """The exit code and the output of a command as the guide spells it; one that watches is interrupted in the end."""
    program, *arguments = shlex.split(command, comments=True)
    with subprocess.Popen(
        [*_PROGRAMS[program], *arguments],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        output = ""
        for line in process.stdout:
            output += line
            if "--watch" in arguments and line.startswith("waiting"):
                process.send_signal(signal.SIGINT)
    return process.returncode, output


def is_run(command: str) -> bool:
    """Whether the pins that an evaluation needs are at hand. Mutants take long: they wait for `make test-all`."""
    pin = load_pins(GUIDE.parents[1])["itsdangerous"]
    return ("--evaluate" not in command or default_store().has(pin)) and ("--mutate" not in command or ALL_PINS)


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def assert_shown(wanted: str, output: str) -> None:
    for line in wanted.splitlines():
        expected = ".*".join(map(re.escape, line.rstrip().split("...")))
        assert re.search(rf"^{expected} *$", output, re.MULTILINE), (line, output)


def test_the_guide_to_running_patterns_quotes_the_real_output(tmp_path: Path) -> None:
    for name, text in steps(DOCS / "running-patterns.md"):
        if not name.startswith("$ "):
            write(tmp_path, name, text)
            continue
        code, output = run(tmp_path, name.removeprefix("$ "))
        assert code == int("# exit code 1" in name), (name, output)
        assert_shown(text, output)


def test_the_guide_quotes_the_real_output(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    commands = []
    for name, text in steps(GUIDE):
        if not name.startswith("$ "):
            write(tmp_path, name, text)
            continue
        command = name.removeprefix("$ ")
        if not is_run(command):
            continue
        commands.append(command)
        code, output = run(tmp_path, command)
        wanted_code = INTERRUPTED if "--watch" in command else int("no case notices" in text)
        assert code == wanted_code, (name, output)
        assert_shown(text, output)
    for word in ("new", "--watch", "profile", "build --check", *(["--mutate"] if ALL_PINS else [])):
        assert any(word in command for command in commands), word
