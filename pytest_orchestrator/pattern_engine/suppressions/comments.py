"""Comments by which a person says that a pattern is wrong here, and why: `# orchestrator: ignore[some-id] reason`.

Such a comment silences what the named linters report on the line that it stands on, or in a string that ends there, and
keeps the named codemods from the statement that holds the line. One without a reason silences nothing and is reported,
and so is one that there is nothing to silence for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pytest_orchestrator.pattern_engine.pattern import Kind
from pytest_orchestrator.pattern_engine.suppressions.tokens import comments
from pytest_orchestrator.records import Diagnostic, Range

MARK = b"orchestrator: ignore["
RULE = "suppression"
"""The rule by which comments themselves are reported."""

COMMENT = re.compile(r"#\s*orchestrator: ignore\[(?P<ids>[^\]]*)\](?P<reason>[^#]*)")


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """One comment. `ids` are the patterns that it names; linters are silenced from `first_line` to its own line."""

    ids: tuple[str, ...]
    reason: str
    range: Range
    first_line: int


def suppressions(data: bytes) -> tuple[Suppression, ...]:
    """The suppressions in a file, in order; none in one that can't be cut into tokens."""
    return tuple(_read(data)) if MARK in data else ()


def honour_suppressions(
    found: Sequence[Diagnostic],
    data: bytes,
    *,
    path: str,
    ran: Mapping[str, Kind],
    spared: Collection[tuple[str, int]] = (),
) -> tuple[Diagnostic, ...]:
    """What remains of a file's diagnostics, and what is wrong with its suppressions of the patterns that `ran`.

    `spared` says which codemods a comment kept from changing something, and the comment's line.
    """
    remaining, problems = list(found), list[Diagnostic]()
    for comment in suppressions(data):
        line = comment.range.start_line
        concerned = [id_ for id_ in comment.ids if id_ in ran]
        if concerned and not comment.reason:
            problems.append(problem(path, comment.range, "say why: # orchestrator: ignore[...] reason"))
            continue
        for id_ in concerned:
            lines = range(comment.first_line, line + 1)
            silenced = [item for item in remaining if item.rule == id_ and item.range.start_line in lines]
            remaining = [item for item in remaining if item not in silenced]
            if not silenced and (id_, line) not in spared:
                did = "would change nothing here" if ran[id_] == "codemod" else "reports nothing on this line"
                problems.append(problem(path, comment.range, f"{id_} {did}: remove it from the comment"))
    return (*remaining, *problems)


def problem(path: str, place: Range, message: str) -> Diagnostic:
    """What is wrong with a comment."""
    return Diagnostic(rule=RULE, severity="warning", message=message, path=path, range=place)


def ids_in(text: str) -> tuple[str, ...]:
    """The ids in what stands between the brackets."""
    return tuple(filter(None, (id_.strip() for id_ in text.split(","))))


def _read(data: bytes) -> Iterator[Suppression]:
    for token, lines in comments(data):
        for match in COMMENT.finditer(token.string):
            line, column = token.start[0], token.start[1] + 1
            start, end = column + match.start(), column + match.start() + len(match[0].rstrip())
            place = Range(start_line=line, start_column=start, end_line=line, end_column=end)
            yield Suppression(
                ids=ids_in(match["ids"]), reason=match["reason"].strip(), range=place, first_line=lines.start
            )
