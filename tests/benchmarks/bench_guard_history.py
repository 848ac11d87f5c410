"""The whole guard over a large history: against what git and the disk need, again, and as a pre-commit hook.

The baseline is the least that has to be done, in two processes: `git log --name-only` of the same range, and a Python
that reads every spec and parses its front matter with PyYAML's libyaml loader. It checks nothing, looks at no code and
at no former content. `GUARD_HISTORY_SPECS` makes the project smaller or larger; the promises are for 10,000 specs,
twice as many commits, and three anchors a spec.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from ratio import Ratio

_SPECS = int(os.environ.get("GUARD_HISTORY_SPECS", "10000"))
_ROUNDS = 3
_READ = """
import pathlib, yaml
for path in pathlib.Path("docs/specs").rglob("*.md"):
    yaml.load(path.read_text(encoding="utf-8").split("---\\n", 2)[1], Loader=yaml.CSafeLoader)
"""
_USAGE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(*resource.getrusage(resource.RUSAGE_CHILDREN))
"""
_MORE = "\n\ndef more():\n    return 1\n" * 3


def ratios() -> Iterator[Ratio]:
    """The promises, in the order of the issue that made them."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small"), Path(folder, "large")
        generate(small, specs=_SPECS // 10)
        generate(large, specs=_SPECS)
        first, again, git, reading, few = _medians(
            lambda: _check(large, forgetting=True),
            lambda: _check(large),
            lambda: _run(["git", "log", "--name-only"], large),
            lambda: _run([sys.executable, "-c", _READ], large),
            lambda: _check(small, forgetting=True),
        )
        title = f"{_SPECS:,} specs, {2 * _SPECS:,} commits"
        yield Ratio(name=f"{title}: git log and reading", subject_s=first, baseline_s=git + reading, limit=2.5)
        yield Ratio(name=f"{title}: the second run, the first", subject_s=again, baseline_s=first, limit=0.95)
        yield Ratio(name="ten times the specs, ten times the time", subject_s=first, baseline_s=10 * few, limit=1.25)
        shutil.rmtree(large / ".git/pytest-orchestrator")
        peak_kb = _children(_command(), large).ru_maxrss
        yield Ratio(name="memory of a first run (MB, not ms), 500 MB", subject_s=peak_kb / 1e6, baseline_s=0.5, limit=1)
        three = [f"docs/specs/{number // 100:03}/{number:05}.md" for number in (1, 2, 3)]
        for path in three:  # an edit that nobody reviewed: the hook has something to find
            with (large / path).open("a") as stream:
                stream.write("Another sentence.\n")
        _run(["git", "add", *three], large)
        # Processor time of all its processes: on a machine with nothing else to do, that is how long it takes.
        hooks = [_children(_command("--scope", "changed"), large) for _ in range(_ROUNDS)]
        taken = median(usage.ru_utime + usage.ru_stime for usage in hooks)
        yield Ratio(name="pre-commit hook, 3 specs changed, 0.9 seconds", subject_s=taken, baseline_s=0.9, limit=1)


def _medians(*calls: Callable[[], object]) -> Iterator[float]:
    """How long each of `calls` takes; called in turn, so that a busy machine is as busy for all of them."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(_ROUNDS):
        for call, taken in zip(calls, times, strict=True):
            started = time.perf_counter()
            call()
            taken.append(time.perf_counter() - started)
    return map(median, times)


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest_orchestrator", "spec", "check", *arguments]


def _children(command: list[str], folder: Path) -> resource.struct_rusage:
    """What `command` and all that it starts used; its exit code doesn't matter."""
    asked = [sys.executable, "-c", _USAGE, *command]
    output = subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True).stdout
    return resource.struct_rusage(map(float, output.split()))


def _check(folder: Path, *, forgetting: bool = False) -> None:
    if forgetting:
        shutil.rmtree(folder / ".git/pytest-orchestrator", ignore_errors=True)
    _run(_command(), folder)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def generate(root: Path, *, specs: int) -> None:
    """A repository in which each spec was reviewed once within a month, and its code changed once, mostly before."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
    command = ["git", "fast-import", "--quiet", "--done"]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE) as importer:
        assert importer.stdin is not None
        for chunk in _stream(specs):
            importer.stdin.write(chunk.encode())
        importer.stdin.close()
    assert importer.returncode == 0
    subprocess.run(["git", "reset", "-q", "--hard", "main"], cwd=root, check=True)


def _stream(specs: int) -> Iterator[str]:
    now = datetime.now(UTC)
    start = now - timedelta(days=300)
    files = []
    for number in range(specs):
        files.append((_spec_path(number), _spec(number, start)))
        files += [(f"{_folder(number)}/{name}.py", _code(number, name, 0)) for name in ("a", "b")]
    yield from _commit(start, files)
    for number in range(specs):
        # The code changes long before the review, and every tenth time two days after it.
        reviewed = now - timedelta(days=25) + timedelta(days=20) * number / specs
        changed = reviewed - timedelta(days=30)
        yield from _commit(changed, [(f"{_folder(number)}/a.py", _code(number, "a", 1))])
    for number in range(specs):
        reviewed = now - timedelta(days=25) + timedelta(days=20) * number / specs
        files = [(_spec_path(number), _spec(number, reviewed))]
        if number and number % 10 == 0:
            files.append((f"{_folder(number - 5)}/b.py", _code(number - 5, "b", 2)))
        yield from _commit(reviewed, files)
    yield "done\n"


def _commit(day: datetime, files: list[tuple[str, str]]) -> Iterator[str]:
    yield f"commit refs/heads/main\ncommitter B <b@example.org> {int(day.timestamp())} +0000\ndata 1\nx\n"
    for path, text in files:
        yield f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n"


def _folder(number: int) -> str:
    return f"src/{number // 100:03}/m{number:05}"


def _spec_path(number: int) -> str:
    return f"docs/specs/{number // 100:03}/{number:05}.md"


def _spec(number: int, reviewed: datetime) -> str:
    folder = _folder(number)
    covers = f"[{folder}/a.py, '{folder}/b.py::run_{number}', '{folder}/*.py']"
    head = (
        f"id: s{number:05}\ntitle: Part {number}\nstatus: approved\nowners: [ann]\nlast_review: {reviewed:%Y-%m-%d}\n"
    )
    return f"---\n{head}covers: {covers}\n---\n# Part {number}\n\n" + "It MUST do what it says.\n" * 20


def _code(number: int, name: str, version: int) -> str:
    head = f"VALUE = {number}\n\n\ndef run_{number}():\n    return VALUE + {version}\n"
    return f"{head}\n\ndef {name}():\n    return 1\n{_MORE}"
