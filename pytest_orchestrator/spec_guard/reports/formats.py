"""Renders a report for other tools: SARIF, GitHub's annotations, JUnit's XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_orchestrator import junit, sarif
from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.display import workflow_command
from pytest_orchestrator.spec_guard.reports.report import SpecReport, shown
from pytest_orchestrator.spec_guard.rules.rule import Rule


def render_sarif(report: SpecReport, rules: Sequence[Rule], *, version: str) -> str:
    """The report as a SARIF log."""
    log = sarif.SarifLog(
        rules=[
            sarif.SarifRule(
                id=rule.id, summary=rule.reason, help=rule.fix, severity=rule.severity, documentation=rule.docs
            )
            for rule in rules
        ],
        results=report.diagnostics,
        notifications=[sarif.Notification(level="error", message=problem) for problem in report.problems],
        successful=not report.problems,
        version=version,
        root="The project's root folder.",
    )
    return sarif.render_sarif(log)


def render_github(report: SpecReport) -> str:
    """Workflow commands, which GitHub Actions shows beside the lines of a pull request; see `workflow_command`."""
    return "".join(f"{line}\n" for line in _annotations(report))


def render_junit(report: SpecReport) -> str:
    """JUnit's XML as CI services read it: a test case for each finding, and one for each spec without any."""
    by_path: dict[str, list[Diagnostic]] = {path: [] for path in report.specs}
    for item in report.diagnostics:
        by_path.setdefault(item.path, []).append(item)
    cases = [case for path, items in by_path.items() for case in _junit_cases(path, items)]
    cases += [
        junit.JunitCase(group="spec-guard", name="check", outcome="error", message=problem)
        for problem in report.problems
    ]
    return junit.render_junit("spec-guard", cases)


def _annotations(report: SpecReport) -> Iterator[str]:
    for item in shown(report)[0]:
        text = item.message + (f"\nfix: {item.fix}" if item.fix else "")
        yield workflow_command(item.severity, text, file=item.path, line=item.range.start_line, title=item.rule)
    for problem in report.problems:
        yield workflow_command("error", f"not checked: {problem}", title="spec guard")


def _junit_cases(path: str, items: Sequence[Diagnostic]) -> Iterator[junit.JunitCase]:
    if not items:
        yield junit.JunitCase(group=path, name="spec")
    for item in items:
        text = f"{item.path}:{item.range.start_line}: {item.message}" + (f"\nfix: {item.fix}" if item.fix else "")
        if item.severity == "error":
            yield junit.JunitCase(group=path, name=item.rule, outcome="failure", message=item.message, text=text)
        else:
            yield junit.JunitCase(group=path, name=item.rule, text=f"warning: {text}")
