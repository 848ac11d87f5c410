"""`patterns test`: the cases of patterns, without pytest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pytest_orchestrator.commands.patterns.list import project_library
from pytest_orchestrator.errors import UsageError
from pytest_orchestrator.pattern_engine.channel import RuleCase
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.library.cases import COMPLETE, checks, load_cases
from pytest_orchestrator.pattern_engine.library.variants import VARIANTS
from pytest_orchestrator.pattern_engine.pattern import Pattern
from pytest_orchestrator.pattern_engine.testing.checking import CheckResult, check_complete, run_check
from pytest_orchestrator.pattern_engine.testing.rule_cases import check_rule, rule_cases, rule_checks

Check = Callable[..., CheckResult]
"""One check of a pattern; it is called with the keyword `worker`, a `WorkerHandle`."""


@dataclass(frozen=True, kw_only=True)
class FailedCheck:
    """A check that failed. `case` is empty if the check is about the whole pattern."""

    case: str
    check: str
    message: str
    path: str
    line: int | None


@dataclass(frozen=True, kw_only=True)
class PatternVerdict:
    """The results of one pattern's cases."""

    pattern: str
    cases: int
    checks: int
    failed: tuple[FailedCheck, ...]


def select(root: Path, ids: Sequence[str]) -> tuple[Pattern, ...]:
    """The patterns called `ids`; without any, the project's own, or the whole library when it has none.

    Raises:
        PatternError: there is no such pattern.
        UsageError: it is a LibCST command, which has no cases.
    """
    library = project_library(root)
    chosen = [pattern for id_ in ids for pattern in library.find(id_)]
    for pattern in chosen:
        if pattern.folder is None and pattern.kind != "linter":
            raise UsageError(f"{pattern.id} is not a pattern of a library, so it has no cases")
    own = [pattern for pattern in library.patterns if _is_below(pattern, root)]
    return tuple(chosen or own or library.patterns)


def check_patterns(patterns: Sequence[Pattern]) -> Iterator[PatternVerdict]:
    """Run all checks of all cases, pattern by pattern."""
    with WorkerHandle() as worker:
        for pattern in patterns:
            yield _verdict(pattern, worker)


def alike(failed: Iterable[FailedCheck]) -> Sequence[Sequence[FailedCheck]]:
    """The failures, grouped by reason: the same message, or variants of a case whose output is wrong."""
    groups: dict[str, list[FailedCheck]] = {}
    outputs: dict[str, str] = {}
    for failure in failed:
        message = failure.message.removeprefix("rejected (raised): ")  # `complete` reports the same without it
        if failure.check == "output":
            outputs[failure.case] = message
        elif failure.check in VARIANTS:
            message = outputs.get(failure.case, message)
        groups.setdefault(message, []).append(failure)
    return list(groups.values())


def case_checks(pattern: Pattern, *, worker: WorkerHandle) -> list[tuple[str, Mapping[str, Check]]]:
    """The name of each case of the pattern, and of each example of a Fixit rule, with its checks by their names.

    Raises:
        PatternError: the rule can't be loaded.
    """
    cases = [
        (case.name, {name: partial(run_check, pattern, case, name) for name in checks(pattern, case)})
        for case in load_cases(pattern)
    ]
    examples = [
        (example.name, {name: partial(_run_example, pattern, example, name) for name in rule_checks(example)})
        for example in rule_cases(pattern, worker=worker)
    ]
    return [*cases, *examples]


def _run_example(pattern: Pattern, example: RuleCase, check: str, *, worker: WorkerHandle) -> CheckResult:
    message = check_rule(pattern, example, check, worker=worker)
    return CheckResult(passed=not message, message=message)


def _verdict(pattern: Pattern, worker: WorkerHandle) -> PatternVerdict:
    results = [] if pattern.folder is None else [("", COMPLETE, check_complete(pattern, worker=worker))]
    cases = case_checks(pattern, worker=worker)
    results += [(case, name, check(worker=worker)) for case, found in cases for name, check in found.items()]
    failed = tuple(_failed(case, name, result) for case, name, result in results if not result.passed)
    return PatternVerdict(pattern=pattern.id, cases=len(cases), checks=len(results), failed=failed)


def _failed(case: str, check: str, result: CheckResult) -> FailedCheck:
    path = result.path or case
    return FailedCheck(case=case, check=check, message=result.message, path=path, line=result.line)


def _is_below(pattern: Pattern, root: Path) -> bool:
    return pattern.folder is not None and pattern.folder.is_relative_to(root.resolve() / "patterns")
