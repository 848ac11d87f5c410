"""`spec replay`: runs the guard over past commits, so that a team can try a policy before it applies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

from pytest_orchestrator.codec.decode import decode_json, encode
from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.commands.spec.commit_verdict import judge_step
from pytest_orchestrator.commands.spec.past import Past
from pytest_orchestrator.errors import InputError, RunError, UsageError
from pytest_orchestrator.files import read_limited
from pytest_orchestrator.git.shared_clone import MainlineCommit, mainline_commits, shared_clone
from pytest_orchestrator.spec_guard.project import Project
from pytest_orchestrator.spec_guard.reviews.replay import CommitVerdict, ReplayReport, summarize
from pytest_orchestrator.spec_guard.rules.rule import Rule

_MAX_STATE_BYTES = 1 << 30


def replay(
    project: Project,
    *,
    since: str | None = None,
    chosen: Sequence[str] = (),
    state: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ReplayReport:
    """Check each commit after `since` on the main line as a change of its own, on its own day, by today's settings.

    Without `since`, every commit. Commits before the first spec are not checked. `chosen` are the ids of the rules to
    check; none means all. Each verdict is appended to the file `state`, and the commits that it holds are not checked
    again. `progress` gets how many commits are done, of how many.

    Raises:
        GitError: git can't tell the history.
        InputError: `state` can't be read.
        RunError: `state` can't be written.
        UsageError: there is no commit, `since` is not one, `chosen` names an unknown rule, or `state` is of another
            replay.
    """
    if project.tree.head is None:
        raise UsageError("there is no commit yet to replay", fix="commit the specs first")
    rules = _chosen(project.rules, chosen)
    ids = {rule.id for rule in rules}
    severity = {name: level for name, level in project.settings.severity.items() if name in ids}
    settings = replace(project.settings, severity=severity)
    policy = replace(project, rules=rules, settings=settings, trusts_settings=True)
    first = None if since is None else project.tree.commit(since)
    if since is not None and first is None:
        raise UsageError(f"--since {since} is not a commit of this clone", fix="name a branch, a tag or a commit")
    steps = mainline_commits(project.tree, first)
    verdicts = [] if state is None else _open(state, policy, steps)
    if len(verdicts) < len(steps):
        with shared_clone(project.tree) as clone:
            past = Past(clone, project.tree, steps)
            past.start(len(verdicts))
            for number in range(len(verdicts), len(steps)):
                if progress is not None:
                    progress(number, len(steps))
                verdicts.append(judge_step(past, number, policy))
                if state is not None:
                    _append(state, verdicts[-1])
    report = summarize(verdicts, since=first or "")
    if not project.tree.shallow:
        return report
    missing = "this clone is shallow, so its history is not whole: git fetch --unshallow"
    return replace(report, problems=(missing, *report.problems))


def _chosen(rules: Sequence[Rule], chosen: Sequence[str]) -> tuple[Rule, ...]:
    known = [rule.id for rule in rules]
    for name in chosen:
        if name not in known:
            raise UsageError(f"there is no rule {name!r}: {did_you_mean(name, known)}", fix="--rules SG005,SG007")
    return tuple(rule for rule in rules if not chosen or rule.id in chosen)


def _open(path: Path, policy: Project, steps: Sequence[MainlineCommit]) -> list[CommitVerdict]:
    """The verdicts in a file of state, which is made if it is absent. A line that was not written whole is removed."""
    key = _key(policy, steps)
    if not path.exists():
        _append(path, {"replay": key})
        return []
    data = read_limited(path, max_bytes=_MAX_STATE_BYTES, display_path=str(path))
    whole = data[: data.rfind(b"\n") + 1]
    lines = whole.decode("utf-8", "replace").splitlines()
    if not lines or _parsed(lines[0], path, 1) != {"replay": key}:
        raise UsageError(
            f"{path} is no state of this replay: the version, the settings, the rules or the first commit differ",
            fix="name a new file",
        )
    if len(whole) < len(data):
        with path.open("r+b") as stream:
            stream.truncate(len(whole))
    verdicts = [
        decode_json(CommitVerdict, _parsed(line, path, number), path=str(path))
        for number, line in enumerate(lines[1:], start=2)
    ]
    if [verdict.commit for verdict in verdicts] != [step.commit for step in steps[: len(verdicts)]]:
        raise UsageError(f"{path} holds commits that are not in this history", fix="name a new file")
    return verdicts


def _key(policy: Project, steps: Sequence[MainlineCommit]) -> str:
    """What verdicts depend on, besides the commits that they are about."""
    rules = [rule.id for rule in policy.rules]
    first = steps[0].commit if steps else ""
    settings = encode(policy.settings)
    known = json.dumps([metadata.version("pytest-orchestrator"), first, rules, settings], sort_keys=True)
    return hashlib.sha256(known.encode()).hexdigest()


def _parsed(line: str, path: Path, number: int) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError("is damaged", path=str(path), line=number, fix="remove the file, and replay again") from error


def _append(path: Path, value: Any) -> None:
    try:
        with path.open("a", encoding="ascii") as stream:
            stream.write(json.dumps(encode(value)) + "\n")
    except OSError as error:
        raise RunError(f"can't be written: {error.strerror or error}", path=str(path)) from error
