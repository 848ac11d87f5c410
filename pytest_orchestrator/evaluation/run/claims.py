"""An agent's report, checked against the trees. Where they differ, the agent is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Container, Mapping
from typing import Any

from pytest_orchestrator.codec.decode import decode_json
from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.errors import AgentError, InputError
from pytest_orchestrator.evaluation.outcome import FileDiagnostics, FileEdit, Observation, RejectedFile
from pytest_orchestrator.pattern_engine.results import ApplyReport, Edited, Found, Rejected

Digests = Mapping[str, str]
"""One file: `before_sha256`, empty for a file that was not selected, and `after_sha256`, empty if there is none."""


class FalseClaimError(AgentError):
    """The agent's report differs from the tree. `details` holds both sides."""

    def __init__(self, message: str, details: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.details = details

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.message, self.details)


def read_claims(agent: str, tool: str, content: Mapping[str, Any]) -> ApplyReport:
    """An agent's answer as a report. `tool` is the name that messages give.

    Raises:
        AgentError: the answer does not have a report's fields, or says that not every file was examined.
    """
    try:
        report = decode_json(ApplyReport, dict(content), path=tool)
    except InputError as error:
        raise AgentError(
            f"agent {agent!r} answered {tool} with something else than a report: {error.message}"
        ) from error
    if report.stopped:
        raise AgentError(f"agent {agent!r} stopped {tool} before every file was examined")
    return report


def check_edits(agent: str, report: ApplyReport, found: Mapping[str, Digests]) -> None:
    """Check that the agent's report lists exactly the edits found in the tree, by path, with the same digests.

    Raises:
        FalseClaimError: it does not.
    """
    claimed = {
        item.path: {"before_sha256": item.before_sha256, "after_sha256": item.after_sha256}
        for item in report.files
        if isinstance(item, Edited)
    }
    wrong = sorted(path for path in claimed.keys() | found.keys() if not _agree(claimed.get(path), found.get(path)))
    if not wrong:
        return
    raise FalseClaimError(
        f"agent {agent!r} {_contradiction(wrong[0], claimed, found)}"
        + (f" (and {len(wrong) - 1} more such files)" if len(wrong) > 1 else ""),
        {
            "claimed": {path: claimed.get(path) for path in wrong},
            "excerpt": {path: found.get(path) for path in wrong},
        },
    )


def check_locations(agent: str, report: ApplyReport, sources: Mapping[str, bytes]) -> None:
    """Check that every diagnostic and rejection names one of the files in `sources`, and a line that the file has.

    Edits of other files are not checked here, but by the gate `contained`.

    Raises:
        FalseClaimError: one does not.
    """
    for item in report.files:
        if isinstance(item, Edited):
            continue
        if item.path not in sources:
            raise FalseClaimError(
                f"agent {agent!r} reports on {item.path}, which was not selected", {"claimed": item.path}
            )
        if isinstance(item, Found):
            last = sources[item.path].count(b"\n") + 1
            for diagnostic in item.diagnostics:
                if diagnostic.path != item.path or diagnostic.range.start_line > last:
                    raise FalseClaimError(
                        f"agent {agent!r} found something at {diagnostic.path}:{diagnostic.range.start_line}, "
                        f"but {item.path} has {last} lines",
                        {"claimed": str(diagnostic), "excerpt": f"{item.path} has {last} lines"},
                    )


def observe(report: ApplyReport, *, tree: str = "", edits: tuple[FileEdit, ...] = ()) -> Observation:
    """The observation that a checked report leads to. `tree` and `edits` come from the harness's own diff."""
    found = [item for item in report.files if isinstance(item, Found)]
    rejected = [item for item in report.files if isinstance(item, Rejected)]
    return Observation(
        tree=tree,
        examined=report.examined,
        edits=edits,
        diagnostics=tuple(
            FileDiagnostics(path=item.path, count=len(item.diagnostics))
            for item in sorted(found, key=lambda item: item.path)
        ),
        diagnostics_sha256=digest_diagnostics(list_diagnostics(report)),
        rejected=tuple(
            RejectedFile(path=item.path, reason=item.reason, pattern=item.pattern, message=item.message, line=item.line)
            for item in sorted(rejected, key=lambda item: (item.path, item.pattern))
        ),
    )


def list_diagnostics(report: ApplyReport) -> tuple[Diagnostic, ...]:
    """All diagnostics, sorted by path and range."""
    found = (diagnostic for item in report.files if isinstance(item, Found) for diagnostic in item.diagnostics)
    return tuple(sorted(found, key=lambda item: (item.path, item.range, item.rule, item.message)))


def digest_diagnostics(diagnostics: Collection[Diagnostic]) -> str:
    """SHA-256 over location, rule and message of every diagnostic, in sorted order; empty without diagnostics."""
    if not diagnostics:
        return ""
    lines = sorted(
        f"{item.path}:{item.range.start_line}:{item.range.start_column}: {item.rule}: {item.message}\n"
        for item in diagnostics
    )
    return hashlib.sha256("".join(lines).encode("utf-8", "backslashreplace")).hexdigest()


def _agree(claimed: Digests | None, found: Digests | None) -> bool:
    if claimed is None or found is None:
        return False
    after_only = not found["before_sha256"]
    return claimed == found or (after_only and claimed["after_sha256"] == found["after_sha256"])


def _contradiction(path: str, claimed: Container[str], found: Container[str]) -> str:
    if path not in found:
        return f"reports an edit of {path}, but the tree does not contain it"
    if path not in claimed:
        return f"changed {path} without reporting it"
    return f"reports another edit of {path} than the one in the tree"
