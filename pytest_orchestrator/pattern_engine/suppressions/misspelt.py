"""Comments that are meant as suppressions and are none: they silence nothing, and who wrote them must know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

from pytest_orchestrator.pattern_engine.suppressions.comments import COMMENT, ids_in, problem
from pytest_orchestrator.pattern_engine.suppressions.tokens import comments
from pytest_orchestrator.records import Diagnostic, Range

# All that may be looked at any closer, for that takes long. One half of the word will be right, and few words that
# begin a comment are as long.
_HALVES = (b"orch", b"strat")
_HINT = re.compile(rb"#[ \t]*(?:pytest[-_ ])?o\w{9,13}[ \t]*(?:[:=]|i[gn])", re.IGNORECASE)
_PART = re.compile(r"#[^#]*")
_MEANT = re.compile(
    r"#\s*(?:pytest[-_ ])?(?P<tool>\w+)\s*(?P<colon>[:=]?)\s*(?P<verb>\w+)\s*"
    r"(?P<rest>[\[(]?(?P<ids>[^\])]*)[\])]?(?P<reason>.*))",
    re.DOTALL,
)


def misspelt(data: bytes, path: str, problem_with: Callable[[str], str]) -> Iterator[Diagnostic]:
    """What is wrong with the file's suppressions that name nothing, or are no suppressions at all.

    `problem_with` says why there is no pattern of a name; an empty text, if there is one.
    """
    if not any(half in data for half in _HALVES) or _HINT.search(data) is None:
        return
    for token, _ in comments(data):
        line, column = token.start[0], token.start[1] + 1
        for part in _PART.finditer(token.string):
            start, end = column + part.start(), column + part.start() + len(part[0].rstrip())
            place = Range(start_line=line, start_column=start, end_line=line, end_column=end)
            for message in _messages(part[0], problem_with):
                yield problem(path, place, message)


def _messages(part: str, problem_with: Callable[[str], str]) -> Iterator[str]:
    comment = COMMENT.match(part)
    ids = ids_in(comment["ids"]) if comment else ()
    if ids:
        yield from filter(None, map(problem_with, ids))
    elif (meant := _MEANT.match(part)) and _is_meant(meant):
        bracketed = meant["rest"][:1] in ("[", "(")
        named = ", ".join(ids_in(meant["ids"])) if bracketed else ""
        reason = (meant["reason"] if bracketed else "").strip()
        yield f"silences nothing: write # orchestrator: ignore[{named or 'ID'}] {reason or 'reason'}"


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
