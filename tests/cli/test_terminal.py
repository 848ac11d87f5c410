"""What a hostile repository may bring to a terminal: no command prints its control characters as they are."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.terminal import run_on_terminal

Write = Callable[..., Path]

_RED = "\x1b[31m"
_SPEC = f"""\
---
id: odd
title: "T\\e[2J"
status: draft
owners: ["a\\e[31m"]
last_review: 2020-01-01
relates_to: ["\\e[31m"]
---
Words. {_RED}
"""
_CODE = f'''\
from libcst.codemod import VisitorBasedCodemodCommand

class Entry(VisitorBasedCodemodCommand):
    def leave_Name(self, original_node, updated_node):
        if updated_node.value == "{_RED}":
            return updated_node
        raise ValueError("{_RED}")
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path
    (root / "pyproject.toml").touch()
    (root / "docs/specs").mkdir(parents=True)
    (root / "docs/specs/odd.md").write_text(_SPEC)
    (root / f"{_RED}.py").write_text("class A(object): pass\n")
    (root / os.fsdecode(b"caf\xe9.py")).write_text("class A(object: pass\n")
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", f"first {_RED}"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    (root / "docs/specs/odd.md").write_text(f"{_SPEC}More. {_RED}\n")
    return root


@pytest.fixture
def with_pattern(project: Path, write_pattern: Write) -> Path:
    files = {"README.md": f"# Why {_RED}\n", "cases/a/before.py": "x = 1\n", "cases/b/before.py": "y = 1\n"}
    write_pattern(project / "patterns", "odd", code=_CODE, title='"T\\e[31m"', files=files)
    return project


@pytest.mark.parametrize(
    "arguments",
    [
        ("spec", "check"),
        ("spec", "review", "docs/specs/odd.md", f"--by=a{_RED}", "--diff", "--yes"),
        ("spec", "review", "--level", "1"),
        ("spec", "replay", "--since", "HEAD"),
        ("patterns", "list"),
        ("patterns", "show", "odd"),
        ("patterns", "test", "odd"),
        ("patterns", "apply", "--check"),
    ],
    ids=" ".join,
)
def test_control_characters_are_shown_as_escapes(with_pattern: Path, arguments: tuple[str, ...]) -> None:
    output, _, _ = run_on_terminal(with_pattern, *arguments, stream="stdout", env={"NO_COLOR": "1"})
    assert output
    assert b"\x1b" not in output
    assert b"Traceback" not in output


def test_json_is_utf8_whatever_files_are_called(project: Path) -> None:
    options = ("--check", "--format=json", "--select=no-object-base")
    output, _, _ = run_on_terminal(project, "patterns", "apply", *options, stream="stdout")
    assert '"caf\\udce9.py"' in output.decode()
