"""Suppressions, comments that say where a pattern is wrong, and why: `# orchestrator: ignore[some-id] reason`.

A suppression suppresses what the named linters report on the lines that it is about: its own and those that a string
joins to it; from the opening bracket on, when it stands behind the closing one; the line below, when it stands alone.
It keeps the named codemods from the statement that holds these lines. `ignore-file[...]` on a line of its own is about
the whole file. `until 2027-01-31` before the reason ends a suppression after that day.

One without a reason suppresses nothing and is reported, and so are one that has nothing to suppress, one that has
ended, and a comment that seems to be a misspelt suppression.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.pattern_engine.comments import comments
from pytest_orchestrator.pattern_engine.pattern import Kind

MARK = b"orchestrator: ignore"
RULE = "suppression"
"""The rule by which comments themselves are reported."""

_COMMENT = re.compile(r"#\s*orchestrator: ignore(?P<file>-file)?\[(?P<ids>[^\]]*)\](?P<reason>[^#]*)")
# A reason may well begin with the word: "until the driver is replaced".
_UNTIL = re.compile(r"\s*until\s+(?P<day>\d\S*?):?(?:\s+(?P<reason>.*)|$)", re.DOTALL | re.IGNORECASE)
_UNTIL_MARK = re.compile(rb"until", re.IGNORECASE)

# Looking for misspelt suppressions takes long, so files without any of these are left out. One half of the word will be
# right, and few words that begin a comment are as long.
_HALVES = (b"orch", b"strat")
_HINT = re.compile(rb"#[ \t]*(?:pytest[-_ ])?o\w{9,13}[ \t]*(?:[:=]|i[gn])", re.IGNORECASE)
_PART = re.compile(r"#[^#]*")
_MEANT = re.compile(
    r"#\s*(?:pytest[-_ ])?(?P<tool>\w+)\s*(?P<colon>[:=]?)\s*(?P<verb>\w+)\s*"
    r"(?P<rest>[\[(]?(?P<ids>[^\])]*)[\])]?(?P<reason>.*))",
    re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """One suppression of the patterns `ids`."""

    ids: tuple[str, ...]
    reason: str
    position: Range
    about: range | None
    """The lines that it is about, counted from 1; None: the whole file."""
    problem: str = ""
    """Why it suppresses nothing."""


def suppressions(data: bytes, *, today: date | None = None) -> tuple[Suppression, ...]:
    """The suppressions in a file on a day, in order; none in one that can't be cut into tokens."""
    return tuple(_read(data, today or date.today())) if MARK in data else ()  # noqa: DTZ011 - a day of the author's


def depends_on_day(data: bytes) -> bool:
    """Whether a suppression in the file may end."""
    return MARK in data and _UNTIL_MARK.search(data) is not None


def honour_suppressions(
    found: Sequence[Diagnostic],
    data: bytes,
    *,
    path: str,
    ran: Mapping[str, Kind],
    suppressed: Collection[tuple[str, int]] = (),
) -> tuple[Diagnostic, ...]:
    """The file's diagnostics that are not suppressed, and the faults of its suppressions of the patterns that `ran`.

    `suppressed` names the codemods that a suppression kept from changing something, with the suppression's line.
    """
    remaining, problems = list(found), list[Diagnostic]()
    # The most particular first: a finding on its line is no reason to keep one about the whole file.
    for comment in sorted(suppressions(data), key=lambda one: one.about is None):
        concerned = [id_ for id_ in comment.ids if id_ in ran]
        if concerned and comment.problem:
            problems.append(_problem(path, comment.position, comment.problem))
            continue
        for id_ in concerned:
            matched = [item for item in remaining if item.rule == id_ and _is_about(comment, item)]
            remaining = [item for item in remaining if item not in matched]
            if not matched and (id_, comment.position.start_line) not in suppressed:
                where = "in this file" if comment.about is None else "here"
                did = f"would change nothing {where}" if ran[id_] == "codemod" else f"reports nothing {where}"
                problems.append(_problem(path, comment.position, f"{id_} {did}: remove it from the comment"))
    return (*remaining, *problems)


def misspelt(data: bytes, path: str, problem_with: Callable[[str], str]) -> Iterator[Diagnostic]:
    """The suppressions of the file that name no pattern, and the comments that seem to be misspelt suppressions.

    `problem_with` returns why there is no pattern of a name; an empty text if there is one.
    """
    if not any(half in data for half in _HALVES) or _HINT.search(data) is None:
        return
    for comment in comments(data):
        for part in _PART.finditer(comment.token.string):
            for message in _messages(part[0], problem_with):
                yield _problem(path, _range(comment.token, part), message)


def _range(token: tokenize.TokenInfo, match: re.Match[str]) -> Range:
    """The part of a comment that matches, without white space at its end."""
    line, start = token.start[0], token.start[1] + 1 + match.start()
    return Range(start_line=line, start_column=start, end_line=line, end_column=start + len(match[0].rstrip()))


def _problem(path: str, position: Range, message: str) -> Diagnostic:
    """A diagnostic about a comment."""
    return Diagnostic(rule=RULE, severity="warning", message=message, path=path, range=position)


def _ids_in(text: str) -> tuple[str, ...]:
    """The ids in the text between the brackets."""
    return tuple(filter(None, (id_.strip() for id_ in text.split(","))))


def _is_about(comment: Suppression, item: Diagnostic) -> bool:
    return comment.about is None or item.range.start_line in comment.about


def _read(data: bytes, today: date) -> Iterator[Suppression]:
    for comment in comments(data):
        for match in _COMMENT.finditer(comment.token.string):
            until = _UNTIL.match(match["reason"])
            reason = ((until["reason"] or "") if until else match["reason"]).strip()
            ended = _ended(until["day"], today) if until else ""
            if match["file"] and not comment.is_alone:
                problem = "write it on a line of its own: it is about the whole file"
            elif not reason:
                problem = f"add a reason: # orchestrator: ignore{match['file'] or ''}[...] reason"
            else:
                problem = ended
            yield Suppression(
                ids=_ids_in(match["ids"]),
                reason=reason,
                position=_range(comment.token, match),
                about=None if match["file"] else comment.about,
                problem=problem,
            )


def _ended(day: str, today: date) -> str:
    """Why a suppression until this day suppresses nothing; empty if it does."""
    try:
        last = date.fromisoformat(day)
    except ValueError:
        return f"{day!r} is not a date: write until YYYY-MM-DD before the reason"
    return f"it ended after {last}: correct the code, or give another day" if today > last else ""


def _messages(part: str, problem_with: Callable[[str], str]) -> Iterator[str]:
    comment = _COMMENT.match(part)
    ids = _ids_in(comment["ids"]) if comment else ()
    if ids:
        yield from filter(None, map(problem_with, ids))
    elif (meant := _MEANT.match(part)) and _is_meant(meant):
        bracketed = meant["rest"][:1] in ("[", "(")
        named = ", ".join(_ids_in(meant["ids"])) if bracketed else ""
        reason = (meant["reason"] if bracketed else "").strip()
        yield f"suppresses nothing: write # orchestrator: ignore[{named or 'ID'}] {reason or 'reason'}"


def _is_meant(meant: re.Match[str]) -> bool:
    """Whether it can't well be prose about something that orchestrates."""
    if not _is_like(meant["tool"], "orchestrator"):
        return False
    if meant["rest"][:1] in ("[", "("):
        return bool(meant["colon"]) or _is_like(meant["verb"], "ignore")
    return bool(meant["colon"]) and (
        meant["verb"].lower() == "ignore" or (_is_like(meant["verb"], "ignore") and not meant["rest"].strip())
    )


def _is_like(word: str, wanted: str) -> bool:
    return SequenceMatcher(None, word.lower(), wanted).ratio() >= 0.7
