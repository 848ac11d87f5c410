"""What a rule is. Ours are in `rules`; other packages add theirs through the hook `orchestrator_spec_rules`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.records import Diagnostic, Severity
from pytest_orchestrator.spec_guard.changes import Changes
from pytest_orchestrator.spec_guard.document import SpecDocument


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
