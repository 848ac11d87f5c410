"""Runs the VALID and INVALID examples of a Fixit rule in the engine, as Fixit's own tests do."""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace
from pathlib import Path

from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.pattern_engine.channel import RuleCase
from pytest_orchestrator.pattern_engine.foreign.dotted_name import fix_of, may_be_rule
from pytest_orchestrator.pattern_engine.host.task import Examined
from pytest_orchestrator.pattern_engine.host.worker_handle import WorkerHandle
from pytest_orchestrator.pattern_engine.host.workspace import SourceFile
from pytest_orchestrator.pattern_engine.pattern import Pattern, bind
from pytest_orchestrator.pattern_engine.results import Found, Rejected
from pytest_orchestrator.pattern_engine.testing.difference import difference

CASE_TIME_LIMIT_S = 20.0
_ROOT = Path("/")


def rule_cases(pattern: Pattern, *, worker: WorkerHandle) -> tuple[RuleCase, ...]:
    """The examples of the Fixit rule that the pattern's entry names; empty for any other pattern.

    Raises:
        PatternError: the rule can't be loaded.
    """
    return worker.rule_cases(bind(replace(pattern, kind="linter"), {})) if may_be_rule(pattern) else ()


def rule_checks(case: RuleCase) -> tuple[str, ...]:
    """The names of the checks that an example goes through."""
    return ("output",) if case.replacement is None else ("output", "fix")


def check_rule(pattern: Pattern, case: RuleCase, check: str, *, worker: WorkerHandle) -> str:
    """Run one check of an example: `output` checks what the rule reports, `fix` the result of its autofix.

    The problem that was found, or an empty string.
    """
    rule = replace(pattern, kind="linter")
    return _fix_problem(rule, case, worker) if check == "fix" else _report_problem(rule, case, worker)


def _report_problem(rule: Pattern, case: RuleCase, worker: WorkerHandle) -> str:
    examined = _examined(rule, case, worker)
    if refusal := _refusal(examined):
        return refusal
    found = [item for result in examined.results if isinstance(result, Found) for item in result.diagnostics]
    if case.is_valid:
        return "\n".join(["the rule must report nothing here", *map(_described, found)]) if found else ""
    if not found:
        return "the rule must report something here, and reports nothing"
    wrong = [item for item in found if case.range not in (None, item.range) or case.message not in (None, item.message)]
    if not wrong:
        return ""
    expected = f"expected: {case.range or 'any range'} {case.message or 'any message'}"
    return "\n".join(["the rule reports something else", expected, *map(_described, wrong)])


def _fix_problem(rule: Pattern, case: RuleCase, worker: WorkerHandle) -> str:
    examined = _examined(fix_of(rule), case, worker)
    if refusal := _refusal(examined):
        return refusal
    expected = _dedented(case.replacement or "").encode()
    if examined.data == expected:
        return ""
    changes = difference(expected, examined.data, "expected", "actual")
    return f"the autofix gives another result\n{changes}"


def _examined(pattern: Pattern, case: RuleCase, worker: WorkerHandle) -> Examined:
    file = SourceFile(path=f"{case.name}.py", data=_dedented(case.code).encode())
    return worker.examine(file, [bind(pattern, {})], root=_ROOT, time_limit_s=CASE_TIME_LIMIT_S)


def _refusal(examined: Examined) -> str:
    rejected = (item for item in examined.results if isinstance(item, Rejected))
    return next((f"rejected ({item.reason}): {item.message}" for item in rejected), "")


def _described(item: Diagnostic) -> str:
    return f"reported: {item.range} {item.message}"


def _dedented(code: str) -> str:
    """The example without the indentation of its class, as Fixit's own tests read it."""
    return textwrap.dedent(re.sub(r"\A\n", "", code))
