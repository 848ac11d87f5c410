"""SARIF 2.1.0, the format in which editors and forges read findings. Values in, text out.

The format is https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html. Lines and columns are those of
`diagnostics.Range`: 1-based, columns in characters, which the log says of itself (`columnKind`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from pytest_orchestrator.diagnostics import Diagnostic, Edit, Range, Severity

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "ROOT"


@dataclass(frozen=True, kw_only=True)
class SarifRule:
    """A rule that results can name. Empty fields are left out."""

    id: str
    summary: str
    help: str = ""
    severity: Severity | Literal[""] = ""
    documentation: str = ""


@dataclass(frozen=True, kw_only=True)
class Notification:
    """What happened beside the results, such as a file that was not checked. `line` is 1-based; 0: the whole file."""

    level: Severity
    message: str
    path: str = ""
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class SarifLog:
    """One run of this package. `results` with an `edit` get a fix."""

    rules: Sequence[SarifRule]
    results: Iterable[Diagnostic]
    notifications: Iterable[Notification] = ()
    successful: bool
    version: str
    """The version of this package."""
    root: str
    """What the paths are relative to, in a sentence."""


def render_sarif(log: SarifLog) -> str:
    """The log as JSON, ASCII only, with a newline at its end."""
    indexes = {rule.id: index for index, rule in enumerate(log.rules)}
    driver = {"name": "pytest-orchestrator", "version": log.version, "semanticVersion": log.version}
    run = {
        "tool": {"driver": {**driver, "rules": [_rule(rule) for rule in log.rules]}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": log.root}}},
        "invocations": [
            {
                "executionSuccessful": log.successful,
                "toolExecutionNotifications": [_notification(item) for item in log.notifications],
            }
        ],
        "results": [_result(item, indexes) for item in log.results],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: SarifRule) -> dict[str, Any]:
    found: dict[str, Any] = {"id": rule.id, "shortDescription": {"text": rule.summary}}
    if rule.help:
        found["help"] = {"text": rule.help}
    if rule.severity:
        found["defaultConfiguration"] = {"level": rule.severity}
    if rule.documentation:
        found["properties"] = {"documentation": rule.documentation}
    return found


def _notification(item: Notification) -> dict[str, Any]:
    found: dict[str, Any] = {"level": item.level, "message": {"text": _encodable(item.message)}}
    if item.path:
        region = {"region": {"startLine": item.line}} if item.line else {}
        found["locations"] = [{"physicalLocation": {"artifactLocation": _artifact(item.path), **region}}]
    return found


def _result(item: Diagnostic, indexes: dict[str, int]) -> dict[str, Any]:
    artifact = _artifact(item.path)
    found: dict[str, Any] = {"ruleId": item.rule}
    if item.rule in indexes:
        found["ruleIndex"] = indexes[item.rule]
    found["level"] = item.severity
    end = "" if item.message.endswith((".", "?", "!")) else "."
    found["message"] = {"text": _encodable(f"{item.message}{end} {item.fix}" if item.fix else item.message)}
    found["locations"] = [{"physicalLocation": {"artifactLocation": artifact, "region": _lines(item.range)}}]
    if item.edit is not None:
        found["fixes"] = [_fix(item.message, artifact, item.edit)]
    return found


def _fix(description: str, artifact: dict[str, str], edit: Edit) -> dict[str, Any]:
    replacement = {"deletedRegion": _region(edit.range), "insertedContent": {"text": edit.text}}
    changes = [{"artifactLocation": artifact, "replacements": [replacement]}]
    return {"description": {"text": _encodable(description)}, "artifactChanges": changes}


def _lines(found: Range) -> dict[str, int]:
    """A region to show. Whole lines end at their last line; our ranges end at the start of the line after it."""
    if found.end_column == 1 and found.end_line > found.start_line and found.start_column == 1:
        return {"startLine": found.start_line, "endLine": found.end_line - 1}
    return _region(found)


def _region(found: Range) -> dict[str, int]:
    return {
        "startLine": found.start_line,
        "startColumn": found.start_column,
        "endLine": found.end_line,
        "endColumn": found.end_column,
    }


def _artifact(path: str) -> dict[str, str]:
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = _encodable(path).encode()
    return {"uri": quote(data), "uriBaseId": _ROOT}


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
