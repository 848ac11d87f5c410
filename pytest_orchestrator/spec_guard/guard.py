"""The spec guard as one call, for the command line and for agents; the pytest plugin asks item by item."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.errors import UsageError
from pytest_orchestrator.records import Diagnostic
from pytest_orchestrator.spec_guard.change.scope import Scope, as_warnings, is_concerned, resolve_scope
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.inspection import Inspection, blocking
from pytest_orchestrator.spec_guard.policy import check_policy
from pytest_orchestrator.spec_guard.reports.report import SpecReport, compared_range
from pytest_orchestrator.spec_guard.rules.rule import Rule, RuleContext
from pytest_orchestrator.spec_guard.rules.shipped import CHANGE, FRESHNESS, FRONT_MATTER, SHIPPED_RULES
from pytest_orchestrator.spec_guard.rules.verdict import settle


def guard(  # noqa: PLR0913 - what a verdict depends on is said by the caller, not found out here
    root: Path,
    *,
    settings: SpecGuardSettings,
    today: date,
    base: str | None = None,
    paths: Sequence[str] = (),
    scope: Scope | None = None,
    rules: Sequence[Rule] = SHIPPED_RULES,
    environ: Mapping[str, str] = os.environ,
) -> SpecReport:
    """Check the specs of the project in `root`.

    `paths` are files and folders relative to `root`: only the specs and the changed code among them are judged. With
    the scope `diff`, which is the default in a pull request, findings on other specs than those that changed, or that
    govern changed code, are warnings; with `changed`, other specs are not judged at all, but for unreadable ones.

    Raises:
        GitError: what changed can't be told; no verdict is better than a wrong one.
        InputError: the settings name a path that is wrong.
        UsageError: one of `paths` does not exist, or two rules have one id.
    """
    check_rules(rules)
    rule_ids = tuple(rule.id for rule in rules)
    check_policy(root, settings, rule_ids)
    inspection = Inspection(root, settings=settings, today=today, base=base, environ=environ, rule_ids=rule_ids)
    effective = resolve_scope(scope, settings.scope, environ)
    context = inspection.change_context
    chosen = _chooser(root, context, tuple(paths))
    if effective == "changed":
        chosen = _concerned(context, chosen)
    context = inspection.with_background(context, [spec for spec in context.specs if chosen(spec.path)])
    found = _diagnostics(context, rules, chosen, effective)
    diagnostics = tuple(dict.fromkeys(found))
    return SpecReport(
        today=today,
        specs=tuple(spec.path for spec in context.specs if chosen(spec.path)),
        diagnostics=tuple(sorted(diagnostics, key=lambda item: (item.path, item.range, item.rule))),
        compared=compared_range(context.changes),
    )


def check_rules(rules: Iterable[Rule]) -> None:
    """Raises `UsageError` when two rules have one id."""
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise UsageError(f"two spec rules have the id {rule.id!r}", fix="rename or remove one of them")
        seen.add(rule.id)


def check_spec(spec: SpecDocument, rules: Iterable[Rule], context: RuleContext) -> Iterator[Diagnostic]:
    """What `rules` say of one spec. Where its front matter is broken they hold their tongue; the front matter's own
    rules have said what is wrong."""
    for rule in rules:
        if rule.group == FRONT_MATTER or not blocking(spec, freshness=rule.group == FRESHNESS):
            found = _checked(rule, rule.check, spec, context)
            if found:
                yield from settle(found, context, spec=spec)


def check_in_scope(
    spec: SpecDocument, rules: Sequence[Rule], context: RuleContext, scope: Scope
) -> Iterator[Diagnostic]:
    """What `rules` say of one spec in a scope. Front matter that can't be understood is an error in every scope: of
    such a spec nobody knows what it governs."""
    found = check_spec(spec, rules, context)
    yield from found if scope == "all" or spec.problems or is_concerned(spec, context.changes) else as_warnings(found)


def check_repository(rules: Iterable[Rule], context: RuleContext) -> Iterator[Diagnostic]:
    """What `rules` say of the project as a whole."""
    for rule in rules:
        yield from settle(_checked(rule, rule.check_repository, context), context)


def _checked(rule: Rule, check: Callable[..., Iterable[Diagnostic]], *judged: object) -> tuple[Diagnostic, ...]:
    try:
        return tuple(check(*judged))
    except Exception as error:
        if rule in SHIPPED_RULES:
            raise
        raise UsageError(
            f"the spec rule {rule.id} failed: {type(error).__name__}: {error}", fix="correct the rule, or remove it"
        ) from error


def _diagnostics(
    context: RuleContext, rules: Sequence[Rule], chosen: Callable[[str], bool], scope: Scope
) -> Iterator[Diagnostic]:
    everything = all(map(chosen, (*context.changes.files, *(spec.path for spec in context.specs))))
    narrowed = context if everything else _narrowed(context, chosen)
    judging = [rule for rule in rules if rule.judges_specs]
    of_changes = [rule for rule in judging if rule.group == CHANGE]
    for spec in context.specs:
        if chosen(spec.path):
            yield from check_in_scope(spec, judging, context, scope)
        else:
            # The spec itself was not asked about, but the changed code that it governs may have been.
            yield from check_spec(spec, of_changes, narrowed)
    unasked = {spec.path for spec in context.specs if not chosen(spec.path)}
    yield from (item for item in check_repository(rules, narrowed) if item.path not in unasked)


def _narrowed(context: RuleContext, chosen: Callable[[str], bool]) -> RuleContext:
    return replace(
        context,
        # Those that were not asked about first: of two specs with one id the later one is blamed.
        specs=tuple(sorted(context.specs, key=lambda spec: (chosen(spec.path), spec.path))),
        changes=context.changes.narrowed(chosen),
    )


def _concerned(context: RuleContext, asked: Callable[[str], bool]) -> Callable[[str], bool]:
    """Of what is `asked` about, the changed code, and the specs that the change concerns or that can't be read."""
    changes = context.changes
    others = {spec.path for spec in context.specs if not spec.problems and not is_concerned(spec, changes)}
    return lambda path: path not in others and asked(path)


def _chooser(root: Path, context: RuleContext, paths: tuple[str, ...]) -> Callable[[str], bool]:
    changes = context.changes
    known = {*changes.files, *changes.specs}
    wanted = tuple(path.rstrip("/") or "." for path in paths)
    for path in wanted:
        if path not in known and not os.path.lexists(root / path):
            raise UsageError(f"{path} does not exist", fix="name specs, folders or changed files")

    everything = not wanted or "." in wanted
    below = tuple(f"{item}/" for item in wanted)

    def chosen(path: str) -> bool:
        return everything or path in wanted or path.startswith(below)

    return chosen
