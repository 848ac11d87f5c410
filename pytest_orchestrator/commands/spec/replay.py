"""`spec replay`: runs the guard over past commits, so that a team can try a policy before it applies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.errors import OrchestratorError, UsageError
from pytest_orchestrator.git.shared_clone import MainlineCommit, SharedClone, mainline_commits, shared_clone
from pytest_orchestrator.spec_guard.guard import guard
from pytest_orchestrator.spec_guard.project import Project
from pytest_orchestrator.spec_guard.reviews.replay import CommitVerdict, ReplayReport, summarize
from pytest_orchestrator.spec_guard.rules.rule import Rule


def replay(
    project: Project,
    *,
    since: str,
    chosen: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> ReplayReport:
    """Check each commit after `since` on the main line as a change of its own, on its own day, by today's settings.

    `chosen` are the ids of the rules to check; none means all. `progress` gets how many commits are done, of how many.

    Raises:
        GitError: git can't tell the history.
        UsageError: `since` is not a commit, or `chosen` names an unknown rule.
    """
    rules = _chosen(project.rules, chosen)
    ids = {rule.id for rule in rules}
    severity = {name: level for name, level in project.settings.severity.items() if name in ids}
    settings = replace(project.settings, severity=severity)
    policy = replace(project, rules=rules, settings=settings, trusts_settings=True)
    first = project.tree.commit(since)
    if first is None:
        raise UsageError(f"--since {since} is not a commit of this clone", fix="name a branch, a tag or a commit")
    steps = mainline_commits(project.tree, first)
    verdicts: list[CommitVerdict] = []
    with shared_clone(project.tree) as clone:
        for number, step in enumerate(steps):
            if progress is not None:
                progress(number, len(steps))
            verdicts.append(_judge(clone, step, policy))
    return summarize(verdicts, since=first)


def _chosen(rules: Sequence[Rule], chosen: Sequence[str]) -> tuple[Rule, ...]:
    known = [rule.id for rule in rules]
    for name in chosen:
        if name not in known:
            raise UsageError(f"there is no rule {name!r}: {did_you_mean(name, known)}", fix="--rules SG005,SG007")
    return tuple(rule for rule in rules if not chosen or rule.id in chosen)


def _judge(clone: SharedClone, step: MainlineCommit, policy: Project) -> CommitVerdict:
    verdict = CommitVerdict(commit=step.commit, day=str(step.day), subject=step.subject)
    try:
        if not clone.check_out(step.commit):
            return verdict
        project = replace(policy, root=clone.root, today=step.day, base=step.parent, environ={})
        report = guard(project, scope="diff")
    except OrchestratorError as error:
        return replace(verdict, problem=error.message)
    changes = project.changes
    return replace(
        verdict,
        blocked=report.errors,
        warned=len(report.warnings),
        bodies={spec.path: spec.body_digest for spec in project.specs},
        files=changes.files,
        governed={spec.path: found for spec in project.specs if (found := changes.governed(spec))},
    )
