"""SG008, SG014, SG018, SG019 and SG022: the project as a whole, and what specs and ledgers refer to."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.spec_guard.document.discovery import DEFAULT_PATHS
from pytest_orchestrator.spec_guard.document.links import dead_links
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.ledgers.baseline import growth
from pytest_orchestrator.spec_guard.rules.rule import CONTENT, Rule, RuleContext


def _no_specs(context: RuleContext) -> Iterator[Diagnostic]:
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


def _misindexed(context: RuleContext) -> Iterator[Diagnostic]:
    ledgers = context.ledgers
    yield from (item for item in ledgers.problems if item.rule == "SG014")
    if ledgers.index is not None:
        from pytest_orchestrator.spec_guard.ledgers.task_index import index_problems

        yield from index_problems(ledgers.index, ledgers.index_text, context.specs, path=context.policy.index)


def _dead_links(spec: SpecDocument, context: RuleContext) -> Iterator[Diagnostic]:
    yield from dead_links(spec, ids=context.ids, read=context.read_text, suggest=context.suggest)


def _bad_overrides(context: RuleContext) -> Iterator[Diagnostic]:
    yield from (item for item in context.ledgers.problems if item.rule == "SG019")
    if not context.ledgers.overrides:
        return
    from pytest_orchestrator.spec_guard.ledgers.overrides import override_problems

    problems = override_problems(
        context.ledgers.overrides,
        specs=context.specs,
        rules=context.rule_ids,
        today=context.today,
        path=context.policy.overrides,
    )
    for _, found in problems:
        yield found
    for override, why in context.ledgers.unproven.items():
        yield Diagnostic(
            rule="SG019",
            severity="warning",
            message=f"the override of {override.rule} for {override.spec} {why}",
            path=context.policy.overrides,
            range=Range.of_line(override.line),
            fix="merge the override before the change that needs it, or let an approver add it",
        )


def _grown_baseline(context: RuleContext) -> Iterator[Diagnostic]:
    yield from (item for item in context.ledgers.problems if item.rule == "SG022")
    yield from growth(context.baseline.added)


PROJECT_RULES: tuple[Rule, ...] = (
    Rule(
        id="SG008",
        reason="Without any spec nothing is checked. Mostly a path is wrong.",
        fix="Write a spec, or correct paths in [tool.pytest_orchestrator.spec_guard].",
        docs="docs/rules/SG008.md",
        check_repository=_no_specs,
    ),
    Rule(
        id="SG014",
        reason="An index that disagrees with the specs misleads its readers.",
        fix="Write it again: pytest-orchestrator spec index.",
        docs="docs/rules/SG014.md",
        check_repository=_misindexed,
    ),
    Rule(
        id="SG017",
        reason="A spec that requires evidence needs a passing test that is marked with its id.",
        fix='Mark a passing test with @pytest.mark.spec("ID").',
        docs="docs/rules/SG017.md",
    ),
    Rule(
        id="SG018",
        reason="A dead link misleads the reader.",
        fix="Correct the link, or remove it.",
        docs="docs/rules/SG018.md",
        group=CONTENT,
        check=_dead_links,
    ),
    Rule(
        id="SG019",
        reason="An exception needs an owner, a reason and an end, or it stays for ever.",
        fix="Correct the spec and remove the override, or complete the override.",
        docs="docs/rules/SG019.md",
        check_repository=_bad_overrides,
    ),
    Rule(
        id="SG022",
        reason="A baseline that grows hides what a change breaks.",
        fix="Correct the specs instead of adding their findings to the baseline.",
        docs="docs/rules/SG022.md",
        check_repository=_grown_baseline,
    ),
)
