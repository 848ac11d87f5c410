"""How many modules a file passes on its way through the engine, in the caller and the worker together.

A module counts if one of its functions is called more often for a tree with one file than for an empty tree: what
happens once a run, such as loading the library or starting the worker, is left out, and so are imports.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

THREE_LINES = "class A(B):\n    def f(self):\n        super(A, self).f()\n"
# Three say which settings and which Python the file has, as the nearest files tell; one starts the worker, which an
# empty tree does not need.
MAX_MODULES = 29


def calls(folder: Path, files: dict[str, str]) -> Counter[str]:
    """The calls of each function of the package, `module.py function`, while a codemod is applied to the files."""
    tree, counts = folder / "tree", folder / "counts"
    for path in (tree, counts):
        path.mkdir(parents=True)
    for name, text in files.items():
        (tree / name).write_text(text)
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parent / "call_counter"),
        "PYTHON_CALL_COUNTS": str(counts),
        "PYTEST_ORCHESTRATOR_CACHE": str(folder / "cache"),
    }
    options = ["--allow-dirty", "--select", "super-no-args"]
    command = [sys.executable, "-m", "pytest_orchestrator", "patterns", "apply", *options]
    subprocess.run(command, cwd=tree, env=environment, check=True)
    found = [Counter(json.loads(path.read_text())) for path in counts.iterdir()]
    assert len(found) == 2  # the caller and the worker
    return found[0] + found[1]


def test_a_file_passes_few_modules(tmp_path: Path) -> None:
    one = calls(tmp_path / "one", {"a.py": THREE_LINES})
    none = calls(tmp_path / "none", {})
    assert (tmp_path / "one" / "tree" / "a.py").read_text() == THREE_LINES.replace("A, self", "")
    modules = sorted({function.partition(" ")[0] for function in one if one[function] > none[function]})
    assert "pattern_engine/worker/main.py" in modules
    assert len(modules) <= MAX_MODULES, "\n".join(modules)
