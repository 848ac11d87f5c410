"""The replay report: which commits the guard would have blocked, and which blocks later edits justified. Pure.

A block of a commit that changed code which the spec governs is justified when the body of that spec was corrected
afterwards, in lines that speak of what the commit changed (see `corrections`): within 50 commits of the main line and
60 days, by a commit that edits the bodies of no more specs than `bulk_dates` allows, and in terms that the correcting
commit's own change of the code doesn't explain. Moving, deleting and retiring a spec, and editing its front matter, are
no corrections.

The placebo asks the same for another spec, which the commit doesn't concern. It is chosen by a digest of the commit and
the block, so that the same history gives the same figures. What it finds is chance.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

_MAX_COMMITS = 50
_MAX_DAYS = 60
_MAX_TERMS = 500
_SHOWN_TERMS = 3


@dataclass(frozen=True, kw_only=True)
class Finding:
    """An error of the guard in one commit."""

    rule: str
    path: str
    message: str
    spec: str = ""
    """The id of the spec that it is about, if the commit changed code which that spec governs."""
    terms: tuple[str, ...] = ()
    """The terms of the change of the code that the spec governs."""
    placebo: str = ""
    """The id of the spec that is asked for instead; empty when there is none."""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """An edit of a spec's body by one commit: its terms, without those of the commit's own change of the code."""

    spec: str
    terms: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A spec that can't be read in some commit, so that it is not judged there."""

    path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CommitVerdict:
    """What the guard found in one commit."""

    commit: str
    day: date
    subject: str
    specs: int = 0
    """How many specs there were; 0 before the first one."""
    findings: tuple[Finding, ...] = ()
    corrections: tuple[Correction, ...] = ()
    unread: tuple[Unread, ...] = ()
    """The specs that the commit leaves unreadable, of those that were read anew."""
    unread_specs: int = 0
    """How many specs were unreadable."""
    undated_specs: int = 0
    """How many others had no date, so that nothing was said about the age of their reviews."""
    problem: str = ""
    """Why the commit could not be checked."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """An error that would have blocked a commit."""

    commit: str
    day: str
    subject: str
    rule: str
    path: str
    message: str
    justified: str = ""
    """The later commit that justifies it; empty when there is none."""
    measured: bool = False
    """Whether it is about a change of code, so that something could justify it."""
    placebo: bool | None = None
    """Whether the same is found for another spec; None when it is not measured, or there is no other spec."""


@dataclass(frozen=True, kw_only=True)
class ReplayReport:
    """The result of a replay."""

    schema: Literal["pytest-orchestrator/spec-replay/1"] = "pytest-orchestrator/spec-replay/1"
    since: str
    commits: int
    """How many commits were checked."""
    skipped: int = 0
    """How many commits came before the first spec."""
    blocked_commits: int
    blocks: tuple[Block, ...]
    specs: int = 0
    """How many specs the last commit has."""
    unread_specs: int = 0
    """How many of them can't be read."""
    undated_specs: int = 0
    """How many others have no date. They were judged, but for the age of their reviews."""
    unread: tuple[Unread, ...] = ()
    """The specs that couldn't be read in some commit, and were not judged there."""
    problems: tuple[str, ...] = ()


class RuleRates(NamedTuple):
    """The blocks of one rule, counted."""

    rule: str
    blocks: int
    measured: int
    justified: int
    """Of the measured ones."""
    asked: int
    """For how many another spec was asked."""
    placebo: int
    """Of the asked ones."""


def summarize(verdicts: Sequence[CommitVerdict], *, since: str) -> ReplayReport:
    """The report on commits, given the oldest first."""
    first = next((number for number, verdict in enumerate(verdicts) if verdict.specs or verdict.problem), len(verdicts))
    judged = verdicts[first:]
    return ReplayReport(
        since=since,
        commits=len(judged),
        skipped=first,
        blocked_commits=sum(bool(verdict.findings) for verdict in judged),
        blocks=tuple(_blocks(judged)),
        specs=judged[-1].specs if judged else 0,
        unread_specs=judged[-1].unread_specs if judged else 0,
        undated_specs=judged[-1].undated_specs if judged else 0,
        unread=tuple({item.path: item for verdict in judged for item in verdict.unread}.values()),
        problems=tuple(f"{item.commit[:12]}: {item.problem}" for item in judged if item.problem),
    )


def by_rule(result: ReplayReport) -> tuple[RuleRates, ...]:
    """The blocks of each rule, counted."""
    every = Counter(block.rule for block in result.blocks)
    measured = Counter(block.rule for block in result.blocks if block.measured)
    right = Counter(block.rule for block in result.blocks if block.justified)
    asked = Counter(block.rule for block in result.blocks if block.placebo is not None)
    chance = Counter(block.rule for block in result.blocks if block.placebo)
    counts = (every, measured, right, asked, chance)
    return tuple(RuleRates(rule, *(count[rule] for count in counts)) for rule in sorted(every))


def placebo_of(commit: str, finding: Finding, candidates: Sequence[str]) -> str:
    """The id of another spec to ask for instead of the finding's; empty without candidates."""
    if not candidates:
        return ""
    digest = hashlib.sha256(f"{commit}\0{finding.rule}\0{finding.path}".encode("utf-8", "surrogateescape")).digest()
    return sorted(candidates)[int.from_bytes(digest[:8], "big") % len(candidates)]


def kept_terms(terms: frozenset[str]) -> tuple[str, ...]:
    """The terms as a verdict keeps them: sorted, at most 500."""
    return tuple(sorted(terms)[:_MAX_TERMS])


def _blocks(verdicts: Sequence[CommitVerdict]) -> Iterator[Block]:
    for index, verdict in enumerate(verdicts):
        later = verdicts[index + 1 : index + 1 + _MAX_COMMITS]
        soon = [each for each in later if (each.day - verdict.day).days <= _MAX_DAYS]
        for item in verdict.findings:
            yield Block(
                commit=verdict.commit,
                day=str(verdict.day),
                subject=verdict.subject,
                rule=item.rule,
                path=item.path,
                message=item.message,
                measured=bool(item.spec),
                justified=_justification(item.spec, item.terms, soon) if item.spec else "",
                placebo=bool(_justification(item.placebo, item.terms, soon)) if item.placebo else None,
            )


def _justification(spec: str, terms: Sequence[str], later: Sequence[CommitVerdict]) -> str:
    """The first of the later commits that corrected the spec in these terms."""
    known = frozenset(terms)
    for each in later:
        for correction in each.corrections:
            shared = [term for term in correction.terms if correction.spec == spec and term in known]
            if shared:
                named = ", ".join(shared[:_SHOWN_TERMS])
                return f"the spec was corrected by {each.commit[:12]} on {each.day}: {named}"
    return ""
