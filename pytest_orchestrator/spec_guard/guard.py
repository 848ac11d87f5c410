"""The spec guard as one call, for the command line and for agents, and its parts for the items of the pytest plugin."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.config import PROJECT_FILE, SpecGuardSettings, setting_line
from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.errors import InputError, UsageError
from pytest_orchestrator.files import leaves
from pytest_orchestrator.spec_guard.change.scope import Scope, as_warnings, is_concerned, resolve_scope
from pytest_orchestrator.spec_guard.contexts import Contexts
from pytest_orchestrator.spec_guard.coverage import globs
from pytest_orchestrator.spec_guard.document.mapping import pattern_problem
from pytest_orchestrator.spec_guard.document.spec import SpecDocument, our_keys
from pytest_orchestrator.spec_guard.project import Project
from pytest_orchestrator.spec_guard.reports.report import SpecReport, compared_range, notes_on, without_known
from pytest_orchestrator.spec_guard.rules.rule import CHANGE, FRESHNESS, FRONT_MATTER, Rule, RuleContext
from pytest_orchestrator.spec_guard.rules.shipped import SHIPPED_RULES
from pytest_orchestrator.spec_guard.rules.verdict import settle

_NO_SPECS = "SG008"
_LEDGERS = ("reviews", "overrides", "approvers", "index", "baseline")


def guard(project: Project, *, paths: Sequence[str] = (), scope: Scope | None = None) -> SpecReport:
    """Check the specs of a project by its rules.

    `paths` are files and folders relative to the project's root: only the specs and the changed code among them are
    checked; without any, everything is. With the scope `diff`, the default in a pull request, findings on specs that
    the change does not concern are warnings. With `changed` those specs are not checked.

    Raises:
        GitError: git cannot tell what changed; no report is better than a wrong one.
        InputError: the settings name a wrong path.
        UsageError: one of `paths` does not exist, or two rules have one id.
    """
    check_rules(project.rules)
    check_policy(project.root, project.settings, [rule.id for rule in project.rules])
    if scope == "changed" and all(rule in SHIPPED_RULES for rule in project.rules):
        project = project.narrowed()  # a rule of another package may look at any spec
    log = project.log  # git writes it while the specs are read
    try:
        return _report(project, paths, scope)
    finally:
        log.stop()


def _report(project: Project, paths: Sequence[str], scope: Scope | None) -> SpecReport:
    scope = resolve_scope(scope, project.policy.settings.scope, project.environ)
    chosen = _chooser(project, tuple(paths))
    if scope == "changed":
        chosen = _concerned(project, chosen)
    checked = [spec for spec in project.specs if chosen(spec.path)]
    context = Contexts(project).of_specs(checked)
    diagnostics, known = without_known(_diagnostics(context, project.rules, chosen, scope))
    reported = {item.path for item in diagnostics}
    return SpecReport(
        today=project.today,
        specs=tuple(spec.path for spec in checked),
        diagnostics=diagnostics,
        compared=compared_range(project.changes),
        baseline=known,
        notes=notes_on(project.ignored, context.baseline, path=project.settings.baseline),
        concerned=tuple(spec.path for spec in checked if spec.path in reported and is_concerned(spec, project.changes)),
    )


def check_rules(rules: Iterable[Rule]) -> None:
    """Raises `UsageError` when two rules have one id."""
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise UsageError(f"two spec rules have the id {rule.id!r}", fix="rename or remove one of them")
        seen.add(rule.id)


def check_policy(root: Path, settings: SpecGuardSettings, rule_ids: Iterable[str]) -> None:
    """Raises `InputError`, with the line in `pyproject.toml`, when a severity is set for an unknown rule, a glob of
    `code` is invalid, or a ledger is outside of the project."""
    known = tuple(rule_ids)
    for name in settings.severity:
        if name not in known:
            message = f"names the unknown rule {name!r}: {did_you_mean(name, known)}"
            raise _setting_error(root, ("severity", name), message, fix="remove the line or correct the rule's id")
    for key in ("code", "exclude", "max_age"):
        for glob in getattr(settings, key):
            if problem := globs.problem(glob):
                raise _setting_error(root, (key,), f"{glob!r} {problem}", fix="correct the glob")
    _check_mapping(root, settings)
    check_ledgers(root, settings)


def check_ledgers(root: Path, settings: SpecGuardSettings) -> None:
    """Raises `InputError`, with the line in `pyproject.toml`, when a ledger is outside of the project."""
    for key in _LEDGERS:
        path = getattr(settings, key)
        if leaves(path):
            raise _setting_error(
                root, (key,), f"{path!r} is not a file in the project", fix="name it relative to the project"
            )


def _check_mapping(root: Path, settings: SpecGuardSettings) -> None:
    for table in ("front_matter", "stamp"):
        for theirs, ours in getattr(settings, table).keys.items():
            if ours not in our_keys():
                message = f"maps {theirs!r} to the unknown key {ours!r}: {did_you_mean(ours, our_keys())}"
                raise _setting_error(root, (table, "keys"), message, fix="correct the key")
    for pattern in settings.front_matter.ids:
        if problem := pattern_problem(pattern):
            raise _setting_error(root, ("front_matter", "ids"), f"{pattern!r} {problem}", fix="correct the pattern")
    if "/" in settings.front_matter.beside or settings.front_matter.beside in (".", ".."):
        message = f"{settings.front_matter.beside!r} is not the name of a file in the spec's folder"
        raise _setting_error(root, ("front_matter", "beside"), message, fix="leave out the folder")


def _setting_error(root: Path, key: tuple[str, ...], message: str, *, fix: str) -> InputError:
    line = setting_line(root, "spec_guard", *key)
    return InputError(f"tool.pytest_orchestrator.spec_guard.{key[0]}: {message}", path=PROJECT_FILE, line=line, fix=fix)


def check_spec(spec: SpecDocument, rules: Iterable[Rule], context: RuleContext) -> Iterator[Diagnostic]:
    """The findings of `rules` on one spec. When its front matter is broken, only the rules about it report."""
    for rule in rules:
        if rule.group == FRONT_MATTER or not blocking_problems(spec, freshness=rule.group == FRESHNESS):
            found = _checked(rule, rule.check, spec, context)
            if found:
                yield from settle(found, context, spec=spec)


def in_scope(
    spec: SpecDocument, found: Iterable[Diagnostic], context: RuleContext, scope: Scope
) -> Iterable[Diagnostic]:
    """Findings on one spec. Outside of the scope `all`, those on a spec that the change does not concern are warnings;
    of a spec whose front matter is invalid, none are reported."""
    if scope == "all" or is_concerned(spec, context.changes):
        return found
    return () if spec.problems else as_warnings(found)


def check_repository(rules: Iterable[Rule], context: RuleContext, scope: Scope) -> Iterator[Diagnostic]:
    """The findings of `rules` on the project as a whole. That it never had a spec is no finding on a change."""
    for rule in rules:
        if rule.id == _NO_SPECS and scope != "all" and not context.changes.earlier:
            continue
        yield from settle(_checked(rule, rule.check_repository, context), context)


def blocking_problems(spec: SpecDocument, *, freshness: bool) -> tuple[Diagnostic, ...]:
    """The problems of the front matter that keep a rule from checking the spec.

    `freshness` is whether the rule needs `last_review`; other rules need only the other keys.
    """
    return spec.problems if spec.declaration is None or freshness else ()


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
            yield from in_scope(spec, check_spec(spec, judging, context), context, scope)
        else:
            # The spec itself was not named, but changed code that it governs may be.
            yield from check_spec(spec, of_changes, narrowed)
    unnamed = {spec.path for spec in context.specs if not chosen(spec.path)}
    yield from (item for item in check_repository(rules, narrowed, scope) if item.path not in unnamed)


def _narrowed(context: RuleContext, chosen: Callable[[str], bool]) -> RuleContext:
    return replace(
        context,
        # Specs that were not named come first: of two specs with one id the later one is reported.
        specs=tuple(sorted(context.specs, key=lambda spec: (chosen(spec.path), spec.path))),
        changes=context.changes.narrowed(chosen),
    )


def _concerned(project: Project, asked: Callable[[str], bool]) -> Callable[[str], bool]:
    """`asked` without the specs that the change does not concern."""
    others = {spec.path for spec in project.specs if not is_concerned(spec, project.changes)}
    return lambda path: path not in others and asked(path)


def _chooser(project: Project, paths: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path is one of `paths` or below one of them; every path is when there are none."""
    known = {*project.changes.files, *project.changes.specs}
    wanted = tuple(path.rstrip("/") or "." for path in paths)
    for path in wanted:
        if path not in known and not os.path.lexists(project.root / path):
            raise UsageError(f"{path} does not exist", fix="name specs, folders or changed files")
    if not wanted or "." in wanted:
        return lambda _: True
    below = tuple(f"{item}/" for item in wanted)
    return lambda path: path in wanted or path.startswith(below)
