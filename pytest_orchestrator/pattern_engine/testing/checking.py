"""Runs the checks of a pattern's cases in a worker process, and describes each failure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.pattern_engine.host.task import Examined
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import SourceFile
from pytest_orchestrator.pattern_engine.library.cases import Case, ExpectedDiagnostic, load_cases
from pytest_orchestrator.pattern_engine.library.template import render
from pytest_orchestrator.pattern_engine.library.variants import VARIANTS
from pytest_orchestrator.pattern_engine.pattern import Pattern, bind
from pytest_orchestrator.pattern_engine.results import Found, Rejected
from pytest_orchestrator.pattern_engine.testing.difference import difference
from pytest_orchestrator.pattern_engine.testing.rule_cases import CASE_TIME_LIMIT_S, rule_cases
from pytest_orchestrator.python_syntax import first_syntax_error


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """The result of a check. `message` is empty when it passed; `path` is relative to the pattern's folder."""

    passed: bool
    message: str = ""
    path: str = ""
    line: int | None = None


_PASSED = CheckResult(passed=True)


def run_check(
    pattern: Pattern, case: Case, check: str, *, worker: WorkerHandle, time_limit_s: float = CASE_TIME_LIMIT_S
) -> CheckResult:
    """Run one of the case's `checks`. A pattern that fails, hangs or exits gives a failed result, no exception."""
    runner = _Runner(pattern=pattern, case=case, worker=worker, time_limit_s=time_limit_s)
    try:
        return runner.run(check)
    except OrchestratorError as error:
        return _problem(error)


def check_complete(pattern: Pattern, *, worker: WorkerHandle, time_limit_s: float = CASE_TIME_LIMIT_S) -> CheckResult:
    """Check that the pattern has a README and at least one case, and that its code can be loaded.

    The examples of a Fixit rule count as cases.
    """
    assert pattern.folder is not None  # noqa: S101 - only patterns with a folder have cases
    readme = pattern.folder / "README.md"
    if not readme.is_file() or not readme.read_bytes().strip():
        return CheckResult(
            passed=False,
            message="the pattern has no README.md, or it is empty: write what the pattern does and when not to use it",
            path="README.md",
        )
    cases = load_cases(pattern)
    parameters = next((case.parameters for case in cases if case.problem is None), {})
    try:
        if not cases and not rule_cases(pattern, worker=worker):
            return CheckResult(
                passed=False, message="the pattern has no case: add a folder with before.py below cases", path="cases"
            )
        if pattern.kind != "template":
            worker.check([bind(pattern, parameters)], time_limit_s=time_limit_s)
    except OrchestratorError as error:
        return _problem(error)
    return _PASSED


def _problem(error: OrchestratorError) -> CheckResult:
    message = error.message + (f"\nfix: {error.fix}" if error.fix else "")
    return CheckResult(passed=False, message=message, path=error.path or "", line=error.line)


@dataclass(frozen=True, kw_only=True)
class _Runner:
    pattern: Pattern
    case: Case
    worker: WorkerHandle
    time_limit_s: float

    def run(self, check: str) -> CheckResult:
        if self.case.problem is not None:
            return _problem(self.case.problem)
        if self.pattern.kind == "template":
            return self._compare(render(self.pattern, self.case.parameters).encode(), self.case.after, "after.md")
        if self.pattern.kind == "linter":
            return self._lint(check)
        match check:
            case "idempotent":
                return self._idempotent()
            case "parses":
                return self._parses()
            case _:
                return self._output(check)

    def _output(self, check: str) -> CheckResult:
        change = VARIANTS[check].change if check in VARIANTS else _same
        before, expected = change(self.case.before), change(self.case.after)
        examined = self._examine(before)
        if refusal := self._refusal(examined):
            return refusal
        where = "after.py" if self.case.after != self.case.before else "before.py"
        return self._compare(examined.data, expected, where)

    def _idempotent(self) -> CheckResult:
        first = self._examine(self.case.before)
        if refusal := self._refusal(first):
            return refusal
        second = self._examine(first.data)
        if refusal := self._refusal(second):
            return refusal
        if second.data == first.data:
            return _PASSED
        changes = difference(first.data, second.data, "first run", "second run")
        return self._fail(f"a second run changes the file again\n{changes}", "before.py")

    def _parses(self) -> CheckResult:
        # The engine rejects output that LibCST can't parse; here the running Python must parse it too.
        examined = self._examine(self.case.before)
        if refusal := self._refusal(examined):
            return refusal
        line = first_syntax_error(examined.data)
        if line is None or first_syntax_error(self.case.before) is not None:
            return _PASSED
        return self._fail("Python can't parse the pattern's result", "after.py", line)

    def _lint(self, check: str) -> CheckResult:
        variant = VARIANTS.get(check)
        examined = self._examine(self.case.before if variant is None else variant.change(self.case.before))
        if refusal := self._refusal(examined):
            return refusal
        found = [item for result in examined.results if isinstance(result, Found) for item in result.diagnostics]
        problems = list(_disagreements(found, self.case.expected, shift=variant.shift if variant else 0))
        if not problems:
            return _PASSED
        return self._fail("\n".join(["the linter's report differs from expect.yaml", *problems]), "expect.yaml")

    def _examine(self, data: bytes) -> Examined:
        call = bind(self.pattern, self.case.parameters)
        assert self.pattern.folder is not None  # noqa: S101 - only patterns with a folder have cases
        return self.worker.examine(
            SourceFile(path="before.py", data=data), [call], root=self.case.folder, time_limit_s=self.time_limit_s
        )

    def _refusal(self, examined: Examined) -> CheckResult | None:
        for result in examined.results:
            if isinstance(result, Rejected) and result.reason != "suppressed":
                return self._fail(f"rejected ({result.reason}): {result.message}", "before.py", result.line)
        return None

    def _compare(self, actual: bytes, expected: bytes, file: str) -> CheckResult:
        if actual == expected:
            return _PASSED
        changes = difference(expected, actual, "expected", "actual")
        what = "changes a file that must stay the same" if file == "before.py" else "gives another result"
        return self._fail(f"the pattern {what}\n{changes}", file)

    def _fail(self, message: str, file: str, line: int | None = None) -> CheckResult:
        path = f"cases/{self.case.name}/{file}"
        return CheckResult(passed=False, message=message, path=path, line=line)


def _same(data: bytes) -> bytes:
    return data


def _disagreements(found: Iterable[Diagnostic], expected: Iterable[ExpectedDiagnostic], *, shift: int) -> Iterable[str]:
    # Those with a message first: one without a message would match a finding that another one matches exactly.
    missing = sorted(expected, key=lambda item: (item.range(), item.message is None))
    for item in found:
        match = next((other for other in missing if _agrees(item, other, shift)), None)
        if match is None:
            yield f"+ reported, not expected: {_range(item.range.start_line - shift, item)} {item.message}"
        else:
            missing.remove(match)
    for other in missing:
        expected_range = f"{other.line}:{other.column}-{other.end_line}:{other.end_column}"
        yield f"- expected, not reported: {expected_range} {other.message or ''}".rstrip()


def _agrees(item: Diagnostic, other: ExpectedDiagnostic, shift: int) -> bool:
    return item.range == other.range(shift=shift) and other.message in (None, item.message)


def _range(line: int, item: Diagnostic) -> str:
    end_line = item.range.end_line - item.range.start_line + line
    return f"{line}:{item.range.start_column}-{end_line}:{item.range.end_column}"
