"""The scope of a check: whether specs that a change does not concern are errors, warnings or not checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.spec_guard.change.changes import Changes
from pytest_orchestrator.spec_guard.document.spec import SpecDocument

Scope = Literal["all", "diff", "changed"]

# CI services set one of these in builds of pull requests. `base` reads from them what to compare with.
_PULL_REQUESTS = (
    "GITHUB_BASE_REF",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "BITBUCKET_PR_DESTINATION_BRANCH",
    "SYSTEM_PULLREQUEST_TARGETBRANCH",
    "CHANGE_TARGET",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
)


def resolve_scope(asked: Scope | None, configured: Literal["auto", "all", "diff"], environ: Mapping[str, str]) -> Scope:
    """The scope that was asked for, else the configured one; `auto` means `diff` in a pull request, else `all`."""
    if asked is not None:
        return asked
    if configured != "auto":
        return configured
    return "diff" if any(environ.get(name) for name in _PULL_REQUESTS) else "all"


def is_concerned(spec: SpecDocument, changes: Changes) -> bool:
    """Whether the change edits the spec, or code that it governs."""
    return changes.before(spec) is not spec or bool(changes.governed(spec))


def as_warnings(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings on a spec that the change does not concern: errors become warnings."""
    for item in found:
        if item.severity == "error":
            yield replace(item, severity="warning", message=f"{item.message} (not caused by this change)")
        else:
            yield item
