"""A report in the formats that other tools read: SARIF, GitHub's annotations, JUnit's XML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from pytest_orchestrator.display import workflow_command
from pytest_orchestrator.records import Diagnostic, Range
from pytest_orchestrator.spec_guard.reports.report import SpecReport
from pytest_orchestrator.spec_guard.rules.rule import Rule

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render_sarif(report: SpecReport, rules: Sequence[Rule], *, version: str) -> str:
    """SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html"""
    places = {rule.id: place for place, rule in enumerate(rules)}
    driver = {
        "name": "pytest-orchestrator",
        "version": version,
        "semanticVersion": version,
        "rules": [_sarif_rule(rule) for rule in rules],
    }
    problems = [{"level": "error", "message": {"text": problem}} for problem in report.problems]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "The project's root folder."}}},
        "invocations": [{"executionSuccessful": not problems, "toolExecutionNotifications": problems}],
        "results": [_sarif_result(item, places) for item in report.diagnostics],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=True) + "\n"


def render_github(report: SpecReport) -> str:
    """Workflow commands, which GitHub Actions shows beside the lines of a pull request:
    https://docs.github.com/actions/reference/workflow-commands-for-github-actions"""
    return "".join(f"{line}\n" for line in _annotations(report))


def render_junit(report: SpecReport) -> str:
    """JUnit's XML as CI services read it: a test case a spec and rule that found something, and one a clean spec."""
    by_path: dict[str, list[Diagnostic]] = {path: [] for path in report.specs}
    for item in report.diagnostics:
        by_path.setdefault(item.path, []).append(item)
    cases = [case for path, items in by_path.items() for case in _junit_cases(path, items)]
    cases += [
        f'<testcase classname="spec-guard" name="check"><error message={_attribute(problem)}/></testcase>'
        for problem in report.problems
    ]
    head = (
        f'<testsuite name="spec-guard" tests="{len(cases)}" failures="{len(report.errors)}" '
        f'errors="{len(report.problems)}" skipped="0">'
    )
    return "\n".join(
        ['<?xml version="1.0" encoding="utf-8"?>', "<testsuites>", head, *cases, "</testsuite>", "</testsuites>", ""]
    )


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.reason},
        "help": {"text": rule.fix},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"documentation": rule.docs},
    }


def _sarif_result(item: Diagnostic, places: dict[str, int]) -> dict[str, Any]:
    text = f"{item.message}. {item.fix}" if item.fix else item.message
    location = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(_encodable(item.path).encode(), safe="/"), "uriBaseId": "ROOT"},
            "region": _region(item.range),
        }
    }
    index = {"ruleIndex": places[item.rule]} if item.rule in places else {}
    return {
        "ruleId": item.rule,
        **index,
        "level": item.severity,
        "message": {"text": _encodable(text)},
        "locations": [location],
    }


def _region(place: Range) -> dict[str, int]:
    # SARIF's end line is the last one of the region, ours the one after it where the end column is 1.
    if place.end_column == 1 and place.end_line > place.start_line:
        return {"startLine": place.start_line, "endLine": place.end_line - 1}
    return {
        "startLine": place.start_line,
        "startColumn": place.start_column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _annotations(report: SpecReport) -> Iterator[str]:
    for item in report.diagnostics:
        text = item.message + (f"\nfix: {item.fix}" if item.fix else "")
        yield workflow_command(item.severity, text, file=item.path, line=item.range.start_line, title=item.rule)
    for problem in report.problems:
        yield workflow_command("error", f"not checked: {problem}", title="spec guard")


def _junit_cases(path: str, items: Iterable[Diagnostic]) -> Iterator[str]:
    found = tuple(items)
    if not found:
        yield f'<testcase classname={_attribute(path)} name="spec"/>'
    for item in found:
        text = f"{item.path}:{item.range.start_line}: {item.message}" + (f"\nfix: {item.fix}" if item.fix else "")
        head = f"<testcase classname={_attribute(path)} name={_attribute(item.rule)}>"
        if item.severity == "error":
            said = f"<failure message={_attribute(item.message)} type={_attribute(item.rule)}>{_xml(text)}</failure>"
        else:
            said = f"<system-out>{_xml('warning: ' + text)}</system-out>"
        yield f"{head}{said}</testcase>"


def _attribute(text: str) -> str:
    return quoteattr(_allowed(text))


def _xml(text: str) -> str:
    return escape(_allowed(text))


def _allowed(text: str) -> str:
    """What XML 1.0 can hold; other characters as escapes."""
    plain = _encodable(text)
    return "".join(
        char if char in "\t\n" or (char >= " " and char not in "\ufffe\uffff") else repr(char)[1:-1] for char in plain
    )


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
