"""Phrases that several rules use in their messages."""

from __future__ import annotations

from pytest_orchestrator.spec_guard.document.spec import SpecDocument


def review_command(spec: SpecDocument) -> str:
    """The command that records a review of `spec`."""
    from shlex import quote

    owner = spec.declaration.owners[0] if spec.declaration else "OWNER"
    return f"pytest-orchestrator spec review {quote(spec.path)} --by {quote(owner)}"


def days(count: int) -> str:
    """A number of days, e.g. `1 day`."""
    return f"{count} day" if count == 1 else f"{count} days"
