"""`spec replay`: the guard over a project's own past, so that a team can choose its policy before it is bound by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.config import SpecGuardSettings
from pytest_orchestrator.errors import OrchestratorError, UsageError
from pytest_orchestrator.git.shared_clone import MainlineCommit, SharedClone, mainline_commits, shared_clone
from pytest_orchestrator.git.worktree import open_work_tree
from pytest_orchestrator.spec_guard.coverage.syntax import text_digest
from pytest_orchestrator.spec_guard.guard import guard
from pytest_orchestrator.spec_guard.inspection import Inspection
from pytest_orchestrator.spec_guard.reviews.replay import Hindsight, Passage, look_back
from pytest_orchestrator.spec_guard.rules.rule import Rule


def replay(  # noqa: PLR0913 - what a replay depends on
    root: Path,
    *,
    settings: SpecGuardSettings,
    rules: Sequence[Rule],
    since: str,
    chosen: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Hindsight:
    """Judge each commit after `since` on the main line as a change of its own, on its own day, by today's settings.

    Raises:
        GitError: git can't tell the history.
        UsageError: `since` is no commit, or `chosen` names an unknown rule.
    """
    judging = _chosen(rules, chosen)
    kept = {rule.id for rule in judging}
    settings = replace(settings, severity={name: level for name, level in settings.severity.items() if name in kept})
    tree = open_work_tree(root)
    first = tree.commit(since)
    if first is None:
        raise UsageError(f"--since {since} is no commit of this clone", fix="name a branch, a tag or a commit")
    steps = mainline_commits(tree, first)
    passages: list[Passage] = []
    with shared_clone(tree) as clone:
        for number, step in enumerate(steps):
            if progress is not None:
                progress(number, len(steps))
            passages.append(_pass(clone, step, settings, judging))
    return look_back(passages, since=first)


def _chosen(rules: Sequence[Rule], chosen: Sequence[str]) -> tuple[Rule, ...]:
    known = [rule.id for rule in rules]
    for name in chosen:
        if name not in known:
            raise UsageError(f"there is no rule {name!r}: {did_you_mean(name, known)}", fix="--rules SG005,SG007")
    return tuple(rule for rule in rules if not chosen or rule.id in chosen)


def _pass(clone: SharedClone, step: MainlineCommit, settings: SpecGuardSettings, rules: Sequence[Rule]) -> Passage:
    made = Passage(commit=step.commit, day=step.day, subject=step.subject)
    try:
        if not clone.check_out(step.commit):
            return made
        day = date.fromisoformat(step.day)
        inspection = Inspection(clone.root, settings=settings, today=day, base=step.parent, environ={})
        context = inspection.change_context
        report = guard(
            clone.root,
            settings=settings,
            today=day,
            base=step.parent,
            scope="diff",
            rules=rules,
            environ={},
        )
    except OrchestratorError as error:
        return Passage(commit=step.commit, day=step.day, subject=step.subject, problem=error.message)
    return Passage(
        commit=step.commit,
        day=step.day,
        subject=step.subject,
        blocked=report.errors,
        warned=len(report.warnings),
        bodies={spec.path: text_digest(spec.body) for spec in context.specs},
        files=context.changes.files,
        governed={spec.path: found for spec in context.specs if (found := context.changes.governed(spec))},
    )
