"""Codemods write no newer Python than the nearest packaging file of each file allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.cli.patterns.command import call

UNION = "import typing\nx: typing.Optional[int] = 1\n"
PROJECT = "[project]\nname = 'p'\n"
POETRY = "[tool.poetry.dependencies]\npython = "
SETUP = "from setuptools import setup\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTEST_ORCHESTRATOR_CACHE", str(tmp_path / "cache"))
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def skipped(folder: Path, *patterns: str, code: int = 0) -> str:
    options = [word for pattern in patterns for word in ("--select", pattern)]
    result = call(folder, "apply", "--diff", *options, code=code)
    return "".join(line for line in result.stderr.splitlines(keepends=True) if line.startswith("skipped"))


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        (
            "pyproject.toml",
            f'{PROJECT}requires-python = ">=2.7, !=3.0.*"\n',
            "requires-python in pyproject.toml allows 2.7",
        ),
        (
            "pyproject.toml",
            f'{PROJECT}requires-python = ">=3.8.2,<4"\n',
            "requires-python in pyproject.toml allows 3.8",
        ),
        ("pyproject.toml", f'{PROJECT}requires-python = "~=3.8"\n', "requires-python in pyproject.toml allows 3.8"),
        (
            "pyproject.toml",
            f'{PROJECT}requires-python = ">3.8,<3.10"\n',
            "requires-python in pyproject.toml allows 3.8",
        ),
        ("pyproject.toml", f'{POETRY}"^3.8"\n', "python of poetry in pyproject.toml allows 3.8"),
        ("pyproject.toml", f'{POETRY}"~3.9"\n', "python of poetry in pyproject.toml allows 3.9"),
        ("pyproject.toml", f'{POETRY}"~2.7 || ^3.6.1"\n', "python of poetry in pyproject.toml allows 2.7"),
        ("pyproject.toml", f'{POETRY}">= 3.7 <4.0"\n', "python of poetry in pyproject.toml allows 3.7"),
        ("pyproject.toml", f'{POETRY}"3.9.*"\n', "python of poetry in pyproject.toml allows 3.9"),
        ("pyproject.toml", f'{POETRY}"*"\n', "python of poetry in pyproject.toml allows 2.7"),
        ("setup.cfg", "[options]\npython_requires = >=3.7\n", "python_requires in setup.cfg allows 3.7"),
        ("setup.py", f"{SETUP}setup(name='p', python_requires='>=3.6')", "python_requires in setup.py allows 3.6"),
        (
            "setup.py",
            "import setuptools\nWANTED = '>=3.5'\nsetuptools.setup(python_requires=WANTED)\nraise SystemExit",
            "python_requires in setup.py allows 3.5",
        ),
    ],
)
def test_each_packaging_file_says_which_python_is_meant(folder: Path, name: str, text: str, reason: str) -> None:
    write(folder, {name: text, "a.py": UNION})
    assert skipped(folder, "union-syntax", code=2) == f"skipped union-syntax: it writes Python 3.10, and {reason}\n"


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": f'{PROJECT}requires-python = ">=3.10"\n'},
        {"pyproject.toml": f'{POETRY}"^3.11"\n', "setup.py": f"{SETUP}setup(python_requires='>=3.6')"},
        {"pyproject.toml": "[tool.black]\n", "setup.cfg": "[options]\npython_requires = >=3.12\n"},
        {"setup.py": f"{SETUP}setup(name='p')", "setup.cfg": "[metadata]\nname = p\n"},
        {"setup.py": "print 'Python 2'\n"},
        {"setup.py": f"{SETUP}from p import wanted\nsetup(python_requires=wanted())"},
    ],
)
def test_codemods_run_where_the_python_is_new_enough_or_unknown(folder: Path, files: Mapping[str, str]) -> None:
    write(folder, {**files, "a.py": UNION})
    assert skipped(folder, "union-syntax") == ""


def test_the_nearest_file_counts_for_each_file(folder: Path) -> None:
    write(
        folder,
        {
            "pyproject.toml": f'{PROJECT}requires-python = ">=3.10"\n',
            "a.py": UNION,
            "old/setup.cfg": "[options]\npython_requires = >=3.8\n",
            "old/src/pyproject.toml": "[tool.ruff]\n",
            "old/src/b.py": UNION,
            "new/pyproject.toml": f'{POETRY}"^3.12"\n',
            "new/c.py": UNION,
        },
    )
    result = call(folder, "apply", "--check", "--select", "union-syntax", "--select", "no-object-base", code=1)
    assert result.stdout.splitlines() == [
        "a.py: would be changed by union-syntax",
        "new/c.py: would be changed by union-syntax",
    ]
    reason = "it writes Python 3.10, and python_requires in old/setup.cfg allows 3.8"
    assert f"skipped union-syntax in 1 of 3 files: {reason}\n" in result.stderr
    assert "3 files in" in result.stderr
    below = call(folder / "old" / "src", "apply", "--diff", "--select", "union-syntax", code=2)
    assert "python_requires in ../setup.cfg allows 3.8" in below.stderr


def test_without_a_declared_python_only_supported_ones_are_meant(
    folder: Path, write_pattern: Callable[..., Path]
) -> None:
    write(folder, {"a.py": UNION})
    write_pattern(folder / "patterns", "newer", minimum_python='"3.14"', code="Entry = None")
    assert skipped(folder, "newer", code=2) == (
        "skipped newer: it writes Python 3.14, and nothing says which Python the files are for: 3.11 is assumed\n"
    )


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "pyproject.toml",
            f'{PROJECT}requires-python = "three"',
            "pyproject.toml:3: requires-python: 'three' is not a version",
        ),
        (
            "pyproject.toml",
            f"{PROJECT}requires-python = [3]",
            "pyproject.toml:3: requires-python: [3] is not a version specifier",
        ),
        ("pyproject.toml", f"{PROJECT}requires-python = ", "pyproject.toml:3: is not valid TOML"),
        ("sub/pyproject.toml", "[project", "sub/pyproject.toml:1: is not valid TOML"),
        (
            "setup.cfg",
            "[options]\npython_requires = new",
            "setup.cfg:2: python_requires: 'new' is not a version specifier",
        ),
        ("setup.cfg", "python_requires = 3", "setup.cfg:1: is not a valid configuration file"),
        (
            "setup.py",
            f"{SETUP}setup(\n  python_requires='3+')",
            "setup.py:3: python_requires: '3+' is not a version specifier",
        ),
    ],
)
def test_a_wrong_declaration_is_an_error_with_its_line(folder: Path, name: str, text: str, message: str) -> None:
    write(folder, {name: text, "sub/a.py": UNION})
    result = call(folder, "apply", "--diff", "--select", "union-syntax", code=2)
    assert message in result.stderr


def test_linters_run_whatever_the_python(folder: Path) -> None:
    write(folder, {"setup.cfg": "no section", "a.py": "def f(x=[]): ...\n"})
    call(folder, "lint", "--select", "mutable-default-argument", code=1)


def test_the_project_says_whether_annotations_may_change_that_are_read_at_run_time(folder: Path) -> None:
    setting = "[tool.pytest_orchestrator.patterns]\nruntime_annotations = "
    write(folder, {"pyproject.toml": "", "a.py": f"import pydantic\n{UNION}"})
    options = ("apply", "--diff", "--select", "union-syntax")
    assert call(folder, *options).stdout == ""
    write(folder, {"pyproject.toml": f'{setting}"safe"\n'})
    assert "+x: int | None = 1" in call(folder, *options).stdout
    assert call(folder, *options, "--set", "union-syntax.runtime_annotations=unknown").stdout == ""
    write(folder, {"pyproject.toml": f'{setting}"maybe"\n'})
    assert "pyproject.toml:2: patterns.runtime_annotations" in call(folder, *options, code=2).stderr
