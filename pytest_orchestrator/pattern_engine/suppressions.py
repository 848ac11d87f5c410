"""Suppressions, comments that say where a pattern is wrong, and why: `# orchestrator: ignore[some-id] reason`.

A suppression suppresses what the named linters report on its line, or in a string that ends there, and keeps the named
codemods from the statement that holds the line. One without a reason suppresses nothing and is reported, and so are one
that has nothing to suppress, and a comment that seems to be a misspelt suppression.

`# noqa` comments count too, as flake8 and ruff read them: they suppress patterns that declare one of their codes. One
holds for its line, and for the lines that a string or a backslash joins to it. One without codes suppresses every
pattern that declares codes; a code also means all codes that begin with it. One whose codes are malformed suppresses
nothing, as in ruff. `# ruff: noqa` and `# flake8: noqa` on a line of their own hold for the whole file; behind code
they mean nothing to those tools.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from io import BytesIO

from pytest_orchestrator.diagnostics import Diagnostic, Range
from pytest_orchestrator.pattern_engine.pattern import Kind

MARK = b"orchestrator: ignore["
RULE = "suppression"
"""The rule by which comments themselves are reported."""

_COMMENT = re.compile(r"#\s*orchestrator: ignore\[(?P<ids>[^\]]*)\](?P<reason>[^#]*)")

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

_NOQA_MARK = re.compile(rb"noqa", re.IGNORECASE)
_NOQA = re.compile(
    r"#\s*(?P<file>(?:flake8|ruff)\s*[:=]\s*)?noqa\b(?P<colon>\s*:\s*(?P<codes>[A-Z]+[0-9]+(?:[,\s]*[A-Z]+[0-9]+)*)?)?",
    re.IGNORECASE,
)

Codes = Mapping[str, Sequence[str]]
"""The codes that mean the same as a pattern, by its id."""


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """One suppression. `ids` are the patterns that it names; for linters it holds from `first_line` to its own line."""

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
    suppressed: Collection[tuple[str, int]] = (),
) -> tuple[Diagnostic, ...]:
    """The file's diagnostics that are not suppressed, and the faults of its suppressions of the patterns that `ran`.

    `suppressed` names the codemods that a suppression kept from changing something, with the suppression's line.
    """
    remaining, problems = list(found), list[Diagnostic]()
    for comment in suppressions(data):
        line = comment.range.start_line
        concerned = [id_ for id_ in comment.ids if id_ in ran]
        if concerned and not comment.reason:
            problems.append(_problem(path, comment.range, "add a reason: # orchestrator: ignore[...] reason"))
            continue
        for id_ in concerned:
            lines = range(comment.first_line, line + 1)
            matched = [item for item in remaining if item.rule == id_ and item.range.start_line in lines]
            remaining = [item for item in remaining if item not in matched]
            if not matched and (id_, line) not in suppressed:
                did = "would change nothing here" if ran[id_] == "codemod" else "reports nothing on this line"
                problems.append(_problem(path, comment.range, f"{id_} {did}: remove it from the comment"))
    return (*remaining, *problems)


def unsuppressed(found: Sequence[Diagnostic], data: bytes, codes: Codes) -> tuple[Diagnostic, ...]:
    """The file's diagnostics that no `# noqa` comment suppresses."""
    concerned = any(codes.get(item.rule) for item in found)
    comments = tuple(_read_noqa(data)) if concerned and _NOQA_MARK.search(data) else ()
    return tuple(item for item in found if not _is_suppressed(item, comments, codes.get(item.rule, ())))


def suppressed_lines(data: bytes, codes: Sequence[str]) -> Iterator[range | None]:
    """The lines of each comment that names one of these codes; None for one about the whole file.

    Comments without codes suppress linters only.
    """
    # Cutting a file into tokens takes long, and most comments mean something else.
    if not codes or not _NOQA_MARK.search(data):
        return
    named = map(_codes, _NOQA.finditer(data.decode("utf-8", "replace")))
    if any(words and _mean(words, codes) for words in named):
        yield from (comment.lines for comment in _read_noqa(data) if comment.codes and _mean(comment.codes, codes))


def misspelt(data: bytes, path: str, problem_with: Callable[[str], str]) -> Iterator[Diagnostic]:
    """The suppressions of the file that name no pattern, and the comments that seem to be misspelt suppressions.

    `problem_with` returns why there is no pattern of a name; an empty text if there is one.
    """
    if not any(half in data for half in _HALVES) or _HINT.search(data) is None:
        return
    for token, _ in comments(data):
        for part in _PART.finditer(token.string):
            for message in _messages(part[0], problem_with):
                yield _problem(path, _range(token, part), message)


def comments(data: bytes) -> Iterator[tuple[tokenize.TokenInfo, range]]:
    """The comments of a file, in order, each with its lines: its own and those joined to it by a string or a backslash.

    The joined lines can't have comments. Comments after a line that is not Python are left out.
    """
    first = 1
    for token in _tokens(data):
        if token.type in (tokenize.NL, tokenize.NEWLINE):
            first = token.start[0] + 1
        elif token.type == tokenize.COMMENT:
            yield token, range(first, token.start[0] + 1)


@dataclass(frozen=True, kw_only=True)
class _Noqa:
    """One comment. Without `codes` it means all of them; without `lines` it is about the whole file."""

    codes: tuple[str, ...]
    lines: range | None

    def suppresses(self, line: int, codes: Sequence[str]) -> bool:
        return (self.lines is None or line in self.lines) and _mean(self.codes, codes)


def _is_suppressed(item: Diagnostic, comments: Sequence[_Noqa], codes: Sequence[str]) -> bool:
    return bool(codes) and any(comment.suppresses(item.range.start_line, codes) for comment in comments)


def _mean(named: tuple[str, ...], codes: Sequence[str]) -> bool:
    return not named or any(code.startswith(named) for code in codes)


def _codes(match: re.Match[str]) -> tuple[str, ...] | None:
    """The codes that a comment names; None when it should name some, and doesn't."""
    if not match["codes"]:
        return None if match["colon"] else ()
    return tuple(re.findall(r"[A-Z]+[0-9]+", match["codes"].upper()))


def _read_noqa(data: bytes) -> Iterator[_Noqa]:
    """The comments of a file, in order."""
    for token, lines in comments(data):
        match = _NOQA.search(token.string)
        codes = _codes(match) if match else None
        if match and codes is not None:
            if not match["file"]:
                yield _Noqa(codes=codes, lines=lines)
            elif not token.line[: token.start[1]].strip():
                yield _Noqa(codes=codes, lines=None)


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


def _read(data: bytes) -> Iterator[Suppression]:
    for token, lines in comments(data):
        for match in _COMMENT.finditer(token.string):
            yield Suppression(
                ids=_ids_in(match["ids"]),
                reason=match["reason"].strip(),
                range=_range(token, match),
                first_line=lines.start,
            )


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


def _tokens(data: bytes) -> Iterator[tokenize.TokenInfo]:
    """The tokens of a file, in order, up to the first that is malformed.

    Whatever its coding line says: there may be no such encoding, or one that is none of text.
    """
    try:
        yield from tokenize.tokenize(BytesIO(data).readline)
    except (tokenize.TokenError, SyntaxError, UnicodeError, LookupError):
        return
