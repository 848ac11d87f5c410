"""`spec rule`: what a rule demands, why, and how to mend what it reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.errors import UsageError
from pytest_orchestrator.files import read_text
from pytest_orchestrator.spec_guard.rules.rule import Rule

_PACKAGE = Path(__file__).resolve().parents[2]
_PAGES = "docs/rules/"
_MAX_BYTES = 1 << 20


def find_rule(rules: Sequence[Rule], name: str) -> Rule:
    """The rule with the id `name`, in any case. Raises `UsageError` when there is none."""
    found = next((rule for rule in rules if rule.id.casefold() == name.casefold()), None)
    if found is None:
        raise UsageError(
            f"there is no spec rule {name!r}: {did_you_mean(name, [rule.id for rule in rules])}",
            fix="list them: pytest-orchestrator spec rule",
        )
    return found


def page(rule: Rule) -> str | None:
    """The page that explains a rule of ours, as Markdown; None for a rule of another package."""
    if not rule.docs.startswith(_PAGES):
        return None
    name = rule.docs.removeprefix(_PAGES)
    shipped = _PACKAGE / "_library" / "rules"
    # An editable checkout has its pages beside the package.
    where = (shipped if shipped.is_dir() else _PACKAGE.parent / "docs" / "rules") / name
    return read_text(where, max_bytes=_MAX_BYTES, display_path=rule.docs) if where.is_file() else None
