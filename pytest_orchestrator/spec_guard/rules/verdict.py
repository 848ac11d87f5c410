"""Applies the project's severities and overrides to the findings of rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.rules.rule import RuleContext

_EXCUSED = " (excused until "
_KNOWN = " (in the baseline)"


def is_excused(item: Diagnostic) -> bool:
    """Whether an override turned the finding from an error into a warning."""
    return item.severity == "warning" and _EXCUSED in item.message


def is_in_baseline(item: Diagnostic) -> bool:
    """Whether the baseline turned the finding from an error into a warning."""
    return item.severity == "warning" and item.message.endswith(_KNOWN)


def settle(
    found: Iterable[Diagnostic], context: RuleContext, *, spec: SpecDocument | None = None
) -> Iterator[Diagnostic]:
    """The findings with the severities that the project sets. One that an override excuses is a warning that names it,
    and one that the baseline holds a warning that says so.

    `spec` is the spec that the findings are about, if they are about one; the context may lack it.
    """
    severities = context.policy.severity
    for item in found:
        severity = severities.get(item.rule, item.severity)
        if severity == "off":
            continue
        settled = item if severity == item.severity else replace(item, severity=severity)
        if settled.severity == "error" and context.is_known(item):
            settled = replace(settled, severity="warning", message=f"{settled.message}{_KNOWN}")
        yield settled if settled.severity == "warning" else _excused(settled, context, spec)


def _excused(item: Diagnostic, context: RuleContext, spec: SpecDocument | None) -> Diagnostic:
    if not context.ledgers.overrides:
        return item
    names: dict[str, str | None] = {path: name for name, path in context.ids.items()}
    if spec is not None:
        names[spec.path] = spec.id
    # Nothing is excused by taking over the place that an override names.
    former = None if spec is None else context.changes.before(spec)
    for override in context.overrides_in_force:
        was_meant = former is None or override.concerns(former.path, former.id)
        if was_meant and override.excuses(item, names.get(item.path)):
            message = (
                f"{item.message}{_EXCUSED}{override.expires} by {override.owner}, "
                f"approved by {override.approved_by}: {override.reason})"
            )
            return replace(item, severity="warning", message=message)
    return item
