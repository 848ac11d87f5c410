"""What must hold after a case. Every gate is a pure function of what the harness itself saw."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from pytest_orchestrator.evaluation.outcome import GateResult, RejectedFile
from pytest_orchestrator.fixture_store.checkout import FileChange
from pytest_orchestrator.fixture_store.snapshot import Foreign
from pytest_orchestrator.pattern_engine.results import is_fact

Sources = Mapping[str, bytes]
"""Python files by path."""


def check_parses(before: Sources, after: Sources) -> GateResult:
    """Every changed file that was Python before is Python now."""
    return GateResult(gate="parses", problems=_broken(before, after, _parse, "does not parse"))


def check_compiles(before: Sources, after: Sources) -> GateResult:
    """Every changed file that compiled before compiles now; nothing is run for it."""
    return GateResult(gate="compiles", problems=_broken(before, after, _compile, "does not compile"))


def check_contained(
    changes: Iterable[FileChange],
    selected: Collection[str],
    *,
    links: Collection[str] = (),
    foreign: Iterable[Foreign] = (),
) -> GateResult:
    """Only selected files changed, they are files still, and nothing came or went."""
    problems = []
    for change in changes:
        if change.status != "modified":
            problems.append(f"{change.path} was {change.status}")
        elif change.path not in selected:
            problems.append(f"{change.path} was changed and not selected")
        elif change.path in links:
            problems.append(f"{change.path} was replaced by a link")
    problems += (f"{item.path} is there and was not: {item.reason}" for item in foreign)
    return GateResult(gate="contained", problems=tuple(problems))


def check_idempotent(changed_again: Sequence[str]) -> GateResult:
    """Applied to its own result, a pattern changes nothing."""
    problems = tuple(f"{path} changes again when the pattern is applied again" for path in changed_again)
    return GateResult(gate="idempotent", problems=problems)


def check_works(rejected: Iterable[RejectedFile]) -> GateResult:
    """No pattern crashed, hung or wrote nonsense. A file that is not Python is a fact, and fails nobody."""
    problems = tuple(
        f"{item.path}: {_blame(item)}: {item.message}"
        for item in rejected
        if not is_fact(item.reason, pattern=item.pattern)
    )
    return GateResult(gate="works", problems=problems)


def _blame(rejected: RejectedFile) -> str:
    return f"{rejected.pattern} {rejected.reason}" if rejected.pattern else rejected.reason


def _broken(before: Sources, after: Sources, read: Callable[[bytes, str], object], complaint: str) -> tuple[str, ...]:
    problems = []
    for path, data in after.items():
        problem = _problem(read, data, path)
        if problem is not None and path in before and _problem(read, before[path], path) is None:
            problems.append(f"{path} {complaint} any more: {problem}")
    return tuple(problems)


def _problem(read: Callable[[bytes, str], object], data: bytes, path: str) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape is not what is asked here
            read(data, path)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}" if error.lineno else str(error.msg)
    except (ValueError, RecursionError, MemoryError) as error:  # NUL bytes; nesting beyond the parser's stack
        return str(error) or type(error).__name__
    return None


def _parse(data: bytes, path: str) -> object:
    return ast.parse(data, path)


def _compile(data: bytes, path: str) -> object:
    return compile(data, path, "exec", dont_inherit=True)
