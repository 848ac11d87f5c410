"""The replay report: which commits the guard would have blocked, and which blocks later commits justified. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pytest_orchestrator.diagnostics import Diagnostic

_CORRECTION = re.compile(r"(?:revert|fix|hotfix|bug|correct|repair)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class CommitVerdict:
    """What the guard found in one commit."""

    commit: str
    day: str
    subject: str
    blocked: tuple[Diagnostic, ...] = ()
    warned: int = 0
    problem: str = ""
    """Why the commit could not be checked."""
    bodies: Mapping[str, str] = field(default_factory=dict)
    """The digest of the body of each spec, by path."""
    files: tuple[str, ...] = ()
    """The changed files that are not specs."""
    governed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The changed files that each spec governed."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """An error that would have blocked a commit. `justified` names the later commit that justifies it, if any."""

    commit: str
    day: str
    subject: str
    rule: str
    path: str
    message: str
    justified: str = ""


@dataclass(frozen=True, kw_only=True)
class ReplayReport:
    """The result of a replay."""

    schema: Literal["pytest-orchestrator/spec-replay/1"] = "pytest-orchestrator/spec-replay/1"
    since: str
    commits: int
    blocked_commits: int
    blocks: tuple[Block, ...]
    problems: tuple[str, ...] = ()


def summarize(verdicts: Sequence[CommitVerdict], *, since: str) -> ReplayReport:
    """The report on commits, given the oldest first."""
    blocks = tuple(_blocks(verdicts))
    return ReplayReport(
        since=since,
        commits=len(verdicts),
        blocked_commits=sum(bool(verdict.blocked) for verdict in verdicts),
        blocks=blocks,
        problems=tuple(f"{item.commit[:12]}: {item.problem}" for item in verdicts if item.problem),
    )


def by_rule(result: ReplayReport) -> tuple[tuple[str, int, int], ...]:
    """Each rule, how often it would have blocked a commit, and how many of these blocks were justified."""
    all_of = Counter(block.rule for block in result.blocks)
    right = Counter(block.rule for block in result.blocks if block.justified)
    return tuple((rule, all_of[rule], right[rule]) for rule in sorted(all_of))


def _blocks(verdicts: Sequence[CommitVerdict]) -> Iterator[Block]:
    for index, verdict in enumerate(verdicts):
        for item in verdict.blocked:
            yield Block(
                commit=verdict.commit,
                day=verdict.day,
                subject=verdict.subject,
                rule=item.rule,
                path=item.path,
                message=item.message,
                justified=_justification(verdict, item.path, verdicts[index + 1 :]),
            )


def _justification(verdict: CommitVerdict, path: str, later: Sequence[CommitVerdict]) -> str:
    """The first later commit that changed the spec's body, or that corrected the code that the spec governed."""
    governed = set(verdict.governed.get(path, ()))
    before = verdict.bodies.get(path)
    for each in later:
        if before is not None and each.bodies.get(path, before) != before:
            return f"the spec was corrected by {each.commit[:12]} on {each.day}"
        if governed & set(each.files) and _CORRECTION.match(each.subject):
            return f"the code was corrected by {each.commit[:12]} on {each.day}"
    return ""
