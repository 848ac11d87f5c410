"""A project that evaluates: its scenario, its pin in a store of its own, its patterns and agents."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.codec.yaml import dump_yaml
from pytest_orchestrator.fixture_store.pin import SdistPin
from pytest_orchestrator.fixture_store.store import Store
from tests.conftest import write_pattern_folder
from tests.fixture_store.archives import put

AGENTS = Path(__file__).resolve().parents[1] / "data" / "agents"

FILES: Mapping[str, bytes] = {
    "README": b"words\n",
    "demo/__init__.py": b"class Old(object):\n    pass\n",
    "demo/extra.py": b"def f(found=[]):\n    return found\n",
    "demo/template.py": b"{% if x %}\n",
}

SHOUT = """
import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand


class Entry(VisitorBasedCodemodCommand):
    DESCRIPTION = "Renames every class to upper case."

    def leave_ClassDef(self, original_node, updated_node):
        return updated_node.with_changes(name=cst.Name(updated_node.name.value.upper()))
"""

WHISPER = """
from pytest_orchestrator.api.patterns import Linter


class Entry(Linter):
    def visit_ClassDef(self, node):
        self.report(node.name, "a class")
"""


class Project:
    """The folder `root`, and the store beside it."""

    def __init__(self, root: Path, store: Store) -> None:
        self.root = root
        self.store = store
        self._pins: list[SdistPin] = []
        self._agents: dict[str, str] = {}

    def pin(self, name: str = "demo", files: Mapping[str, bytes] = FILES) -> SdistPin:
        """Lock a pin that the store holds."""
        pin = put(self.store, files, name=name)
        self.lock(pin)
        return pin

    def lock(self, pin: SdistPin) -> None:
        """Lock a pin, whether or not the store holds it."""
        self._pins.append(pin)
        lock = {"schema": "pytest-orchestrator/fixtures-lock/1", "pins": [encode(item) for item in self._pins]}
        self.write("fixtures/fixtures.lock.yaml", dump_yaml(lock))

    def patterns(self) -> None:
        """Two patterns of the project's own: the codemod `shout` and the linter `whisper`."""
        for name, kind, code in (("shout", "codemod", SHOUT), ("whisper", "linter", WHISPER)):
            write_pattern_folder(self.root / "patterns", name, code=code, kind=kind, safety="unsafe")

    def agent(self, name: str, script: str, *arguments: str, timeout_s: int = 60) -> None:
        """Configure one of the test agents."""
        command = [sys.executable, str(AGENTS / script), *arguments]
        table = f"[tool.pytest_orchestrator.agents.{name}]"
        self._agents[name] = f"{table}\ncommand = {json.dumps(command)}\ntimeout_s = {timeout_s}\n"
        self.write("pyproject.toml", "".join(self._agents.values()))

    def scenario(self, name: str = "first", **keys: Any) -> Path:
        """A scenario with `keys` over useful ones."""
        data = {
            "schema": "pytest-orchestrator/scenario/1",
            "id": name,
            "title": "A test",
            "patterns": ["shout"],
            "fixtures": ["demo"],
            **keys,
        }
        return self.write(f"evaluation/{name}.scenario.yaml", dump_yaml(data))

    def write(self, name: str, text: str) -> Path:
        """A file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    def read(self, name: str) -> str:
        """What a file of the project holds."""
        return (self.root / name).read_text(encoding="utf-8")

    def runs(self, task_id: str = "evaluate") -> list[Path]:
        """The folders of the runs so far, in order."""
        return sorted((self.root / ".runs" / task_id).iterdir())

    def manifest(self) -> Any:
        """The manifest of the last run."""
        return json.loads((self.runs()[-1] / "manifest.json").read_text(encoding="utf-8"))

    def results(self) -> list[Any]:
        """The lines of the last run's `results.jsonl`."""
        text = (self.runs()[-1] / "results.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]
