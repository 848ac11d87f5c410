"""The public face: what extensions import is in `api`, and what is in `api` is in the changelog."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_orchestrator.commands.patterns.new import create

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (ROOT / "pytest_orchestrator/api").glob("*.py") if path.stem != "__init__")
_ENTRY = re.compile(r"^- `api\.(\w+)` (gains|loses) ((?:[^.\n]|\n  )+)\.$", re.MULTILINE)


def _imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom(level=0, module=str(module)):
                yield module


def _internal(source: str) -> list[str]:
    return [name for name in _imported(source) if re.match(r"pytest_orchestrator(?!\.api(?:\.|\Z))", name)]


def _code_blocks(page: Path) -> Iterator[str]:
    yield from re.findall(r"^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "patterns").glob("*/*.py")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_shipped_patterns_import_only_the_public_face(path: Path) -> None:
    assert _internal(path.read_text()) == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_the_guides_show_only_the_public_face(page: Path) -> None:
    assert [name for block in _code_blocks(page) for name in _internal(block)] == []


def test_the_extensions_that_tests_write_import_only_the_public_face() -> None:
    samples = {
        f"{path.relative_to(ROOT)}:{node.lineno}": node.value
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_extension(node.value)
    }

    assert len(samples) > 10
    assert {place: found for place, text in samples.items() if (found := _internal(text))} == {}


def _is_extension(text: str) -> bool:
    """Whether a string is the source of a pattern's entry, or of a plugin that implements a hook of ours."""
    if not re.search(r"^class Entry\(|^def pytest_orchestrator_", text, re.MULTILINE):
        return False
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize("kind", ["codemod", "linter"])
def test_a_new_pattern_imports_only_the_public_face(tmp_path: Path, kind: str) -> None:
    create(tmp_path, "my-pattern", kind)  # type: ignore[arg-type]  # the two kinds that have code

    assert _internal((tmp_path / "patterns/my-pattern/pattern.py").read_text()) == []


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_and_no_other_is_in_the_changelog(module: str) -> None:
    known: set[str] = set()
    newest_first = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    for release in reversed(newest_first):
        for name, verb, words in _ENTRY.findall(release):
            if name == module:
                names = set(re.findall(r"`(\w+)`", words))
                known = known | names if verb == "gains" else known - names

    public = importlib.import_module(f"pytest_orchestrator.api.{module}").__all__

    assert known == set(public), "say in CHANGELOG.md: - `api.MODULE` gains (or loses) `NAME`."


@pytest.mark.parametrize(
    ("old", "name"),
    [("pattern_engine.linter", "Linter"), ("pattern_engine.scopes", "read_scopes"), ("spec_guard.rule", "Rule")],
)
def test_names_that_the_guides_used_to_show_still_work_and_warn(old: str, name: str) -> None:
    code = f"from pytest_orchestrator.{old} import {name}"

    ran = subprocess.run([sys.executable, "-W", "always", "-c", code], capture_output=True, text=True, check=True)

    assert f"import {name} from pytest_orchestrator.api." in ran.stderr


@pytest.mark.parametrize("module", ["rules", "agents", "reporters", "hooks"])
def test_no_author_of_rules_agents_or_reports_pays_for_libcst(module: str) -> None:
    code = f"import sys, pytest_orchestrator.api.{module}; sys.exit('libcst' in sys.modules or 'mcp' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
