"""SG021: what a change demands less of than the base did. The change itself is judged by what the base demands."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.display import listed
from pytest_orchestrator.spec_guard.change.duties import is_binding, lost_code, needs_evidence
from pytest_orchestrator.spec_guard.coverage.anchors import PathIndex, file_globs, parse_anchor
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.rules.rule import Rule, RuleContext

_RULE = "SG021"
_FIX = "restore it, or let another person approve an override first (docs/rules/SG021.md)"


def _loosened(context: RuleContext) -> Iterator[Diagnostic]:
    for item in context.loosened:
        yield Diagnostic(
            rule=_RULE,
            severity="error",
            message=f"loosens {item.what}: from {item.before} to {item.after}",
            path=item.path,
            range=Range.of_line(item.line),
            fix=_FIX,
        )
    if context.changes.earlier:
        for spec in context.specs:
            yield from _loosened_spec(spec, context)
        yield from _left_code(context)


def _loosened_spec(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    """A spec that demands less of its own than at the base."""
    before = context.changes.before(spec)
    if before is None or before is spec or before.declaration is None or spec.declaration is None:
        return
    status, former = spec.declaration.status, before.declaration.status
    if is_binding(before) and spec.in_force and not is_binding(spec):
        yield _finding(spec, f"loosens the status: from {former} to {status}", "status")
    if needs_evidence(before) and spec.in_force and not needs_evidence(spec):
        yield _finding(spec, "loosens the evidence: from required to optional", "evidence")
    if before.in_force and spec.in_force and not before.shares_code and spec.shares_code:
        yield _finding(spec, "loosens the covers_mode: from all to any", "covers_mode")
    if _took_an_id(spec, before, context):
        mine = context.changes.former_id[spec.path]
        message = f"loosens what {mine} demands: this file now has the id {spec.id}, which was that of {before.path}"
        yield _finding(spec, message, "id")


def _took_an_id(spec: SpecDocument, before: SpecDocument, context: RuleContext) -> bool:
    """Whether the file took over the id of another spec of the base, and not its text."""
    former = context.changes.former_id.get(spec.path)
    return former not in (None, spec.id) and before.path != spec.path and not spec.says_the_same(before)


def _left_code(context: RuleContext) -> Iterator[Diagnostic]:
    """Code that stays, and that the specs which cover it now demand less of. Code without any spec is SG020's."""
    changes = context.changes
    heirs = {before.path: spec for spec in context.specs if (before := changes.before(spec)) is not None}
    demands = [
        (kind, holds, lost_code(changes, context.specs, context.find_files, holds))
        for kind, holds in (("an approved spec", is_binding), ("a spec with evidence", needs_evidence))
    ]
    for old in changes.earlier:
        heir, uncovered = heirs.get(old.path), context.lost_cover.get(old.path, ())
        for kind, holds, lost in demands:
            left = [name for name in lost.get(old.path, ()) if name not in uncovered]
            # One that is in force and doesn't hold it any more is reported for its status or its evidence.
            if left and (heir is None or not heir.in_force or holds(heir)):
                yield _finding(old, f"loosens what {listed(left)} is held to: from {kind} to none", "covers")
        edited = heir is not None and heir.in_force and (heir.path == old.path or heir.id == old.id)
        if old.in_force and not edited and (weaker := _weaker(old, context)):
            message = f"loosens its requirements: it is gone, and the specs that now cover its code say less: {weaker}"
            yield _finding(old, message, "id")


def _weaker(old: SpecDocument, context: RuleContext) -> str:
    """The first requirement of a spec that is gone, and that is weaker in the specs that now cover its code."""
    files = PathIndex(path for text in old.covers for path in context.find_files(text))
    heirs = [
        spec.body
        for spec in context.specs
        if spec.in_force and any(files.matching(parse_anchor(glob)) for glob in file_globs(spec.covers))
    ]
    if not heirs:
        return ""
    from pytest_orchestrator.spec_guard.document.weakening import find_weakenings  # as in SG016

    found = find_weakenings(old.body, "\n\n".join(heirs))
    return next((item.message for item in found), "")


def _finding(spec: SpecDocument, message: str, key: str) -> Diagnostic:
    return spec.diagnostic(_RULE, message, key=(key,), fix=_FIX)


LOOSENING_RULES: tuple[Rule, ...] = (
    Rule(
        id=_RULE,
        reason="A change that loosens the rules which judge it would always pass.",
        fix="Restore what was loosened, or merge an override that another person approved first.",
        docs="docs/rules/SG021.md",
        check_repository=_loosened,
    ),
)
