"""What patterns found and changed as SARIF 2.1.0: a result for each finding and changed stretch of lines, with its fix.

Places are the engine's own: lines and columns from 1, columns in characters, which the run says of itself.
"""

from __future__ import annotations

import difflib
import json
import tokenize
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import quote

from pytest_orchestrator.commands.patterns.apply import Applied, Change
from pytest_orchestrator.commands.patterns.findings import diagnostics, rules
from pytest_orchestrator.pattern_engine.results import Edited, Rejected
from pytest_orchestrator.records import Diagnostic, Edit, Range

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(applied: Applied) -> str:
    """The run as one document."""
    failed = applied.report.failures
    run = {
        "tool": {"driver": {"name": "pytest-orchestrator", "rules": list(_rules(applied))}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {"executionSuccessful": not failed, "toolExecutionNotifications": list(_left_alone(applied, failed))}
        ],
        "results": list(_results(applied)),
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rules(applied: Applied) -> Iterator[dict[str, Any]]:
    for id_ in rules(applied):
        yield {"id": id_, "shortDescription": {"text": applied.titles.get(id_) or id_}}


def _results(applied: Applied) -> Iterator[dict[str, Any]]:
    yield from map(_finding, diagnostics(applied))
    patterns = {result.path: result.patterns for result in applied.report.files if isinstance(result, Edited)}
    for change in applied.changes:
        for edit in _edits(change):
            names = ", ".join(patterns[change.path])
            found = _result(patterns[change.path][0], f"{names} changes this", change.path, edit.range)
            yield {**found, "fixes": [_fix(names, change.path, edit)]}


def _left_alone(applied: Applied, failed: Sequence[Rejected]) -> Iterator[dict[str, Any]]:
    for result in applied.report.files:
        if isinstance(result, Rejected):
            place: dict[str, Any] = {"artifactLocation": _artifact(result.path)}
            if result.line:
                place["region"] = {"startLine": result.line}
            text = f"left alone ({result.reason}): {result.pattern and result.pattern + ': '}{result.message}"
            level = "error" if result in failed else "warning"
            yield {"level": level, "message": {"text": text}, "locations": [{"physicalLocation": place}]}


def _finding(item: Diagnostic) -> dict[str, Any]:
    found = _result(item.rule, item.message, item.path, item.range)
    return {**found, "fixes": [_fix(item.rule, item.path, item.edit)]} if item.edit is not None else found


def _result(rule: str, message: str, path: str, place: Range) -> dict[str, Any]:
    location = {"physicalLocation": {"artifactLocation": _artifact(path), "region": _region(place)}}
    return {"ruleId": rule, "level": "warning", "message": {"text": message}, "locations": [location]}


def _fix(names: str, path: str, edit: Edit) -> dict[str, Any]:
    replacement = {"deletedRegion": _region(edit.range), "insertedContent": {"text": edit.text}}
    change = {"artifactLocation": _artifact(path), "replacements": [replacement]}
    return {"description": {"text": names}, "artifactChanges": [change]}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path, errors="surrogateescape")}


def _region(place: Range) -> dict[str, int]:
    return {
        "startLine": place.start_line,
        "startColumn": place.start_column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _edits(change: Change) -> Iterator[Edit]:
    """Each stretch of lines that the change is about."""
    before, after = _lines(change.before), _lines(change.after)
    for tag, start, end, new_start, new_end in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag != "equal":
            place = Range(start_line=start + 1, end_line=end + 1)
            if end > start and not before[end - 1].endswith("\n"):  # there is no line after it
                place = Range(start_line=start + 1, end_line=end, end_column=len(before[end - 1]) + 1)
            yield Edit(range=place, text="".join(after[new_start:new_end]))


def _lines(data: bytes) -> Sequence[str]:
    """The file's lines with their ends, in its own encoding."""
    try:
        text = data.decode(tokenize.detect_encoding(BytesIO(data).readline)[0])
    except (SyntaxError, UnicodeDecodeError, LookupError):  # a codemod's result can't be such a file
        text = data.decode("utf-8", "backslashreplace")
    lines = text.split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), *filter(None, lines[-1:])]
