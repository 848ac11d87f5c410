"""The pattern engine and its peers on the same real code, one process each, cold, in turn.

The code is what is in the fixture store of Werkzeug, docutils and Django; `pytest-orchestrator fixtures fetch` puts it
there. A pin that is not in the store is left out, and without any this benchmark says so and yields nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from ratio import Ratio, compare

from pytest_orchestrator.fixture_store.lock import load_pins
from pytest_orchestrator.fixture_store.store import default_store

ROOT = Path(__file__).resolve().parents[2]
PINS = ("Werkzeug", "docutils", "Django")
COMMAND = "convert_percent_format_to_fstring.ConvertPercentFormatStringCommand"
PARSE = """
import gc, sys
from pathlib import Path
import libcst
gc.disable()
for path in sorted(Path(sys.argv[1]).rglob("*.py")):
    try:
        libcst.parse_module(path.read_bytes())
    except Exception:
        pass
"""


def ratios() -> Iterator[Ratio]:
    """The promises of `docs/performance.md`. Rounds are few: the peers take minutes."""
    pins, store = load_pins(ROOT), default_store()
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        for name in PINS:
            if name in pins and store.has(pins[name]):
                store.checkout(pins[name], tree / name)
        if not tree.is_dir():
            sys.stderr.write("bench engine: none of its packages is in the fixture store: fetch them first\n")
            return
        yield from _ratios(tree, Path(folder))


def _ratios(tree: Path, folder: Path) -> Iterator[Ratio]:
    stock = ("apply", "--unsafe", "--check", "--select", f"libcst.codemod.commands.{COMMAND}")
    peer = _libcst_command(tree, folder / "copy")
    yield compare(
        "LibCST's percent-format command, against libcst.tool",
        subject=_engine(tree, *stock, "--no-cache", "--jobs", "1"),
        baseline=peer,
        limit=1 / 20,
        rounds=1,
    )
    yield compare(
        "percent-format-to-fstring, against libcst.tool's command",
        subject=_engine(tree, "apply", "--check", "--select", "percent-format-to-fstring", "--no-cache", "--jobs", "1"),
        baseline=peer,
        limit=1 / 20,
        rounds=1,
    )
    yield compare(
        "a second run with nothing changed, against libcst.tool",
        subject=_engine(tree, *stock, "--jobs", "1", cache=folder / "cache"),
        baseline=peer,
        limit=1 / 200,
        rounds=1,
    )
    yield compare(
        "the whole library, against parsing once with LibCST",
        subject=_several(
            _engine(tree, "apply", "--check", "--no-cache", "--jobs", "1"),
            _engine(tree, "lint", "--no-cache", "--jobs", "1"),
        ),
        baseline=_run([sys.executable, "-c", PARSE, str(tree)], tree),
        limit=4,
        rounds=1,
    )
    yield compare(
        "Fixit's default rules, against fixit lint",
        # Fixit takes a process a core, and can't be told otherwise.
        subject=_engine(tree, "lint", "--select", "fixit.rules", "--no-cache", "--jobs", str(os.cpu_count() or 1)),
        baseline=_run([sys.executable, "-m", "fixit", "--quiet", "lint", "."], tree),
        limit=1 / 5,
        rounds=1,
    )
    yield compare(
        "two processes, against one",
        subject=_engine(tree, "apply", "--check", "--no-cache", "--jobs", "2"),
        baseline=_engine(tree, "apply", "--check", "--no-cache", "--jobs", "1"),
        limit=1 / 1.8,
        rounds=1,
    )


def _engine(tree: Path, *arguments: str, cache: Path | None = None) -> Callable[[], object]:
    environment = {"PYTEST_ORCHESTRATOR_CACHE": str(cache)} if cache is not None else {}
    return _run([sys.executable, "-m", "pytest_orchestrator", "patterns", *arguments], tree, environment)


def _libcst_command(tree: Path, copy: Path) -> Callable[[], object]:
    """LibCST's own command line writes, so that each round starts with a new copy; copying is a thousandth of it."""
    # The command and the paths come first: behind its options LibCST's parser takes `-j 1` for the command.
    run = _run([sys.executable, "-m", "libcst.tool", "codemod", COMMAND, ".", "--no-format", "-j", "1"], copy)

    def fresh() -> object:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(tree, copy)
        return run()

    return fresh


def _several(*runs: Callable[[], object]) -> Callable[[], object]:
    return lambda: [run() for run in runs]


def _run(command: list[str], cwd: Path, environment: dict[str, str] | None = None) -> Callable[[], object]:
    env = {**os.environ, **(environment or {})}
    quiet = subprocess.DEVNULL
    return lambda: subprocess.run(command, cwd=cwd, env=env, stdout=quiet, stderr=quiet, check=False)
