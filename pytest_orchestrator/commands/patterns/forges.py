"""What patterns found and changed, in the formats that forges and CI services read. Values in, text out."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator

from pytest_orchestrator.commands.patterns.apply import Applied
from pytest_orchestrator.commands.patterns.findings import diagnostics, message_of
from pytest_orchestrator.display import workflow_command
from pytest_orchestrator.junit import JunitCase, render_junit
from pytest_orchestrator.pattern_engine.results import Edited, FileResult, Found, Rejected


def as_github(applied: Applied, *, written: bool) -> Iterator[str]:
    """Workflow commands that GitHub shows as annotations of the files."""
    for item in diagnostics(applied):
        yield workflow_command(
            "warning",
            item.message,
            file=item.path,
            line=item.range.start_line,
            col=item.range.start_column,
            endLine=item.range.end_line,
            endColumn=item.range.end_column,
            title=item.rule,
        )
    failed = applied.report.failures
    for result in applied.report.files:
        if isinstance(result, Edited):
            names = ", ".join(result.patterns)
            level, did = ("notice", "changed") if written else ("warning", "would change")
            yield workflow_command(level, f"{names} {did} it", file=result.path, title=names)
        elif isinstance(result, Rejected):
            line = {"line": result.line} if result.line else {}
            level = "error" if result in failed else "notice"
            yield workflow_command(level, message_of(result), file=result.path, **line, title="left alone")


def as_junit(applied: Applied, *, written: bool) -> str:
    """JUnit's XML: a failure for each thing found and each change that is to be made, an error for each failed file.

    Without any, it has one passed case.
    """
    cases = [case for result in applied.report.files for case in _junit_cases(result, applied, written=written)]
    return render_junit("patterns", cases or [JunitCase(group="patterns", name="all files")])


def as_gitlab(applied: Applied, *, written: bool) -> str:
    """A Code Quality report for GitLab: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.

    A fingerprint is of the path, the rule, the message and how many of these came before it in the file, not of its
    line: a finding stays the same one when lines above it change.
    """
    seen: Counter[tuple[str, ...]] = Counter()

    def issue(path: str, line: int, rule: str, message: str, severity: str) -> dict[str, object]:
        what = tuple(part.encode("utf-8", "backslashreplace").decode() for part in (path, rule, message))
        seen[what] += 1
        fingerprint = hashlib.sha256(repr((*what, seen[what])).encode()).hexdigest()
        return {
            "description": what[2],
            "check_name": rule,
            "fingerprint": fingerprint,
            "severity": severity,
            "location": {"path": what[0], "lines": {"begin": line}},
        }

    issues = list[dict[str, object]]()
    for result in applied.report.files:
        match result:
            case Found():
                issues += [
                    issue(item.path, item.range.start_line, item.rule, item.message, "minor")
                    for item in result.diagnostics
                ]
            case Edited():
                did = "changed" if written else "would change"
                issues += [issue(result.path, 1, id_, f"{id_} {did} this file", "info") for id_ in result.patterns]
            case Rejected():
                severity = "major" if result in applied.report.failures else "info"
                issues.append(issue(result.path, result.line or 1, result.reason, message_of(result), severity))
            case _:
                continue
    return json.dumps(issues, indent=2)


def _junit_cases(result: FileResult, applied: Applied, *, written: bool) -> Iterator[JunitCase]:
    match result:
        case Found():
            for item in result.diagnostics:
                text = f"{item.path}:{item.range.start_line}:{item.range.start_column}: {item.message}"
                yield JunitCase(group=item.path, name=item.rule, outcome="failure", message=item.message, text=text)
        case Edited():
            for id_ in result.patterns:
                if written:
                    yield JunitCase(group=result.path, name=id_, text="changed this file")
                else:
                    yield JunitCase(group=result.path, name=id_, outcome="failure", message="would change this file")
        case Rejected(reason="suppressed"):
            yield JunitCase(group=result.path, name=result.reason, text=message_of(result))
        case Rejected() if result in applied.report.failures:
            yield JunitCase(group=result.path, name=result.reason, outcome="error", message=message_of(result))
        case Rejected():
            yield JunitCase(group=result.path, name=result.reason, outcome="failure", message=message_of(result))
        case _:
            return
