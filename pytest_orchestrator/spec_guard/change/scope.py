"""Whether specs that a change has nothing to do with can fail it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from pytest_orchestrator.records import Diagnostic
from pytest_orchestrator.spec_guard.change.changes import Changes
from pytest_orchestrator.spec_guard.document.spec import SpecDocument

Scope = Literal["all", "diff", "changed"]

# By these the services say that what they build wants to be merged; see `base` for what it is compared with.
_PULL_REQUESTS = (
    "GITHUB_BASE_REF",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "BITBUCKET_PR_DESTINATION_BRANCH",
    "SYSTEM_PULLREQUEST_TARGETBRANCH",
    "CHANGE_TARGET",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
)


def resolve_scope(asked: Scope | None, configured: Literal["auto", "all", "diff"], environ: Mapping[str, str]) -> Scope:
    """What was asked for, or else configured; left to ourselves, `diff` in a pull request."""
    if asked is not None:
        return asked
    if configured != "auto":
        return configured
    return "diff" if any(environ.get(name) for name in _PULL_REQUESTS) else "all"


def is_concerned(spec: SpecDocument, changes: Changes) -> bool:
    """Whether the change touches the spec, or code that it governs."""
    return changes.before(spec) is not spec or bool(changes.governed(spec))


def as_warnings(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Findings on a spec that the change has nothing to do with."""
    for item in found:
        if item.severity == "error":
            yield replace(item, severity="warning", message=f"{item.message} (not this change's doing)")
        else:
            yield item
