"""The pytest items of the spec guard: one for each spec and group of rules, and one for the rules of the repository."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from pytest_orchestrator.codec.decode import encode
from pytest_orchestrator.diagnostics import Diagnostic
from pytest_orchestrator.display import printable
from pytest_orchestrator.errors import GitError, OrchestratorError
from pytest_orchestrator.spec_guard.change.scope import Scope, is_concerned, resolve_scope
from pytest_orchestrator.spec_guard.contexts import Contexts
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.guard import (
    blocking_problems,
    check_policy,
    check_repository,
    check_spec,
    in_scope,
)
from pytest_orchestrator.spec_guard.project import Project
from pytest_orchestrator.spec_guard.reports.report import ComparedRange, compared_range, notes_on, render_diagnostic
from pytest_orchestrator.spec_guard.rules.rule import FRESHNESS, FRONT_MATTER, Rule, RuleContext

REPOSITORY = "spec-guard::repository"
UNCHECKED = "not checked: see "
"""How an item begins to say that another one reports why it was skipped."""


class Verdicts:
    """What the items of one session share: the project, how strict they are, and the error of git if there was one."""

    def __init__(self, project: Project, *, dry_run: bool, scope: Scope | None) -> None:
        self.project = project
        self.contexts = Contexts(project)
        self.dry_run = dry_run
        self._asked = scope
        self.selected: frozenset[str] = frozenset()
        """The ids of the items that will run."""
        self._error: OrchestratorError | None = None

    @cached_property
    def scope(self) -> Scope:
        """The scope that was asked for, or that of the policy; where git fails, that of the present settings."""
        try:
            settings = self.project.policy.settings
        except GitError:
            settings = self.project.settings
        return resolve_scope(self._asked, settings.scope, os.environ)

    def choose_rules(self, rules: Sequence[Rule]) -> None:
        """Set the rules to check. Raises `InputError` when a severity is set for another rule."""
        self.project = replace(self.project, rules=tuple(rules))
        self.contexts = Contexts(self.project)
        check_policy(self.project.root, self.project.settings, [rule.id for rule in rules])

    def context(self) -> RuleContext:
        """The context of the rules that look across. Raises the same `OrchestratorError` at each call."""
        if self._error is not None:
            raise self._error
        try:
            return self.contexts.whole
        except OrchestratorError as error:
            self._error = error
            raise


class _GuardItem(pytest.Item):
    funcargs: Mapping[str, Any] = MappingProxyType({})  # plugins take every item for one with fixtures
    verdicts: Verdicts
    findings: tuple[Diagnostic, ...] = ()
    compared: ComparedRange | None = None
    problem = ""
    spec = ""
    notes: tuple[str, ...] = ()
    concerned = False

    def facts(self) -> str:
        """The item's findings as JSON, which xdist's workers send to the controller.

        It is ASCII, because a file's name need not be UTF-8, and xdist can't send one that is not.
        """
        facts = {
            "spec": printable(self.spec),
            "diagnostics": [encode(item) for item in self.findings],
            "compared": None if self.compared is None else encode(self.compared),
            "problem": self.problem,
            "notes": self.notes,
            "concerned": self.concerned,
        }
        return json.dumps(facts)

    def context_or_error(self) -> RuleContext:
        """The context of the rules that look across. The repository's item, if it runs, reports an error of git."""
        try:
            context = self.verdicts.context()
        except OrchestratorError as error:
            failure = error
        else:
            self.compared = compared_range(context.changes)
            return context
        # Outside of `except`, or pytest would show the error a second time, as the context of its own.
        if self.nodeid != REPOSITORY and REPOSITORY in self.verdicts.selected:
            pytest.skip(f"{UNCHECKED}{REPOSITORY}")
        self.problem = str(failure)
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
        """The file, its first line, and the headline of a failure.

        The headline must not be the end of the node id, or pytest would take its dots for those of a Python class.
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
        """Load what the rules need. An error of git is an error of the item, not a failure."""
        project = self.verdicts.project
        self._context = self.verdicts.contexts.narrow
        # With the scope `diff`, git must also tell whether the change concerns the spec.
        document = project.document(self.spec)
        in_diff = self.verdicts.scope == "diff" and (self.name != FRONT_MATTER or document.problems)
        if in_diff or (any(rule.looks_across for rule in self.rules) and not self._blocking(document)):
            self._context = self.context_or_error()

    def runtest(self) -> None:
        """Check the rules. Broken front matter fails its own item, or this one when that item doesn't run."""
        assert self._context is not None  # noqa: S101 - setup has run
        document = self.verdicts.project.document(self.spec)
        problems = self._blocking(document)
        reporter = self.nodeid.rpartition("::")[0] + "::" + FRONT_MATTER
        if problems and reporter in self.verdicts.selected:
            pytest.skip(f"{UNCHECKED}{reporter}")
        self.concerned = is_concerned(document, self._context.changes)
        found = problems or check_spec(document, self.rules, self._context)
        self.judge(in_scope(document, found, self._context, self.verdicts.scope))

    def _blocking(self, document: SpecDocument) -> tuple[Diagnostic, ...]:
        return () if self.name == FRONT_MATTER else blocking_problems(document, freshness=self.name == FRESHNESS)


class RepositoryItem(_GuardItem):
    """The rules that look across specs, and at what changed."""

    def __init__(self, *, verdicts: Verdicts, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.verdicts = verdicts
        self._context: RuleContext | None = None

    def setup(self) -> None:
        """Load what the rules need. An error of git is an error of the item, not a failure."""
        self._context = self.context_or_error()

    def runtest(self) -> None:
        """Check the rules."""
        assert self._context is not None  # noqa: S101 - setup has run
        project = self.verdicts.project
        self.notes = notes_on(project.ignored, self._context.baseline, path=project.settings.baseline)
        self.judge(check_repository(project.rules, self._context, self.verdicts.scope))


class SpecFile(pytest.File):
    """A spec."""

    def __init__(self, *, verdicts: Verdicts, spec: str, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._verdicts = verdicts
        self._spec = spec

    def collect(self) -> Iterator[pytest.Item]:
        """One item for each group of rules. The spec is not read yet."""
        groups: dict[str, list[Rule]] = {}
        for rule in self._verdicts.project.rules:
            if rule.judges_specs:
                groups.setdefault(rule.item, []).append(rule)
        make: Callable[..., SpecItem] = SpecItem.from_parent
        for name, rules in groups.items():
            yield make(self, name=name, verdicts=self._verdicts, spec=self._spec, rules=rules)
