"""The examples that Fixit rules contain."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_orchestrator.diagnostics import Range


@dataclass(frozen=True, kw_only=True)
class RuleCase:
    """One example of a Fixit rule; a field that is None is not checked."""

    name: str
    """`VALID-0`, `INVALID-3`: its list and its index in it."""
    code: str
    is_valid: bool
    range: Range | None = None
    message: str | None = None
    replacement: str | None = None
