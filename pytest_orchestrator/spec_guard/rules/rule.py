"""What a rule is. Ours are in this folder; other packages add theirs through the hook
`pytest_orchestrator_spec_rules`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from pytest_orchestrator.codec.suggest import Suggest, did_you_mean
from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.diagnostics import Diagnostic, Severity
from pytest_orchestrator.spec_guard.change.changes import Changes, FindFiles
from pytest_orchestrator.spec_guard.change.duties import lost_code
from pytest_orchestrator.spec_guard.change.policy import Loosening
from pytest_orchestrator.spec_guard.coverage.anchors import PathIndex, file_globs, parse_anchor
from pytest_orchestrator.spec_guard.document.links import ReadText
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.ledgers.baseline import Baseline
from pytest_orchestrator.spec_guard.ledgers.loading import Ledgers
from pytest_orchestrator.spec_guard.reviews.state import Reviews

if TYPE_CHECKING:
    from pytest_orchestrator.spec_guard.ledgers.approvals import Authorship
    from pytest_orchestrator.spec_guard.ledgers.overrides import Override

FRONT_MATTER, FRESHNESS, CHANGE, REVIEW, CONTENT = "frontmatter", "freshness", "change", "review", "content"
"""The groups of the shipped rules, see `Rule.group`."""


@dataclass(frozen=True, kw_only=True)
class RuleContext:
    """Everything that a rule judges by, besides the spec.

    For a rule that doesn't look across, `specs`, `changes`, `reviews`, `authorships` and the ledgers other than the
    overrides are empty.
    """

    policy: SpecGuardSettings
    """The settings of the base, and what the change tightens."""
    today: date
    folders: tuple[str, ...] = ()
    """Where specs are searched, relative to the project."""
    specs: tuple[SpecDocument, ...] = ()
    """All specs of the project."""
    changes: Changes = field(default_factory=Changes)
    reviews: Reviews = field(default_factory=Reviews)
    ledgers: Ledgers = field(default_factory=Ledgers)
    authorships: Mapping[str, Authorship] = field(default_factory=dict)
    """Who wrote the body and the approvals of each spec that needs approvals, by path."""
    read_text: ReadText = lambda _: None
    """Reads a Markdown file of the project."""
    suggest: Suggest = did_you_mean
    """Suggests which word was meant, so often that the whole check stays quick."""
    find_files: FindFiles = lambda _: ()
    """Finds the files that an entry of `covers` matches."""
    rule_ids: tuple[str, ...] = ()
    """The rules that are checked."""
    loosened: tuple[Loosening, ...] = ()
    """What the change loosens in settings and ledgers (SG021)."""
    baseline: Baseline = field(default_factory=Baseline)
    is_known: Callable[[Diagnostic], bool] = lambda _: False
    """Whether the baseline holds a finding, and the finding still depends on what it did."""

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The path of each spec, by id."""
        return {spec.declaration.id: spec.path for spec in self.specs if spec.declaration is not None}

    def covering(self, path: str) -> tuple[SpecDocument, ...]:
        """The specs in force that cover a file."""
        index = PathIndex([path], literal=self.changes.literal)
        found = {
            spec.path: spec
            for glob, specs in self._specs_by_glob.items()
            if index.matching(parse_anchor(glob))
            for spec in specs
        }
        return tuple(found[path] for path in sorted(found))

    @cached_property
    def _specs_by_glob(self) -> Mapping[str, Sequence[SpecDocument]]:
        found: dict[str, list[SpecDocument]] = {}
        for spec in self.specs:
            for glob in file_globs(spec.covers) if spec.in_force else ():
                found.setdefault(glob, []).append(spec)
        return found

    @cached_property
    def lost_cover(self) -> Mapping[str, tuple[str, ...]]:
        """The code that the change leaves without a spec, by the path of its spec at the base."""
        return lost_code(self.changes, self.specs, self.find_files, lambda spec: spec.in_force)

    @cached_property
    def overrides_in_force(self) -> tuple[Override, ...]:
        """The overrides that SG019 accepts, and that stood in the base or were added by an approver."""
        overrides, path = self.ledgers.overrides, self.policy.overrides
        if not overrides:
            return ()
        from pytest_orchestrator.spec_guard.ledgers.overrides import override_problems

        problems = override_problems(overrides, specs=self.specs, rules=self.rule_ids, today=self.today, path=path)
        refused = [*self.ledgers.unproven, *(override for override, _ in problems)]
        return tuple(override for override in overrides if override not in refused)


def _nothing(*_: object) -> Iterable[Diagnostic]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One demand of the spec guard. Both checks are pure: they read nothing but their arguments."""

    id: str
    reason: str
    """Why the rule exists, in a line."""
    fix: str
    """How to correct a violation, in a line."""
    docs: str
    """The page that explains the rule: an address, or a path in the package's repository."""
    severity: Severity = "error"
    group: str = ""
    """The pytest item that several rules share (`<path>::<group>`). A rule without a group has an item of its own,
    named by its id."""
    looks_across: bool = True
    """Whether it reads more of the context than `policy`, `today` and `folders`. A rule that doesn't is checked even
    where git fails."""
    check: Callable[[SpecDocument, RuleContext], Iterable[Diagnostic]] = _nothing
    """What is wrong with one spec. Not called for a spec whose front matter cannot be read."""
    check_repository: Callable[[RuleContext], Iterable[Diagnostic]] = _nothing
    """What is wrong with the project as a whole."""

    @property
    def item(self) -> str:
        """The name of the pytest item that the rule belongs to."""
        return self.group or self.id

    @property
    def judges_specs(self) -> bool:
        """Whether it checks single specs."""
        return self.check is not _nothing
