"""The pytest items of the spec guard: one a spec and group of rules, and one for the rules that look across."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.display import printable
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.records import Diagnostic
from pytest_orchestrator.spec_guard.change.scope import Scope
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.guard import check_in_scope, check_repository, check_spec
from pytest_orchestrator.spec_guard.inspection import Inspection, blocking
from pytest_orchestrator.spec_guard.policy import check_policy
from pytest_orchestrator.spec_guard.reports.report import ComparedRange, compared_range, render_diagnostic
from pytest_orchestrator.spec_guard.rules.rule import Rule, RuleContext
from pytest_orchestrator.spec_guard.rules.shipped import FRESHNESS, FRONT_MATTER

REPOSITORY = "spec-guard::repository"


class Verdicts:
    """What the items of one session share: the project, the rules, and what git said, asked once."""

    def __init__(self, inspection: Inspection, rules: Sequence[Rule], *, dry_run: bool, scope: Scope) -> None:
        self.inspection = inspection
        self.rules = tuple(rules)
        self.dry_run = dry_run
        self.scope = scope
        self.selected: frozenset[str] = frozenset()
        """The ids of the items that will run."""
        self._trouble: OrchestratorError | None = None

    def choose_rules(self, rules: Sequence[Rule]) -> None:
        """Say what is checked. Raises `InputError` when a severity is set for another rule."""
        self.rules = tuple(rules)
        self.inspection.rule_ids = tuple(rule.id for rule in rules)
        check_policy(self.inspection.root, self.inspection.settings, self.inspection.rule_ids)

    def context(self) -> RuleContext:
        """What the rules that look across judge by. Raises the same `OrchestratorError` as often as it is asked."""
        if self._trouble is not None:
            raise self._trouble
        try:
            return self.inspection.context
        except OrchestratorError as error:
            self._trouble = error
            raise


class _GuardItem(pytest.Item):
    verdicts: Verdicts
    findings: tuple[Diagnostic, ...] = ()
    compared: ComparedRange | None = None
    problem = ""
    spec = ""

    def facts(self) -> str:
        """What the item found, as JSON: it crosses from an xdist worker to the controller.

        All of it is ASCII: a file's name need not be UTF-8, and xdist can't carry one that is not.
        """
        facts = {
            "spec": printable(self.spec),
            "diagnostics": [encode(item) for item in self.findings],
            "compared": None if self.compared is None else encode(self.compared),
            "problem": self.problem,
        }
        return json.dumps(facts)

    def context_or_error(self) -> RuleContext:
        """What git knows; its trouble is an error, reported once where that can be."""
        try:
            context = self.verdicts.context()
        except OrchestratorError as error:
            trouble = error
        else:
            self.compared = compared_range(context.changes)
            return context
        # Outside of `except`, or pytest would show the error once more as the context of its own.
        if self.nodeid != REPOSITORY and REPOSITORY in self.verdicts.selected:
            pytest.skip(f"not checked: see {REPOSITORY}")
        self.problem = str(trouble)
        pytest.fail(self.problem, pytrace=False)

    def judge(self, findings: Iterable[Diagnostic]) -> None:
        """Fail on the violations among `findings`, unless this is a dry run."""
        try:
            self.findings = tuple(dict.fromkeys(findings))
        except OrchestratorError as error:  # a rule of another package that raised
            self.problem = str(error)
            pytest.fail(self.problem, pytrace=False)
        violations = [render_diagnostic(item) for item in self.findings if item.severity == "error"]
        if violations and not self.verdicts.dry_run:
            pytest.fail("\n".join(violations), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The spec, or the project, and what is judged.

        The last is the headline of a failure. It must not be the end of the node id: pytest takes its dots for those of
        a Python class then.
        """
        return Path(printable(str(self.path))), 0, f"{printable(self.spec) or 'the repository'}: {self.name}"


class SpecItem(_GuardItem):
    """One spec and the rules of one group."""

    def __init__(self, *, verdicts: Verdicts, spec: str, rules: Sequence[Rule], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.verdicts = verdicts
        self.spec = spec
        self.rules = tuple(rules)
        self._context: RuleContext | None = None

    def setup(self) -> None:
        """Get what the rules need; what they can't have is an error, not a failure."""
        inspection = self.verdicts.inspection
        self._context = inspection.narrow_context
        # Whether a change concerns the spec, git must say, too.
        asks = self.name != FRONT_MATTER and self.verdicts.scope == "diff"
        if (asks or any(rule.looks_across for rule in self.rules)) and not self._blocking(
            inspection.document(self.spec)
        ):
            self._context = self.context_or_error()

    def runtest(self) -> None:
        """Apply the rules. A broken front matter is its own item's failure, or this one's when that doesn't run."""
        assert self._context is not None  # noqa: S101 - setup has run
        document = self.verdicts.inspection.document(self.spec)
        in_the_way = self._blocking(document)
        told_by = self.nodeid.rpartition("::")[0] + "::" + FRONT_MATTER
        if in_the_way and told_by in self.verdicts.selected:
            pytest.skip(f"not checked: see {told_by}")
        self.judge(in_the_way or self._findings(document, self._context))

    def _findings(self, document: SpecDocument, context: RuleContext) -> Iterable[Diagnostic]:
        if self.name == FRONT_MATTER:
            return check_spec(document, self.rules, context)
        return check_in_scope(document, self.rules, context, self.verdicts.scope)

    def _blocking(self, document: SpecDocument) -> tuple[Diagnostic, ...]:
        return () if self.name == FRONT_MATTER else blocking(document, freshness=self.name == FRESHNESS)


class RepositoryItem(_GuardItem):
    """The rules that look across specs, and at what changed."""

    def __init__(self, *, verdicts: Verdicts, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.verdicts = verdicts
        self._context: RuleContext | None = None

    def setup(self) -> None:
        """Ask git; its trouble is an error, not a failure."""
        self._context = self.context_or_error()

    def runtest(self) -> None:
        """Apply the rules."""
        assert self._context is not None  # noqa: S101 - setup has run
        self.judge(check_repository(self.verdicts.rules, self._context))


class SpecFile(pytest.File):
    """A spec."""

    def __init__(self, *, verdicts: Verdicts, spec: str, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._verdicts = verdicts
        self._spec = spec

    def collect(self) -> Iterator[pytest.Item]:
        """One item a group of rules; nothing is read yet."""
        groups: dict[str, list[Rule]] = {}
        for rule in self._verdicts.rules:
            if rule.judges_specs:
                groups.setdefault(rule.item, []).append(rule)
        make: Callable[..., SpecItem] = SpecItem.from_parent
        for name, rules in groups.items():
            yield make(self, name=name, verdicts=self._verdicts, spec=self._spec, rules=rules)
