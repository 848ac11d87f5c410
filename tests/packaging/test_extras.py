"""An installation without extras: the spec guard and the patterns work, and the rest names the extra that it needs.

The packages of the extras are blocked in the quick runs. `PYTEST_ORCHESTRATOR_TEST_PINS=all` also builds the wheel and
installs it in a fresh environment, which needs a package index.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.pins import ALL_PINS, ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]


def _brought_by(*extras: str) -> list[str]:
    """The packages that some extras bring, by the names that they are imported by."""
    requirements = map(Requirement, metadata.requires("pytest-orchestrator") or ())
    return [
        {"gitpython": "git"}.get(requirement.name, requirement.name.replace("-", "_"))
        for requirement in requirements
        if requirement.marker and any(requirement.marker.evaluate({"extra": extra}) for extra in extras)
    ]


# Importing a name that is None fails.
_BLOCK = (
    f"import sys; sys.modules.update(dict.fromkeys({_brought_by('dask', 'evaluate', 'languages', 'lsp', 'mcp')}))\n"
)
_RUN = "import runpy, sys; del sys.argv[0]; runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
_SPEC = """\
---
id: cache
title: Cache
status: implemented
owners: [ada]
last_review: 2026-11-03
covers:
  - cache.py
---

# Cache

A value MUST be forgotten after its time to live.
"""


@pytest.fixture(
    scope="module",
    params=[
        "blocked",
        pytest.param("wheel", marks=pytest.mark.skipif(not ALL_PINS, reason="builds and installs the wheel")),
    ],
)
def command(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """What runs a module, given by its name, with the packages of a plain installation."""
    if request.param == "blocked":
        return (sys.executable, "-c", _BLOCK + _RUN)
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    constraints = str(ROOT / "constraints.txt")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--constraint", constraints, str(wheel)], check=True)
    return (python, "-P", "-c", _RUN)


@pytest.fixture
def run(command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a module in a project with a spec, its code, and a fixture store that is empty."""
    monkeypatch.setenv("PYTEST_ORCHESTRATOR_STORE", str(tmp_path / "store"))
    project = tmp_path / "project"
    (project / "specs").mkdir(parents=True)
    (project / "specs" / "cache.md").write_text(_SPEC)
    (project / "cache.py").write_text("class Cache(object):\n    pass\n")
    for git in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "Begin"]):
        subprocess.run(["git", *git], cwd=project, check=True)

    def run_module(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *arguments], cwd=project, capture_output=True, text=True, check=False)

    return run_module


def test_the_guard_judges_specs(run: Run) -> None:
    fresh = run("pytest_orchestrator", "spec", "check", "--today", "2026-11-04")
    assert fresh.returncode == 0, fresh.stdout + fresh.stderr
    stale = run("pytest", "--spec-guard-only", "--spec-guard-today", "2027-11-04")
    assert stale.returncode == 1, stale.stdout + stale.stderr
    assert "SG005" in stale.stdout


def test_patterns_change_files(run: Run) -> None:
    changed = run("pytest_orchestrator", "patterns", "apply", "--select", "no-object-base", "--diff", "cache.py")
    assert "+class Cache:" in changed.stdout, changed.stderr


def test_an_evaluation_is_collected(run: Run) -> None:
    collected = run("pytest", "--evaluate-only", "--collect-only", "-q")
    assert collected.returncode == 0, collected.stdout + collected.stderr
    assert "evaluation/modernize.scenario.yaml::" in collected.stdout


def test_parser_of_a_language_is_named_with_its_extra(run: Run, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "cache.ts").write_text("export class Cache {}\n")
    (project / "specs" / "cache.md").write_text(_SPEC.replace("cache.py", "cache.ts::Cache"))
    for words, exit_code in (("pytest_orchestrator spec check", 2), ("pytest --spec-guard-only", 1)):
        ended = run(*words.split())
        printed = ended.stdout + ended.stderr
        assert ended.returncode == exit_code, printed
        assert "covers names a definition in cache.ts, but 'tree_sitter' is not installed" in printed
        assert "pip install 'pytest-orchestrator[languages]'" in printed


@pytest.mark.parametrize(
    ("words", "exit_code", "package", "extra"),
    [
        ("pytest --evaluate-only", 4, "mcp", "evaluate"),
        ("pytest --evaluate-only --evaluate-cluster tcp://127.0.0.1:1", 4, "distributed", "dask"),
        ("pytest_orchestrator fixtures fetch itsdangerous", 2, "unearth", "evaluate"),
        ("pytest_orchestrator mcp serve", 2, "mcp", "mcp"),
        ("pytest_orchestrator lsp", 2, "pygls", "lsp"),
    ],
)
def test_what_an_extra_brings_is_named(run: Run, words: str, exit_code: int, package: str, extra: str) -> None:
    assert package in _brought_by(extra)
    ended = run(*words.split())
    printed = ended.stdout + ended.stderr
    assert ended.returncode == exit_code, printed
    assert f"'{package}' is not installed\n  fix: pip install 'pytest-orchestrator[{extra}]'" in printed
    assert "Traceback" not in printed
