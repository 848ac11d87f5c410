"""The rules that we ship: here SG001 to SG009, the others in modules of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_orchestrator.records import Diagnostic, Range
from pytest_orchestrator.spec_guard.change.changes import GRACE, is_in_force
from pytest_orchestrator.spec_guard.document.discovery import DEFAULT_PATHS
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.rules.reviews import REVIEW_RULES, review_command
from pytest_orchestrator.spec_guard.rules.rule import Rule, RuleContext
from pytest_orchestrator.spec_guard.rules.trust import TRUST_RULES

FRONT_MATTER, FRESHNESS, CHANGE = "frontmatter", "freshness", "change"

_SHOWN_FILES = 5


def _problems(rule: str, spec: SpecDocument) -> tuple[Diagnostic, ...]:
    return tuple(problem for problem in spec.problems if problem.rule == rule)


def _unreadable(spec: SpecDocument, _: RuleContext) -> Iterable[Diagnostic]:
    return _problems("SG001", spec)


def _mismatched(spec: SpecDocument, _: RuleContext) -> Iterable[Diagnostic]:
    return _problems("SG002", spec)


def _undated(spec: SpecDocument, _: RuleContext) -> Iterable[Diagnostic]:
    return _problems("SG003", spec)


def _future(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    if spec.last_review is not None and spec.last_review > context.today + GRACE:
        ahead = (spec.last_review - context.today).days
        message = f"last reviewed {spec.last_review}, which is {ahead} days ahead of {context.today}"
        fix = f"set last_review to the day of the review, {context.today} at the latest"
        yield spec.diagnostic("SG004", message, key=("last_review",), fix=fix)


def _stale(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    if spec.last_review is None or spec.declaration is None or spec.declaration.status == "retired":
        return
    age, limit = (context.today - spec.last_review).days, context.policy.max_age_days
    said = f"last reviewed {spec.last_review}, {_days(age)} ago, limit {_days(limit)}"
    fix = f"read the spec against the code, correct it, then: {review_command(spec)}"
    if age > limit:
        yield spec.diagnostic("SG005", said, key=("last_review",), fix=fix)
    elif age >= max(limit - context.policy.warn_days, 1) and context.policy.warn_days:
        left = "today is the last day" if age == limit else f"{_days(limit - age)} left"
        yield spec.diagnostic("SG005", f"{said}: {left}", key=("last_review",), fix=fix, severity="warning")


def _duplicates(context: RuleContext) -> Iterator[Diagnostic]:
    first: dict[str, SpecDocument] = {}
    for spec in context.specs:
        if spec.declaration is None:
            continue
        other = first.setdefault(spec.declaration.id, spec)
        if other is not spec:
            message = f"the id {spec.declaration.id!r} is used twice, first in {other.path}:{other.line('id')}"
            yield spec.diagnostic("SG006", message, key=("id",), fix="give one of the two another id")


def _silent(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    governed = context.changes.governed(spec)
    if governed and not context.changes.takes_part(spec) and not _reviewed_anew(spec, context):
        message = f"{_files(governed)} changed, but this spec, which covers it, took no part in the change"
        fix = f"compare it with the code, correct its text, then: {review_command(spec)}"
        yield spec.diagnostic("SG007", message, key=("covers",), fix=fix)


def _reviewed_anew(spec: SpecDocument, context: RuleContext) -> bool:
    """Whether the change records a review of the code as it is now: a second one on a day moves no date."""
    background = context.background
    return spec.id in background.new_reviews and is_in_force(spec) and not background.standings.of(spec.path).drifts


def _deleted(context: RuleContext) -> Iterator[Diagnostic]:
    for spec in context.changes.deleted(context.specs):
        orphans = context.changes.orphans(spec, context.specs)
        if orphans:
            message = f"the spec was deleted, but {_files(orphans)}, which it covered, changed"
            fix = "restore the spec and set its status to retired and its last_review to today; delete it another day"
            yield spec.diagnostic("SG007", message, fix=fix)


def _nothing_to_guard(context: RuleContext) -> Iterator[Diagnostic]:
    if not context.specs:
        searched = context.folders or context.policy.paths or DEFAULT_PATHS
        yield Diagnostic(
            rule="SG008",
            severity="error",
            message=f"no spec found in {', '.join(searched)}",
            path="pyproject.toml",
            range=Range.of_line(1),
            fix="write a spec there, or set paths in [tool.pytest_orchestrator.spec_guard]",
        )


def _uncovered(context: RuleContext) -> Iterator[Diagnostic]:
    policy = context.policy
    if policy.require_spec == "off" or not policy.code:
        return
    covers = (spec.declaration.covered_globs for spec in context.specs if spec.declaration and is_in_force(spec))
    covered = set(context.changes.covered_by(glob for globs in covers for glob in globs))
    for path in context.changes.covered_by(policy.code):
        if path not in covered:
            yield Diagnostic(
                rule="SG009",
                severity="error" if policy.require_spec == "fail" else "warning",
                message="changed, and no spec covers it",
                path=path,
                range=Range.of_line(1),
                fix="add it to the covers of a spec, or write one",
            )


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _files(paths: tuple[str, ...]) -> str:
    more = len(paths) - _SHOWN_FILES
    return ", ".join(paths[:_SHOWN_FILES]) + (f" and {more} more" if more > 0 else "")


CORE_RULES: tuple[Rule, ...] = (
    Rule(
        id="SG001",
        reason="Front matter that can't be read can't be checked.",
        fix="Start the file with ---, YAML keys and ---, in UTF-8.",
        docs="docs/rules/SG001.md",
        group=FRONT_MATTER,
        looks_across=False,
        check=_unreadable,
    ),
    Rule(
        id="SG002",
        reason="A misspelt or missing key means something else than its author thinks.",
        fix="Correct the key that the message names.",
        docs="docs/rules/SG002.md",
        group=FRONT_MATTER,
        looks_across=False,
        check=_mismatched,
    ),
    Rule(
        id="SG003",
        reason="Without the date of its last review nobody knows how far to trust a spec.",
        fix="Set last_review to the day of the last review, as YYYY-MM-DD.",
        docs="docs/rules/SG003.md",
        group=FRONT_MATTER,
        looks_across=False,
        check=_undated,
    ),
    Rule(
        id="SG004",
        reason="A review in the future has not happened.",
        fix="Set last_review to the day of the review.",
        docs="docs/rules/SG004.md",
        group=FRESHNESS,
        looks_across=False,
        check=_future,
    ),
    Rule(
        id="SG005",
        reason="A spec that nobody has read for long is no longer known to be true.",
        fix="Read it against the code, correct it, and set last_review to today.",
        docs="docs/rules/SG005.md",
        group=FRESHNESS,
        looks_across=False,
        check=_stale,
    ),
    Rule(
        id="SG006",
        reason="Two specs with one id can't be told apart.",
        fix="Give one of the two another id.",
        docs="docs/rules/SG006.md",
        check_repository=_duplicates,
    ),
    Rule(
        id="SG007",
        reason="Code that changes without its spec makes the spec untrue.",
        fix="Correct the spec in the same change, or set its last_review if it is still true.",
        docs="docs/rules/SG007.md",
        group=CHANGE,
        check=_silent,
        check_repository=_deleted,
    ),
    Rule(
        id="SG008",
        reason="A guard that finds no spec guards nothing, mostly because a path is wrong.",
        fix="Write a spec, or correct paths in [tool.pytest_orchestrator.spec_guard].",
        docs="docs/rules/SG008.md",
        check_repository=_nothing_to_guard,
    ),
    Rule(
        id="SG009",
        reason="Code that no spec covers can't contradict one.",
        fix="Add the code to the covers of a spec, or write one.",
        docs="docs/rules/SG009.md",
        severity="warning",
        check_repository=_uncovered,
    ),
    Rule(
        id="SG017",
        reason="A spec that says it is tested is believed only while a test that says so passes.",
        fix='Mark a test that shows it with @pytest.mark.spec("ID"), and let it pass.',
        docs="docs/rules/SG017.md",
    ),
)

SHIPPED_RULES: tuple[Rule, ...] = tuple(sorted((*CORE_RULES, *REVIEW_RULES, *TRUST_RULES), key=lambda rule: rule.id))
