"""The VALID and INVALID examples of a Fixit rule, run through the engine as Fixit's own tests run them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_orchestrator.pattern_engine.adopted.dotted import fix_of
from pytest_orchestrator.pattern_engine.channel import RuleCase
from pytest_orchestrator.pattern_engine.crew import Crew, Examined
from pytest_orchestrator.pattern_engine.pattern import Pattern, bind
from pytest_orchestrator.pattern_engine.results import Found, Rejected
from pytest_orchestrator.records import Diagnostic

CASE_TIME_LIMIT_S = 20.0
_ROOT = Path("/")


@dataclass(frozen=True, kw_only=True)
class RuleCheck:
    """How one check of one example ended; `message` is empty when it passed."""

    case: str
    check: str
    message: str


def check_rule(rule: Pattern, *, crew: Crew) -> Iterator[RuleCheck]:
    """Run all examples of a rule: what it reports in each, and what its autofix makes of it.

    Raises:
        PatternError: the rule can't be loaded.
    """
    for case in crew.rule_cases(bind(rule, {})):
        yield RuleCheck(case=case.name, check="output", message=_report_problem(rule, case, crew))
        if case.replacement is not None:
            yield RuleCheck(case=case.name, check="fix", message=_fix_problem(rule, case, crew))


def _report_problem(rule: Pattern, case: RuleCase, crew: Crew) -> str:
    examined = _examined(rule, case, crew)
    if refusal := _refusal(examined):
        return refusal
    found = [item for result in examined.results if isinstance(result, Found) for item in result.diagnostics]
    if case.is_valid:
        return "\n".join(["nothing must be reported", *map(_shown, found)]) if found else ""
    if not found:
        return "something must be reported, and nothing is"
    wrong = [item for item in found if case.range not in (None, item.range) or case.message not in (None, item.message)]
    if not wrong:
        return ""
    expected = f"expected: {case.range or 'any place'} {case.message or 'any message'}"
    return "\n".join(["the rule reports something else", expected, *map(_shown, wrong)])


def _fix_problem(rule: Pattern, case: RuleCase, crew: Crew) -> str:
    examined = _examined(fix_of(rule), case, crew)
    if refusal := _refusal(examined):
        return refusal
    actual, expected = examined.data.decode(), _dedented(case.replacement or "")
    return (
        ""
        if actual == expected
        else f"the autofix makes something else of it\nexpected:\n{expected}\nactual:\n{actual}"
    )


def _examined(pattern: Pattern, case: RuleCase, crew: Crew) -> Examined:
    data = _dedented(case.code).encode()
    return crew.examine(f"{case.name}.py", data, [bind(pattern, {})], root=_ROOT, time_limit_s=CASE_TIME_LIMIT_S)


def _refusal(examined: Examined) -> str:
    rejected = (item for item in examined.results if isinstance(item, Rejected))
    return next((f"rejected ({item.reason}): {item.message}" for item in rejected), "")


def _shown(item: Diagnostic) -> str:
    return f"reported: {item.range} {item.message}"


def _dedented(code: str) -> str:
    """The example without the indentation of the class that it stands in, as Fixit's own tests read it."""
    return textwrap.dedent(re.sub(r"\A\n", "", code))
