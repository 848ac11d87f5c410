"""The examples that Fixit's rules come with."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_orchestrator.records import Range


@dataclass(frozen=True, kw_only=True)
class RuleCase:
    """One example of a Fixit rule; what is None may be anything."""

    name: str
    """`VALID-0`, `INVALID-3`: the list that it is in, and its place there."""
    code: str
    is_valid: bool
    range: Range | None = None
    message: str | None = None
    replacement: str | None = None
