"""What a guard would have blocked in a project's past, and which of it later proved justified. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pytest_orchestrator.records import Diagnostic

_CORRECTION = re.compile(r"(?:revert|fix|hotfix|bug|correct|repair)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One commit of the past, as the guard saw it."""

    commit: str
    day: str
    subject: str
    blocked: tuple[Diagnostic, ...] = ()
    warned: int = 0
    problem: str = ""
    """Why it could not be judged."""
    bodies: Mapping[str, str] = field(default_factory=dict)
    """A digest of the words of each spec, by its path."""
    files: tuple[str, ...] = ()
    """What the commit changed, but for specs."""
    governed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The changed files that each spec governed."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """One finding that would have stopped a commit. `justified` says what later proved it right; empty: nothing did."""

    commit: str
    day: str
    subject: str
    rule: str
    path: str
    message: str
    justified: str = ""


@dataclass(frozen=True, kw_only=True)
class Hindsight:
    """A replay's result."""

    schema: Literal["pytest-orchestrator/spec-replay/1"] = "pytest-orchestrator/spec-replay/1"
    since: str
    commits: int
    blocked_commits: int
    blocks: tuple[Block, ...]
    problems: tuple[str, ...] = ()


def look_back(passages: Sequence[Passage], *, since: str) -> Hindsight:
    """Judge the blocks of a history, the oldest commit first."""
    blocks = tuple(_blocks(passages))
    return Hindsight(
        since=since,
        commits=len(passages),
        blocked_commits=sum(bool(passage.blocked) for passage in passages),
        blocks=blocks,
        problems=tuple(f"{item.commit[:12]}: {item.problem}" for item in passages if item.problem),
    )


def by_rule(result: Hindsight) -> tuple[tuple[str, int, int], ...]:
    """Rule, how often it would have blocked, how often that proved justified."""
    all_of = Counter(block.rule for block in result.blocks)
    right = Counter(block.rule for block in result.blocks if block.justified)
    return tuple((rule, all_of[rule], right[rule]) for rule in sorted(all_of))


def _blocks(passages: Sequence[Passage]) -> Iterator[Block]:
    for place, passage in enumerate(passages):
        for item in passage.blocked:
            yield Block(
                commit=passage.commit,
                day=passage.day,
                subject=passage.subject,
                rule=item.rule,
                path=item.path,
                message=item.message,
                justified=_justification(passage, item.path, passages[place + 1 :]),
            )


def _justification(passage: Passage, path: str, later: Sequence[Passage]) -> str:
    """The first later commit that changed the spec's words, or that mended the code that the spec governed."""
    governed = set(passage.governed.get(path, ()))
    before = passage.bodies.get(path)
    for each in later:
        if before is not None and each.bodies.get(path, before) != before:
            return f"the spec was corrected by {each.commit[:12]} on {each.day}"
        if governed & set(each.files) and _CORRECTION.match(each.subject):
            return f"the code was corrected by {each.commit[:12]} on {each.day}"
    return ""
