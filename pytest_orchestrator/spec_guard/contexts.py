"""What rules judge a project by: the contexts of rules, put together from what the project has loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

from pytest_orchestrator.codec.suggest import did_you_mean, limited
from pytest_orchestrator.errors import GitError
from pytest_orchestrator.spec_guard.document.discovery import read_linked
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.ledgers.loading import Ledgers
from pytest_orchestrator.spec_guard.project import Project
from pytest_orchestrator.spec_guard.reviews.bulk_dates import committed_edits, find_bulk_date_changes, uncommitted_edits
from pytest_orchestrator.spec_guard.reviews.ledger import ReviewRecord, added_records, read_lines, removed_lines
from pytest_orchestrator.spec_guard.reviews.state import BulkDateChange, Reviews
from pytest_orchestrator.spec_guard.rules.rule import RuleContext

if TYPE_CHECKING:
    from pytest_orchestrator.spec_guard.ledgers.approvals import Authorship

_MAX_SUGGESTIONS = 50


@dataclass(frozen=True, eq=False)
class Contexts:
    """The contexts of the rules that check a project."""

    project: Project

    @cached_property
    def narrow(self) -> RuleContext:
        """The context of a rule that doesn't look across. Where git fails, the present settings judge, and no override
        counts: nobody can tell what stood in the base."""
        project = self.project
        try:
            policy, ledgers = project.policy.settings, project.ledgers
        except GitError:  # the repository's item reports it
            policy, ledgers = project.settings, Ledgers()
        return RuleContext(
            policy=policy,
            today=project.today,
            folders=project.folders,
            ledgers=Ledgers(overrides=ledgers.overrides, unproven=ledgers.unproven),
            rule_ids=tuple(rule.id for rule in project.rules),
            is_known=project.is_in_baseline,
        )

    @cached_property
    def whole(self) -> RuleContext:
        """The context of every rule. Raises `GitError`."""
        return self.of_specs(self.project.specs)

    def of_specs(self, checked: Sequence[SpecDocument]) -> RuleContext:
        """The context of every rule, with the review states and the authorships of the specs in `checked`.

        Raises `GitError`.
        """
        project = self.project
        return RuleContext(
            policy=project.policy.settings,
            today=project.today,
            folders=project.folders,
            specs=project.specs,
            changes=project.changes,
            reviews=self._reviews(checked),
            ledgers=project.ledgers,
            authorships=self._authorships(checked),
            read_text=cache(partial(read_linked, project.root)),
            suggest=limited(did_you_mean, at_most=_MAX_SUGGESTIONS),
            find_files=project.snapshot.covered_files,
            rule_ids=tuple(rule.id for rule in project.rules),
            loosened=project.loosened,
            baseline=project.baseline,
            is_known=project.is_in_baseline,
        )

    def _reviews(self, checked: Sequence[SpecDocument]) -> Reviews:
        project, path = self.project, self.project.settings.reviews
        latest = project.ledgers.reviews.latest
        former = project.policy_in_force.ledger_at_base("reviews")
        if former is None:
            recorded, removed = tuple[ReviewRecord, ...](), 0
        else:
            recorded = added_records(project.ledgers.reviews, former, path=path)
            removed = removed_lines(former, read_lines(project.root, path))
        return Reviews(
            states=project.review_states(checked),
            added=frozenset(item.spec for item in recorded if latest[item.spec] is item),
            recorded=recorded,
            removed=removed,
            bulk_date_changes=self._bulk_date_changes(),
        )

    def _bulk_date_changes(self) -> tuple[BulkDateChange, ...]:
        project = self.project
        edits = (
            *committed_edits(project.history, project.comparison.base.commit),
            *uncommitted_edits(project.comparison.uncommitted),
        )
        return find_bulk_date_changes(
            (edit for edit in edits if project.spec_files.holds_date(edit.path)),
            limit=project.policy.settings.bulk_dates,
            fetch=project.tree.blobs,
            read=project.snapshot.read,
            reading=project.reading,
        )

    def _authorships(self, checked: Sequence[SpecDocument]) -> dict[str, Authorship]:
        project = self.project
        policy, changed = project.policy.settings.approvals, frozenset(project.changes.specs)
        approved = [spec for spec in checked if spec.declaration is not None and spec.declaration.approvals]
        if not approved:
            return {}
        from pytest_orchestrator.spec_guard.ledgers.authorship import find_authorships, needs_authorship

        return find_authorships(
            [spec for spec in approved if needs_authorship(spec, changed, policy)],
            history=project.history,
            fetch=project.tree.blobs,
            dirty=project.snapshot.dirty,
            author=project.author,
            reading=project.reading,
        )
