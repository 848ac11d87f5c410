"""Phrases that several rules use in their messages."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_orchestrator.spec_guard.document.spec import SpecDocument

_MAX_NAMES = 5


def review_command(spec: SpecDocument) -> str:
    """The command that records a review of `spec`."""
    from shlex import quote

    owner = spec.declaration.owners[0] if spec.declaration else "OWNER"
    return f"pytest-orchestrator spec review {quote(spec.path)} --by {quote(owner)}"


def days(count: int) -> str:
    """A number of days, e.g. `1 day`."""
    return f"{count} day" if count == 1 else f"{count} days"


def listed(names: Sequence[str]) -> str:
    """The first five names, and how many there are more."""
    more = len(names) - _MAX_NAMES
    return ", ".join(names[:_MAX_NAMES]) + (f" and {more} more" if more > 0 else "")
