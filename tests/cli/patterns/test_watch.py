"""`patterns test --watch` in a real process. Nothing here waits for a time, only for what the program says."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.patterns.command import call
from tests.pattern_engine.old_names import CODEMOD

Write = Callable[..., Path]
CASES = {"cases/a/before.py": "x = old\n", "cases/a/after.py": "x = new\n"}
_LIMIT_S = 120  # a program that says nothing must not keep the tests for ever


class Watching:
    """The running program."""

    def __init__(self, root: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "pytest_orchestrator", "patterns", "test", *arguments, "--watch"]
        self.process = subprocess.Popen(
            command, cwd=root, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        self._timer = threading.Timer(_LIMIT_S, self.process.kill)
        self._timer.start()

    def until(self, words: str) -> str:
        """What it says up to a line with these words."""
        message = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            message += line
            if words in line:
                return message
        raise AssertionError(message)

    def run(self) -> str:
        """What it says up to where it waits again."""
        return self.until("waiting for a change")

    def end(self) -> tuple[int, str]:
        """Ctrl-C, what it says to that, and its exit code."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.stdout is not None
        return self.process.wait(), self.process.stdout.read()

    def close(self) -> None:
        self._timer.cancel()
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def project(tmp_path: Path, write_pattern: Write) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    write_pattern(tmp_path / "patterns", "one", code=CODEMOD, files=CASES)
    write_pattern(tmp_path / "patterns", "other", code=CODEMOD, files=CASES)
    return tmp_path


def save(path: Path, text: str) -> None:
    """Write it in one step, as editors do: the program may look at any moment."""
    draft = path.with_name(f".{path.name}")
    draft.write_text(text)
    draft.replace(path)


Start = Callable[..., Watching]


@pytest.fixture
def start(project: Path) -> Iterator[Start]:
    started: list[Watching] = []

    def run(*arguments: str) -> Watching:
        started.append(Watching(project, *arguments))
        return started[-1]

    yield run
    for program in started:
        program.close()


@pytest.fixture
def watching(start: Start) -> Watching:
    return start("one")


def test_a_change_runs_the_cases_again_and_ctrl_c_ends_it(project: Path, watching: Watching) -> None:
    pattern = project / "patterns" / "one"
    first = watching.run()
    assert "one        1        9         0" in first
    assert "\x1b" not in first
    save(pattern / "cases" / "a" / "after.py", "x = newer\n")
    message = watching.run()
    assert message.startswith("patterns/one/cases/a/after.py changed\n")
    assert "+x = new" in message
    code, message = watching.end()
    assert (code, message.strip()) == (130, "")


def test_a_broken_pattern_is_reported_and_watched(project: Path, watching: Watching) -> None:
    pattern = project / "patterns" / "one"
    watching.run()
    save(pattern / "pattern.py", "class Entry(:\n")
    assert "can't be loaded: patterns/one/pattern.py:1: SyntaxError" in watching.run()
    metadata = (pattern / "pattern.yaml").read_text()
    save(pattern / "pattern.yaml", metadata.replace("kind: codemod", "kind: code"))
    assert "error: patterns/one/pattern.yaml:3: kind: " in watching.run()
    save(project / "patterns" / "other" / "pattern.yaml", "id: [")
    assert "patterns/other/pattern.yaml changed" in watching.run()
    (project / "patterns" / "other" / "pattern.yaml").unlink()
    watching.run()
    save(pattern / "pattern.yaml", metadata)
    assert "one        1        9         9" in watching.run()
    save(pattern / "pattern.py", CODEMOD)
    assert "one        1        9         0" in watching.run()


def test_new_and_removed_files_count_and_other_patterns_do_not(
    project: Path, watching: Watching, write_pattern: Write
) -> None:
    watching.run()
    save(project / "patterns" / "other" / "pattern.py", "x = (\n")
    save(project / "patterns" / "one" / ".hidden", "")
    write_pattern(project / "patterns", "one", files={"cases/b/before.py": "x = 1\n"})
    message = watching.run()
    assert "other" not in message
    assert ".hidden" not in message
    while "one        2        1" not in message:  # the files were written one after the other
        message = watching.run()
    (project / "patterns" / "one" / "cases" / "b" / "before.py").unlink()
    assert "one/cases/b: well-formed: lacks before.py" in watching.run()


def test_a_pattern_that_is_malformed_from_the_start_is_watched(project: Path, start: Start) -> None:
    metadata = project / "patterns" / "one" / "pattern.yaml"
    text = metadata.read_text()
    metadata.write_text("nonsense: true\n")
    program = start()
    assert "error: patterns/one/pattern.yaml:1" in program.run()
    save(metadata, text)
    assert "other      1        9         0" in program.run()
    assert program.end()[0] == 130


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nobody",), "there is no pattern 'nobody'"),
        (("one", "--mutate"), "combined with --mutate"),
        (("one", "--format", "json"), "combined with --format json"),
    ],
)
def test_there_must_be_something_to_watch(project: Path, arguments: tuple[str, ...], message: str) -> None:
    assert message in call(project, "test", *arguments, "--watch", code=2).stderr
