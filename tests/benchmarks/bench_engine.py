"""The pattern engine and its peers on the same real code, cold, with as many processes as the peer has.

The code is what is in the fixture store of Werkzeug, docutils and Django; `pytest-orchestrator fixtures fetch` puts it
there. A pin that is not in the store is left out, and without any this benchmark says so and yields nothing.
`BENCH_PINS=Werkzeug` takes that one alone. Times are the processor's (user and system), so that a busy machine spoils
little; only two processes against one are timed by the clock, three times in turn. LibCST's command takes minutes and
is run once. What the engine and its peers say and write is compared too: `0 files` is how many differ.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agreement import other_bytes, other_findings
from ratio import Ratio

from pytest_orchestrator.fixture_store.lock import load_pins
from pytest_orchestrator.fixture_store.store import Store, default_store

ROOT = Path(__file__).resolve().parents[2]
PINS = tuple(os.environ.get("BENCH_PINS", "Werkzeug docutils Django").split())
LARGE, SMALL = PINS[-1], "requests"
COMMAND = "convert_percent_format_to_fstring.ConvertPercentFormatStringCommand"
STOCK = ("apply", "--unsafe", "--check", "--select", f"libcst.codemod.commands.{COMMAND}")
OURS = ("apply", "--check", "--select", "percent-format-to-fstring")
ONE = ("--jobs", "1")
COLD = ("--no-cache", "--format", "json")
MAX_WORKER_MB = 300
FINDINGS = range(4)
"""The exit codes of tools that found something, or couldn't read a file. Fixit's are the sum of two of these."""
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


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a command took, with the processes that it started: `max_mb` is the memory of the largest one."""

    cpu_s: float
    wall_s: float
    max_mb: float
    output: bytes = b""

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            cpu_s=self.cpu_s + other.cpu_s, wall_s=self.wall_s + other.wall_s, max_mb=max(self.max_mb, other.max_mb)
        )


def ratios() -> Iterator[Ratio]:
    """The promises of `docs/performance.md`."""
    store = default_store()
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        for name in PINS:
            _check_out(store, name, tree / name)
        if not tree.is_dir():
            sys.stderr.write("bench engine: none of its packages is in the fixture store: fetch them first\n")
            return
        yield from _against_libcst(tree, Path(folder))
        yield from _library(tree)
        yield from _shares(tree)
        yield from _few_files(Path(folder, "few"))
        if _check_out(store, SMALL, Path(folder, SMALL)):
            yield _linearity(tree / LARGE, Path(folder, SMALL))


def _against_libcst(tree: Path, folder: Path) -> Iterator[Ratio]:
    copy, cache = folder / "copy", folder / "cache"
    shutil.copytree(tree, copy)  # LibCST's own command line writes
    # The command and the paths come first: behind its options LibCST's parser takes `-j 1` for the command.
    peer = _cost([sys.executable, "-m", "libcst.tool", "codemod", COMMAND, ".", "--no-format", "-j", "1"], copy)
    cold = _engine(tree, *STOCK, *ONE, *COLD)
    yield _cpu("LibCST's percent-format command, against libcst.tool", cold, peer, 1 / 20)
    yield _differing("what it writes, against libcst.tool", other_bytes(json.loads(cold.output), tree, copy), tree)
    ours = _engine(tree, *OURS, *ONE, *COLD)
    yield _cpu("percent-format-to-fstring, against libcst.tool's command", ours, peer, 1 / 20)
    _engine(tree, *STOCK, *ONE, cache=cache)
    again = _engine(tree, *STOCK, *ONE, cache=cache)
    yield _cpu("a second run with nothing changed, against libcst.tool", again, peer, 1 / 200)
    largest = max(tree.rglob("*.py"), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes() + b"# changed\n")
    changed = _engine(tree, *STOCK, *ONE, cache=cache)
    alone = again + _engine(tree, *STOCK, *ONE, *COLD, largest.relative_to(tree).as_posix())
    yield _cpu("a run with one file changed, against one with nothing changed and that file alone", changed, alone, 1)


def _library(tree: Path) -> Iterator[Ratio]:
    cost = _engine(tree, "apply", "--check", *ONE, *COLD) + _engine(tree, "lint", *ONE, *COLD)
    parsing = _cost([sys.executable, "-c", PARSE, str(tree)], tree)
    yield _cpu("the whole library, against parsing once with LibCST", cost, parsing, 4)
    yield Ratio(
        name="memory of the largest process",
        subject_s=cost.max_mb / 1000,
        baseline_s=MAX_WORKER_MB / 1000,
        limit=1,
        unit="MB",
    )
    # Fixit takes a process a core, and can't be told otherwise.
    every_core = ("--jobs", str(os.cpu_count() or 1))
    fixit = _cost([sys.executable, "-m", "fixit", "--quiet", "lint", "."], tree)
    rules = _engine(tree, "lint", "--select", "fixit.rules", *every_core, *COLD)
    yield _cpu("Fixit's default rules, against fixit lint", rules, fixit, 1 / 5)
    differing = other_findings(json.loads(rules.output), fixit.output.decode())
    yield _differing("what they find, against fixit lint", differing, tree)


def _shares(tree: Path) -> Iterator[Ratio]:
    pairs = [[_engine(tree, "apply", "--check", "--jobs", jobs, *COLD) for jobs in ("1", "2")] for _ in range(3)]
    # A clock is spoilt by whatever else the machine does.
    one, two = (sorted(costs, key=lambda cost: cost.wall_s)[1] for costs in zip(*pairs, strict=True))
    yield Ratio(name="two processes, against one", subject_s=two.wall_s, baseline_s=one.wall_s, limit=1 / 1.8)
    busy = one.cpu_s / one.wall_s
    if busy < 0.9:
        sys.stderr.write(f"bench engine: one process had a core {busy:.0%} of the time: the machine is too busy\n")


def _few_files(folder: Path) -> Iterator[Ratio]:
    """What a hook before each commit takes, by the clock: the median of several runs on three files."""
    folder.mkdir()
    for name in ("one.py", "two.py", "three.py"):
        (folder / name).write_text("def double(number):\n    return 2 * number\n")
    for what, goal_s in (("nothing", 0.25), ("something", 0.3)):
        if what == "something":
            (folder / "one.py").write_text(
                "class A(object):\n    try:\n        b = '%s!' % str(1)\n    except:\n        pass\n"
            )
        pairs = [[_engine(folder, *verb, *COLD) for verb in (("lint",), ("apply", "--check"))] for _ in range(5)]
        for verb, costs in zip(("lint", "apply"), zip(*pairs, strict=True), strict=True):
            wall_s = sorted(cost.wall_s for cost in costs)[len(costs) // 2]
            name = f"{verb} on three files with {what} to do, against the goal"
            yield Ratio(name=name, subject_s=wall_s, baseline_s=goal_s, limit=1)


def _linearity(large: Path, small: Path) -> Ratio:
    """Seconds a megabyte on a large package against a small one, without what starting takes."""
    with tempfile.TemporaryDirectory() as empty:
        Path(empty, "one.py").write_text("class A(object): pass\n")
        start = _engine(Path(empty), "apply", "--check", *ONE, *COLD).cpu_s
    rates = [
        (_engine(tree, "apply", "--check", *ONE, *COLD).cpu_s - start)
        / sum(path.stat().st_size / 1e6 for path in tree.rglob("*.py"))
        for tree in (large, small)
    ]
    return Ratio(
        name=f"a megabyte of {large.name}, against one of {small.name}",
        subject_s=rates[0],
        baseline_s=rates[1],
        limit=1.5,
    )


def _check_out(store: Store, name: str, folder: Path) -> bool:
    pin = load_pins(ROOT).get(name)
    if pin is None or not store.has(pin):
        return False
    store.checkout(pin, folder)
    return True


def _differing(name: str, files: list[str], tree: Path) -> Ratio:
    """How many files have another result, of all of them."""
    for path in files:
        sys.stderr.write(f"bench engine: {name}: differs in {path}\n")
    examined = sum(1 for _ in tree.rglob("*.py"))
    return Ratio(name=name, subject_s=len(files) / 1000, baseline_s=examined / 1000, limit=0, unit="files")


def _cpu(name: str, subject: Cost, baseline: Cost, limit: float) -> Ratio:
    return Ratio(name=name, subject_s=subject.cpu_s, baseline_s=baseline.cpu_s, limit=limit)


def _engine(tree: Path, *arguments: str, cache: Path | None = None) -> Cost:
    environment = {"PYTEST_ORCHESTRATOR_CACHE": str(cache)} if cache is not None else {}
    cost = _cost([sys.executable, "-m", "pytest_orchestrator", "patterns", *arguments], tree, environment)
    if not cost.output:  # all that is run here has something to say
        raise RuntimeError(f"patterns {' '.join(arguments)} said nothing: what it took means nothing")
    return cost


def _cost(command: list[str], cwd: Path, environment: dict[str, str] | None = None) -> Cost:
    env = {**os.environ, **(environment or {})}
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=output, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)  # with the processes that it waited for
        wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read()
    if process.returncode not in FINDINGS:
        raise RuntimeError(f"{' '.join(command)} ended with exit code {process.returncode}: what it took means nothing")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(cpu_s=usage.ru_utime + usage.ru_stime, wall_s=wall_s, max_mb=usage.ru_maxrss / unit, output=printed)
