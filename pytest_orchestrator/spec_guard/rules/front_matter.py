"""SG001 to SG006: what the front matter of a spec says, and how old its review is."""

from collections.abc import Iterable, Iterator

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.config import PROJECT_FILE
from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.spec_guard.change.changes import GRACE
from pytest_orchestrator.spec_guard.document.mapping import STATUSES
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.reviews.forecast import max_age_of, unused_limits
from pytest_orchestrator.spec_guard.rules.phrases import days, review_command
from pytest_orchestrator.spec_guard.rules.rule import FRESHNESS, FRONT_MATTER, Rule, RuleContext


def _problems(rule: str, spec: SpecDocument) -> tuple[Diagnostic, ...]:
    return tuple(problem for problem in spec.problems if problem.rule == rule)


def _unreadable(spec: SpecDocument, _: RuleContext) -> Iterable[Diagnostic]:
    return _problems("SG001", spec)


def _invalid(spec: SpecDocument, _: RuleContext) -> Iterable[Diagnostic]:
    return _problems("SG002", spec)


def _undated(spec: SpecDocument, _: RuleContext) -> Iterable[Diagnostic]:
    return _problems("SG003", spec)


def _dated_ahead(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    if spec.last_review is not None and spec.last_review > context.today + GRACE:
        ahead = (spec.last_review - context.today).days
        message = f"last reviewed {spec.last_review}, which is {ahead} days ahead of {context.today}"
        fix = f"set last_review to the day of the review, {context.today} at the latest"
        yield spec.diagnostic("SG004", message, key=("last_review",), fix=fix)


def _stale(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    if spec.last_review is None or not spec.in_force:
        return
    age, limit = (context.today - spec.last_review).days, max_age_of(spec, context.policy)
    message = f"last reviewed {spec.last_review}, {days(age)} ago, limit {days(limit)}"
    fix = f"read the spec against the code, correct it, then: {review_command(spec)}"
    if age > limit:
        yield spec.diagnostic("SG005", message, key=("last_review",), fix=fix)
    elif age >= max(limit - context.policy.warn_days, 1) and context.policy.warn_days:
        left = "due today" if age == limit else f"{days(limit - age)} left"
        yield spec.diagnostic("SG005", f"{message}: {left}", key=("last_review",), fix=fix, severity="warning")


def _unused_limits(context: RuleContext) -> Iterator[Diagnostic]:
    for name in unused_limits(context.specs, context.policy):
        ids = [*STATUSES, *context.ids]
        message = f"max_age names {name!r}, no status, id or path of a spec: {did_you_mean(name, ids)}"
        fix = "correct the name in [tool.pytest_orchestrator.spec_guard.max_age], or remove it"
        yield Diagnostic(
            rule="SG005", severity="error", message=message, path=PROJECT_FILE, range=Range.of_line(1), fix=fix
        )


def _duplicates(context: RuleContext) -> Iterator[Diagnostic]:
    first: dict[str, SpecDocument] = {}
    for spec in context.specs:
        if spec.declaration is None:
            continue
        other = first.setdefault(spec.declaration.id, spec)
        if other is not spec:
            message = f"the id {spec.declaration.id!r} is used twice, first in {other.path}:{other.line('id')}"
            yield spec.diagnostic("SG006", message, key=("id",), fix="give one of the two another id")


FRONT_MATTER_RULES: tuple[Rule, ...] = (
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
        reason="A misspelled or missing key changes what the front matter means.",
        fix="Correct the key that the message names.",
        docs="docs/rules/SG002.md",
        group=FRONT_MATTER,
        looks_across=False,
        check=_invalid,
    ),
    Rule(
        id="SG003",
        reason="Without the date of its last review, the age of a spec is unknown.",
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
        check=_dated_ahead,
    ),
    Rule(
        id="SG005",
        reason="A spec that nobody has reviewed for a long time may be out of date.",
        fix="Read it against the code, correct it, and set last_review to today.",
        docs="docs/rules/SG005.md",
        group=FRESHNESS,
        looks_across=False,
        check=_stale,
        check_repository=_unused_limits,
    ),
    Rule(
        id="SG006",
        reason="Two specs with the same id can't be distinguished.",
        fix="Give one of the two another id.",
        docs="docs/rules/SG006.md",
        check_repository=_duplicates,
    ),
)
