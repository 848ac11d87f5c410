"""Judges one commit of a replay: what the guard would have said, and what the commit corrects in specs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pytest_orchestrator.commands.spec.past import Past, PastProject
from pytest_orchestrator.errors import OrchestratorError
from pytest_orchestrator.spec_guard.document.spec import SpecDocument
from pytest_orchestrator.spec_guard.guard import guard
from pytest_orchestrator.spec_guard.project import Project
from pytest_orchestrator.spec_guard.reports.report import SpecReport
from pytest_orchestrator.spec_guard.reviews.corrections import body_terms, change_terms, correction_terms, specific
from pytest_orchestrator.spec_guard.reviews.replay import (
    CommitVerdict,
    Correction,
    Finding,
    Unread,
    kept_terms,
    placebo_of,
)


def judge_step(past: Past, number: int, policy: Project) -> CommitVerdict:
    """Apply the step with this number, and judge what it changes. The step before it must be applied.

    Raises:
        GitError, RunError: the step can't be applied.
    """
    step = past.steps[number]
    verdict = CommitVerdict(commit=step.commit, day=step.day, subject=step.subject)
    past.advance(number)
    known = frozenset(past.documents)
    try:
        project = past.project(number, policy)
        if not project.specs:
            return verdict
        report = guard(project, scope="changed")
        unread = [spec for spec in project.specs if spec.declaration is None]
        return replace(
            verdict,
            specs=len(project.specs),
            findings=tuple(_findings(past, project, report)),
            corrections=tuple(_corrections(past, project)),
            unread=tuple(
                Unread(path=spec.path, reason=spec.problems[0].message) for spec in unread if spec.path not in known
            ),
            unread_specs=len(unread),
            undated_specs=sum(spec.declaration is not None and spec.last_review is None for spec in project.specs),
        )
    except OrchestratorError as error:
        return replace(verdict, problem=error.message)


def _findings(past: Past, project: PastProject, report: SpecReport) -> Iterator[Finding]:
    """The errors, but for those on specs that can't be read, and on dates that are missing; unless the commit is what
    made them so."""
    by_path = {spec.path: spec for spec in project.specs}
    changes = project.changes
    bodies: list[frozenset[str]] = []
    others: list[str] = []
    concerned = frozenset(report.specs)
    for item in report.errors:
        found = Finding(rule=item.rule, path=item.path, message=item.message)
        spec = by_path.get(item.path)
        if spec is not None and spec.problems:
            before = changes.before(spec)
            lasting = before is None or before.problems
            if lasting and (spec.declaration is None or any(item.rule == known.rule for known in spec.problems)):
                continue
        governed = () if spec is None else changes.governed(spec)
        if spec is not None and spec.id is not None and governed:
            if not bodies:
                bodies = [body_terms(other.body) for other in project.specs]
                apart = (other for other in project.specs if other.in_force and other.path not in concerned)
                others = [other.id for other in apart if other.id is not None]
            terms = specific(_terms_of_code(past, project, governed), bodies)
            found = replace(found, spec=spec.id, terms=kept_terms(terms))
            found = replace(found, placebo=placebo_of(project.step.commit, found, others))
        yield found


def _corrections(past: Past, project: PastProject) -> Iterator[Correction]:
    """The corrections of specs by the commit; none when it edits the bodies of more specs than `bulk_dates` allows."""
    changes = project.changes
    touched = frozenset(changes.specs)
    edited: list[tuple[SpecDocument, SpecDocument]] = []
    for spec in project.specs:
        before = changes.before(spec) if spec.path in touched else spec
        if before is not None and before is not spec and spec.in_force and not spec.says_the_same(before):
            edited.append((before, spec))
    if len(edited) > project.settings.bulk_dates:
        return
    for before, spec in edited:
        terms = correction_terms(before.body, spec.body) - _terms_of_code(past, project, changes.governed(spec))
        if terms and spec.id is not None:
            yield Correction(spec=spec.id, terms=kept_terms(terms))


def _terms_of_code(past: Past, project: PastProject, paths: Iterable[str]) -> frozenset[str]:
    """The terms of what the commit changes in the files `paths`."""
    wanted = frozenset(paths)
    found: set[str] = set()
    for change in past.changes(project.step):
        if change.path in wanted:
            contents = past.blobs.read([blob for blob in (change.former, change.blob) if blob is not None])
            before, after = contents.get(change.former or "", b""), contents.get(change.blob or "", b"")
            found |= change_terms(change.path, before, after)
    return frozenset(found)
