from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pytest_orchestrator.cli.main import entry
from tests.cli.command_line import run


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run(Path.cwd(), *arguments)


def test_help_names_every_group_and_its_exit_codes() -> None:
    result = call("--help")
    assert result.returncode == 0
    for word in ("spec", "patterns", "fixtures", "mcp", "Exit codes"):
        assert word in result.stdout


@pytest.mark.parametrize("arguments", [("nonsense",), ("spec", "nonsense"), ("--nonsense",)])
def test_wrong_words_are_exit_code_2_without_a_traceback(arguments: tuple[str, ...]) -> None:
    result = call(*arguments)
    assert result.returncode == 2
    assert "Error" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("arguments", "meant"), [(("spce",), "spec"), (("spec", "chek"), "check")])
def test_a_misspelt_command_gets_a_suggestion(arguments: tuple[str, ...], meant: str) -> None:
    refused = call(*arguments)
    assert refused.returncode == 2
    assert f"there is no command {arguments[-1]!r}: did you mean {meant!r}?" in refused.stderr


@pytest.mark.parametrize("group", ["spec", "patterns", "fixtures", "mcp"])
def test_every_command_has_help_with_an_example(group: str) -> None:
    listed = call(group, "--help").stdout.split("Commands:")[1]
    verbs = [line.split()[0] for line in listed.splitlines() if line.startswith("  ") and line[2] != " "]
    assert verbs
    for verb in verbs:
        assert "Example" in call(group, verb, "--help").stdout, f"{group} {verb}"


def help_texts(command: click.Command, context: click.Context) -> Iterator[str]:
    """The help texts of a command, of its options and of its subcommands."""
    yield command.help or ""
    yield from (option.help or "" for option in command.params if isinstance(option, click.Option))
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            if (found := command.get_command(context, name)) is not None:
                yield from help_texts(found, context)


def test_no_help_text_has_a_word_twice_in_a_row() -> None:
    texts = list(help_texts(entry, click.Context(entry)))
    assert len(texts) > 50
    assert [found[0] for text in texts for found in re.finditer(r"\b(\w+)\s+\1\b", text)] == []


def test_a_deleted_current_folder_is_an_error_without_a_traceback(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    code = "import os, runpy; os.rmdir(os.getcwd()); runpy.run_module('pytest_orchestrator', run_name='__main__')"
    command = [sys.executable, "-c", code, "patterns", "list"]
    result = subprocess.run(command, cwd=gone, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stderr.startswith("error: the current folder does not exist any more\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_is_an_error_without_a_traceback() -> None:
    command = [sys.executable, "-m", "pytest_orchestrator", "patterns", "list"]
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert result.returncode == 2
    assert result.stderr == "error: can't be written: No space left on device\n"
