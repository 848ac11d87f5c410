"""The report of patterns as SARIF: a result for each finding and each changed stretch of lines, with its fix."""

from __future__ import annotations

import difflib
import tokenize
from collections.abc import Iterator, Sequence
from importlib import metadata
from io import BytesIO

from pytest_orchestrator.commands.patterns.apply import Applied
from pytest_orchestrator.commands.patterns.findings import diagnostics, rules
from pytest_orchestrator.diagnostics import Diagnostic, Edit, Range
from pytest_orchestrator.pattern_engine.host.apply import Change
from pytest_orchestrator.pattern_engine.pattern import Pattern
from pytest_orchestrator.pattern_engine.results import Edited, Rejected
from pytest_orchestrator.sarif import Notification, SarifLog, SarifRule, render_sarif


def as_sarif(applied: Applied) -> str:
    """The report as a SARIF log, without a newline at its end."""
    log = SarifLog(
        rules=[_rule(id_, applied.patterns.get(id_)) for id_ in rules(applied)],
        results=[*diagnostics(applied), *_changes(applied)],
        notifications=list(_rejected(applied)),
        successful=not applied.report.failures,
        version=metadata.version("pytest-orchestrator"),
        root="The folder in which the command ran.",
    )
    return render_sarif(log).rstrip("\n")


def _rule(id_: str, pattern: Pattern | None) -> SarifRule:
    if pattern is None:
        return SarifRule(id=id_, summary=id_)
    return SarifRule(id=id_, summary=pattern.title or id_, help=pattern.description, severity="warning")


def _changes(applied: Applied) -> Iterator[Diagnostic]:
    patterns = {result.path: result.patterns for result in applied.report.files if isinstance(result, Edited)}
    for change in applied.changes:
        names = patterns[change.path]
        for edit in _edits(change):
            yield Diagnostic(
                rule=names[0],
                severity="warning",
                message=f"{', '.join(names)} changes this",
                path=change.path,
                range=edit.range,
                edit=edit,
            )


def _rejected(applied: Applied) -> Iterator[Notification]:
    for result in applied.report.files:
        if isinstance(result, Rejected):
            yield Notification(
                level="error" if result in applied.report.failures else "warning",
                message=f"left alone ({result.reason}): {result.pattern and result.pattern + ': '}{result.message}",
                path=result.path,
                line=result.line or 0,
            )


def _edits(change: Change) -> Iterator[Edit]:
    """Each stretch of lines that the change is about."""
    before, after = _lines(change.before), _lines(change.after)
    for tag, start, end, new_start, new_end in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag != "equal":
            region = Range(start_line=start + 1, end_line=end + 1)
            if end > start and not before[end - 1].endswith("\n"):  # there is no line after it
                region = Range(start_line=start + 1, end_line=end, end_column=len(before[end - 1]) + 1)
            yield Edit(range=region, text="".join(after[new_start:new_end]))


def _lines(data: bytes) -> Sequence[str]:
    """The file's lines with their ends, in its own encoding."""
    try:
        text = data.decode(tokenize.detect_encoding(BytesIO(data).readline)[0])
    except (SyntaxError, UnicodeDecodeError, LookupError):  # a codemod's result can't be such a file
        text = data.decode("utf-8", "backslashreplace")
    lines = text.split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *filter(None, lines[-1:])]
