"""`patterns test --mutate`: makes small changes to a pattern's code, and reports those that no case detects."""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pytest_orchestrator.errors import PatternError, UsageError
from pytest_orchestrator.files import read_limited
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle, share
from pytest_orchestrator.pattern_engine.library.cases import Case, checks, load_cases
from pytest_orchestrator.pattern_engine.pattern import Pattern, pattern_files
from pytest_orchestrator.pattern_engine.testing.checking import CheckResult, run_check
from pytest_orchestrator.pattern_engine.testing.mutants import Mutant, find_mutants
from pytest_orchestrator.process import count_cores

Outcome = Literal["killed", "timeout", "survived"]
Progress = Callable[[int, int], None] | None

_MAX_WORKERS = 4
_MAX_CODE_BYTES = 1 << 20
# A mutant, or a busy machine, may be slower than the pattern was; an endless loop is caught all the same.
_PATIENCE, _MIN_LIMIT_S = 20, 5.0


@dataclass(frozen=True, kw_only=True)
class Survivor:
    """A change of a pattern's code that no case detects. `path` is relative to the pattern's folder."""

    path: str
    line: int
    change: str
    advice: str
    diff: str


@dataclass(frozen=True, kw_only=True)
class MutationReport:
    """How many changes of a pattern's code its cases detect. One that makes it run out of time is detected too."""

    pattern: str
    mutants: int
    killed: int
    timeouts: int
    marked: int
    """How many changes are excluded by comments in the code."""
    survived: tuple[Survivor, ...]
    score: float
    """The share of mutants that were detected, from 0 to 1."""
    seconds: float


def with_code(patterns: Sequence[Pattern], ids: Sequence[str]) -> tuple[Pattern, ...]:
    """The patterns whose code is in their folder, and can be changed.

    Raises:
        UsageError: one that was named is another one, or none is left.
    """
    chosen = tuple(pattern for pattern in patterns if pattern.entry.partition(":")[0].endswith(".py"))
    for pattern in patterns:
        if pattern.id in ids and pattern not in chosen:
            raise UsageError(f"{pattern.id} has no code in its folder: there is nothing to mutate")
    if not chosen:
        raise UsageError("no pattern has code in its folder: there is nothing to mutate")
    return chosen


def mutate(pattern: Pattern, *, progress: Progress = None) -> MutationReport:
    """Run the pattern's cases against every mutant of its code, each until a check fails.

    The mutants live in a temporary folder; the pattern's own files are only read.

    Raises:
        PatternError: its cases fail as it is, or it has none.
        InputError: its code can't be read, or a mark in it has no reason.
    """
    started = time.monotonic()
    found = find_mutants(pattern)
    cases = load_cases(pattern)
    with contextlib.ExitStack() as stack:
        workers = [stack.enter_context(WorkerHandle()) for _ in range(min(_MAX_WORKERS, count_cores()))]
        limit_s = _time_limit_s(pattern, cases, workers[0])
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mutants-")))
        trial = _Trial(pattern=pattern, cases=cases, limit_s=limit_s, folder=folder)
        outcomes = _outcomes(trial, found.mutants, workers, progress)
    killed, timeouts = outcomes.count("killed"), outcomes.count("timeout")
    survived = [mutant for mutant, outcome in zip(found.mutants, outcomes, strict=True) if outcome == "survived"]
    return MutationReport(
        pattern=pattern.id,
        mutants=len(outcomes),
        killed=killed,
        timeouts=timeouts,
        marked=found.marked,
        survived=tuple(map(_survivor, survived)),
        score=round((killed + timeouts) / len(outcomes), 4) if outcomes else 1.0,
        seconds=round(time.monotonic() - started, 3),
    )


def _survivor(mutant: Mutant) -> Survivor:
    return Survivor(path=mutant.file, line=mutant.line, change=mutant.change, advice=mutant.advice, diff=mutant.diff)


def _outcomes(
    trial: _Trial, mutants: Sequence[Mutant], workers: Sequence[WorkerHandle], progress: Progress
) -> Sequence[Outcome]:
    """The outcome of each mutant, in order."""
    outcomes: dict[int, Outcome] = {}
    for (number, _), outcome in share(list(enumerate(mutants)), workers, trial.outcome):
        outcomes[number] = outcome
        if progress is not None:
            progress(len(outcomes), len(mutants))
    return [outcomes[number] for number in range(len(mutants))]


@dataclass(frozen=True, kw_only=True)
class _Trial:
    """A pattern and its cases, which its mutants are checked against."""

    pattern: Pattern
    cases: Sequence[Case]
    limit_s: float
    folder: Path

    def outcome(self, item: tuple[int, Mutant], worker: WorkerHandle) -> Outcome:
        """Whether a check fails with the mutant, which comes with its number, in place of the pattern."""
        broken = self._with(*item)
        for case, check in _in_order(self.pattern, self.cases):
            result = run_check(broken, case, check, worker=worker, time_limit_s=self.limit_s)
            if not result.passed:
                return "timeout" if _is_late(result) else "killed"
        return "survived"

    def _with(self, number: int, mutant: Mutant) -> Pattern:
        """The pattern with the mutant's code, in a folder of its own."""
        assert self.pattern.folder is not None  # noqa: S101 - its code was just read there
        folder = self.folder / str(number)  # one folder holds all of them: they share a process
        for path in pattern_files(self.pattern.folder):
            name = path.relative_to(self.pattern.folder)
            if name.parts[0] == "cases":
                continue
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(read_limited(path, max_bytes=_MAX_CODE_BYTES))
        (folder / mutant.file).write_text(mutant.code, encoding="utf-8")
        digest = hashlib.sha256(f"{self.pattern.digest}\0{mutant.file}\0{mutant.code}".encode()).hexdigest()
        return replace(self.pattern, folder=folder, digest=digest)


def _in_order(pattern: Pattern, cases: Sequence[Case]) -> Iterator[tuple[Case, str]]:
    """The checks of all cases, first those that detect most. `parses` is left out: `output` implies it."""
    for rest in (False, True):
        for case in cases:
            for check in checks(pattern, case):
                if (check != "output") == rest and check != "parses":
                    yield case, check


def _time_limit_s(pattern: Pattern, cases: Sequence[Case], worker: WorkerHandle) -> float:
    """How long a check of a mutant may take, after all checks of the pattern itself have passed."""
    if not cases:
        raise PatternError(f"pattern {pattern.id!r} has no case that could notice a change", fix="add one")
    slowest = 0.0
    for case in cases:
        for check in checks(pattern, case):
            started = time.monotonic()
            result = run_check(pattern, case, check, worker=worker)
            slowest = max(slowest, time.monotonic() - started)
            if not result.passed:
                raise PatternError(
                    f"pattern {pattern.id!r} fails its own case {case.name} ({check}) without any change",
                    fix=f"correct that first: pytest-orchestrator patterns test {pattern.id}",
                )
    return max(_MIN_LIMIT_S, _PATIENCE * slowest)


def _is_late(result: CheckResult) -> bool:
    return result.message.startswith("rejected (time)")
