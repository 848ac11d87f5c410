"""The public face: what extensions import is in `api`, and what is in `api` is in the changelog."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_orchestrator.commands.patterns.new import create

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (ROOT / "pytest_orchestrator/api").glob("*.py") if path.stem != "__init__")
_IMPORT = re.compile(r"\b(?:from|import) (pytest_orchestrator[\w.]*)")
_EXTENDS = re.compile(
    r"^\s*class \w+\(.*(?:Linter|Codemod|CodemodCommand|Rule|Reporter)\)|\b(?:Agent|Reporter|Rule)\("
    r"|^\s*def pytest_orchestrator_",
    re.MULTILINE,
)
_ENTRY = re.compile(r"^- `api\.(\w+)` (gains|loses) ((?:[^.\n]|\n  )+)\.$", re.MULTILINE)


def _is_public(module: str) -> bool:
    return re.match(r"pytest_orchestrator\.api(?:\.|\Z)", module) is not None


def _internal(source: str) -> list[str]:
    """The modules of ours that a source imports, without the public ones."""
    return [module for module in _IMPORT.findall(source) if not _is_public(module)]


def _internal_in_blocks(page: str) -> list[str]:
    """The same of the fenced blocks of a page, whatever the language of the block."""
    blocks = re.findall(r"^[ >*-]*(`{3,})[^`\n]*\n(.*?)^[ >]*\1", page, re.MULTILINE | re.DOTALL)
    return [module for _, block in blocks for module in _internal(block)]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "patterns").glob("*/*.py")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_shipped_patterns_import_only_the_public_face(path: Path) -> None:
    assert _internal(path.read_text()) == []


FOLDERS = ("*", ".github/**/*", "docs/**/*", "examples/**/*", "patterns/**/*", "tasks/**/*")
PAGES = sorted(page for folder in FOLDERS for page in ROOT.glob(f"{folder}.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_show_only_the_public_face(page: Path) -> None:
    assert _internal_in_blocks(page.read_text()) == []


def test_imports_are_found_in_fenced_blocks_of_every_language() -> None:
    page = """
```python
from pytest_orchestrator.errors import RunError
```
- ```console
  $ python -c 'import pytest_orchestrator.git.objects'
  ```
````markdown
```python
from pytest_orchestrator.api.rules import Rule
```
````
"""

    assert _internal_in_blocks(page) == ["pytest_orchestrator.errors", "pytest_orchestrator.git.objects"]


def test_the_extensions_that_tests_write_import_only_the_public_face() -> None:
    samples = {
        f"{path.relative_to(ROOT)}:{node.lineno}": text
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if path != Path(__file__) and path.parent.name != "attacks"  # those keep to no rule
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.expr) and _is_extension(text := _text(node))
    }

    assert len(samples) > 5
    assert {name: found for name, text in samples.items() if (found := _internal(text))} == {}


@pytest.mark.parametrize(
    "code",
    [
        "from pytest_orchestrator.a import Linter\nclass AnyName(Linter): pass",
        "import pytest_orchestrator.a as a\nif True:\n    class AnyName(a.TypeCodemod): pass",
        "from pytest_orchestrator.a import b\nclass AnyName(VisitorBasedCodemodCommand): pass",
        "from pytest_orchestrator.a import Rule\nrule = Rule(id='A1')",
        "    import pytest_orchestrator.a\n    class Plugin:\n        def pytest_orchestrator_agents(self): pass",
        "from pytest_orchestrator.a import Linter\nclass Beginning(Linter):\n    ",
    ],
)
def test_every_kind_of_extension_is_recognised(code: str) -> None:
    assert _is_extension(code)


def test_a_test_s_own_script_is_no_extension() -> None:
    assert not _is_extension("from pytest_orchestrator.runs.folder import RunFolder\nRunFolder.create()")


def _text(node: ast.expr) -> str:
    """The text of a string, or of an f-string with a name in place of each value; empty for other expressions."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "value" for part in parts)
    return ""


def _is_extension(text: str) -> bool:
    """Whether a string is code that imports ours and has a class, value or hook of an extension."""
    return _IMPORT.search(text) is not None and _EXTENDS.search(text) is not None


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
