"""Comments by which a person says that a linter is wrong here, and why: `# orchestrator: ignore[some-linter] reason`.

Such a comment silences what the named linters report on the line that it stands on. One without a reason silences
nothing and is reported, and so is one that there is nothing to silence for.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from pytest_orchestrator.pattern_engine.noqa import Codes, unsilenced
from pytest_orchestrator.records import Diagnostic, Range

MARK = b"orchestrator: ignore["
RULE = "suppression"
"""The rule by which comments themselves are reported."""

_COMMENT = re.compile(r"#\s*orchestrator: ignore\[(?P<ids>[^\]]*)\](?P<reason>[^#]*)")


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """One comment. `ids` are the linters that it names."""

    ids: tuple[str, ...]
    reason: str
    range: Range


def suppressions(data: bytes) -> tuple[Suppression, ...]:
    """The suppressions in a file, in order; none in one that can't be cut into tokens."""
    return tuple(_read(data)) if MARK in data else ()


def heed(
    found: Sequence[Diagnostic], data: bytes, *, path: str, ran: Collection[str], codes: Codes
) -> tuple[Diagnostic, ...]:
    """What remains of a file's diagnostics, and what is wrong with its suppressions of the linters that `ran`.

    `codes` are those by which `# noqa` comments know the linters. Such comments are other tools': they aren't judged.
    """
    remaining, problems = list(found), list[Diagnostic]()
    for comment in suppressions(data):
        concerned = [id_ for id_ in comment.ids if id_ in ran]
        if concerned and not comment.reason:
            problems.append(_problem(comment, path, "say why: # orchestrator: ignore[...] reason"))
            continue
        for id_ in concerned:
            silenced = [
                item for item in remaining if item.rule == id_ and item.range.start_line == comment.range.start_line
            ]
            remaining = [item for item in remaining if item not in silenced]
            if not silenced:
                problems.append(
                    _problem(comment, path, f"{id_} reports nothing on this line: remove it from the comment")
                )
    return (*unsilenced(remaining, data, codes), *problems)


def _problem(comment: Suppression, path: str, message: str) -> Diagnostic:
    return Diagnostic(rule=RULE, severity="warning", message=message, path=path, range=comment.range)


def _read(data: bytes) -> Iterator[Suppression]:
    try:
        for token in tokenize.tokenize(BytesIO(data).readline):
            match = _COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
            if match:
                ids = tuple(filter(None, (id_.strip() for id_ in match["ids"].split(","))))
                line, column = token.start[0], token.start[1] + 1
                place = Range(
                    start_line=line,
                    start_column=column + match.start(),
                    end_line=line,
                    end_column=column + len(match[0].rstrip()) + match.start(),
                )
                yield Suppression(ids=ids, reason=match["reason"].strip(), range=place)
    except (tokenize.TokenError, SyntaxError, UnicodeDecodeError):
        return
