"""What a rule is. Ours are in `rules`; other packages add theirs through the hook `orchestrator_spec_rules`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.records import Diagnostic, Severity
from pytest_orchestrator.spec_guard.background import Background
from pytest_orchestrator.spec_guard.change.changes import Changes
from pytest_orchestrator.spec_guard.change.uncovered import lost_cover
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.ledgers.overrides import Override, override_problems
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord


@dataclass(frozen=True, kw_only=True)
class RuleContext:
    """Everything that a rule may judge by, beside the spec."""

    policy: SpecGuardSettings
    today: date
    folders: tuple[str, ...] = ()
    """Where specs are searched, relative to the project."""
    specs: tuple[SpecDocument, ...] = ()
    """All specs of the project; empty for a rule that doesn't look across."""
    changes: Changes = field(default_factory=Changes)
    """What changed; empty for a rule that doesn't look across."""
    background: Background = field(default_factory=Background)
    """Reviews, approvals, overrides, the history; for a rule that doesn't look across, only the overrides."""
    rule_ids: tuple[str, ...] = ()
    """The rules that are checked."""

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The id of each spec, and its path."""
        return {spec.declaration.id: spec.path for spec in self.specs if spec.declaration is not None}

    @cached_property
    def lost_cover(self) -> Mapping[str, tuple[str, ...]]:
        """The files that the change leaves without a spec, by the path that their spec had at the base."""
        return lost_cover(self.changes, self.specs, self.background.find)

    @cached_property
    def latest_reviews(self) -> Mapping[str, ReviewRecord]:
        """The last recorded review of each spec, by the spec's id."""
        return self.background.ledger.latest()

    @cached_property
    def overrides_in_force(self) -> tuple[Override, ...]:
        """The overrides that SG019 has nothing to say against."""
        overrides, path = self.background.overrides, self.policy.overrides
        problems = override_problems(overrides, specs=self.specs, rules=self.rule_ids, today=self.today, path=path)
        refused = [override for override, _ in problems]
        return tuple(override for override in overrides if override not in refused)


def _nothing(*_: object) -> Iterable[Diagnostic]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One thing that the spec guard demands. Both checks are pure: they read nothing but their arguments."""

    id: str
    reason: str
    """Why the rule exists, in a line."""
    fix: str
    """What to do about a violation, in a line."""
    docs: str
    """The page that explains it: an address, or a path in the package's repository."""
    severity: Severity = "error"
    group: str = ""
    """The pytest item that a spec's rules share (`<path>::<group>`); a rule without a group has an item of its own,
    named as the rule."""
    looks_across: bool = True
    """Whether it reads `context.specs` or `context.changes`. A rule that doesn't is checked even where git can't say
    what changed."""
    check: Callable[[SpecDocument, RuleContext], Iterable[Diagnostic]] = _nothing
    """What is wrong with one spec. Not called for a spec whose front matter can't be understood."""
    check_repository: Callable[[RuleContext], Iterable[Diagnostic]] = _nothing
    """What is wrong with the project as a whole."""

    @property
    def item(self) -> str:
        """The name of the rule's pytest item."""
        return self.group or self.id

    @property
    def judges_specs(self) -> bool:
        """Whether it has something to say of a single spec."""
        return self.check is not _nothing
