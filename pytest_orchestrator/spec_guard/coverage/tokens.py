"""Source as tokens: what is left of it without comments and without white space that means nothing.

A comment that programs read (`//go:build`, `@jsx`) stays. What can't be read for certain without a parser counts as it
is written, from there to the end of the file: a regular expression that may be a division, an element of JSX, a string
that nests strings, a document in a shell script. Only what is certainly a comment is left out. `lexical_rules` holds
the rules of the languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from pytest_orchestrator.spec_guard.coverage.lexical_rules import GO, C, Language, language_of
from pytest_orchestrator.spec_guard.coverage.optional_marks import without_optional_marks

# The longest first; of all languages together, since one operator more only tells apart what is the same.
_OPERATORS = (
    ">>>= <<= >>= >>> **= &&= ||= ??= ... ..= === !== <=> ->* &^= -> => :: ++ -- && || ?? ?. == != <= >= << >> += -= "
    "*= /= %= &= |= ^= := <- .. &^ ** ## .*"
)
_OPERATOR = "|".join(map(re.escape, _OPERATORS.split()))
# Words after which `/` may start a regular expression.
_KEYWORDS = "return typeof instanceof in of new delete void throw case do else yield await let async extends default"
_BEFORE_REGEX = frozenset(_KEYWORDS.split(" "))
# The ends of conditions, of blocks and of types, and operators that can follow an operand.
_AFTER_OPERAND = frozenset({")", "}", "++", "--", "!", ">", ">>", ">>>"})
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+/\w*")
# A tag, or what can be an attribute whose value ends with a backslash: JSX has no escapes.
_MARKUP = re.compile(r"<\s*/|/\s*>|=\s*(?:\"[^\"\n]*\\\"|'[^'\n]*\\')")
_DOCUMENTATION = re.compile(r"///(?!/)|//!|/\*\*(?![*/])|/\*!")
# Where a line break never ends a statement, in JavaScript and in Go.
_AFTER = "{ ( [ , ; = => := && || ?? ? : + - * % & | ^ < <= >= == != === !== += -= *="
_BEFORE = "} ) ] , ; . ?. && || ?? ? : = == === != !== |"
_NO_BREAK_AFTER, _NO_BREAK_BEFORE = frozenset(_AFTER.split(" ")), frozenset(_BEFORE.split(" "))
_FREE = frozenset("{;,")  # beside them, white space means nothing in a style sheet
# What comments leave between tokens: where a language doesn't say what a line break in one means, it is told apart.
_COMMENT, _LONG_COMMENT = "/**/", "/*\n*/"


def source_tokens(text: str, path: str, *, docstrings: bool) -> Sequence[str] | None:
    """The tokens of the source `text`; None when its language is unknown, or all of it would need a parser.

    Comments of documentation are tokens if `docstrings` is true.
    """
    language = language_of(path)
    if language is None:
        return None
    first, source = _interpreter(text)
    text = source.replace("\r\n", "\n")
    # Other ends of lines end a comment in one language and not in another.
    if re.search("[\r\0\u2028\u2029\ufeff]", text) or re.search(language.refused, text, re.MULTILINE):
        return None
    words = _scan(text, language, docstrings=docstrings)
    if source != text and (
        language.line_ends == "count"
        or (language.line_ends == "in literals" and any("\n" in word and word.strip() for word in words))
    ):
        return None
    return [*first, *without_optional_marks(words, language)]


def is_read_comment(comment: str, path: str, *, docstrings: bool) -> bool:
    """Whether a comment counts: a directive for a tool, or documentation where that counts."""
    language = language_of(path)
    # In tests of Go, comments of examples say what they print.
    return language is None or path.endswith("_test.go") or _is_read(comment, language, docstrings=docstrings)


def _interpreter(text: str) -> tuple[list[str], str]:
    """The line that names an interpreter, as it is, and the rest."""
    if not text.startswith("#!") or re.match(r"#!\s*\[", text):  # an attribute of Rust
        return [], text
    first, newline, rest = text.partition("\n")
    return [first + newline], rest


def _pattern(language: Language) -> re.Pattern[str]:
    comments = language.line_comment if language.blocks == "none" else rf"{language.line_comment}|/\*"
    return re.compile(
        rf"(?P<stop>{language.stops})|(?P<blank>[ \t\f\v]+)|(?P<break>\n)|(?P<comment>{comments})"
        rf"|(?P<literal>{language.literals})|(?P<open>{language.opens})|(?P<word>{language.number}|{language.words})"
        rf"|(?P<mark>{_OPERATOR}|[ -~])",
        re.DOTALL,
    )


def _scan(text: str, language: Language, *, docstrings: bool) -> list[str]:
    token, markup = _pattern(language), language.markup and _MARKUP.search(text) is not None
    words: list[str] = []
    gap = ""  # what stands between the last token and the next: nothing, blanks, a line break, or only a comment
    position, since, previous, operand = 0, 0, "", _Operand.NO
    while position < len(text):
        found = token.match(text, position)
        if found is None or found.lastgroup in ("stop", "open"):
            break
        kind, spelled = found.lastgroup, found[0]
        if kind == "comment":
            end = found.end() if spelled != "/*" else _end_of_block(text, position, language)
            if end is None:
                break
            comment, position = text[position:end], end
            if not _is_read(comment, language, docstrings=docstrings):
                gap = _gap_after(comment, gap, language)
                continue
            spelled = " ".join(comment.split())
        elif kind in ("blank", "break"):
            gap = "\n" if kind == "break" or gap == "\n" else _LONG_COMMENT if gap == _LONG_COMMENT else " "
            position = found.end()
            continue
        else:
            if markup and spelled[0] == "<" and operand is not _Operand.YES:
                break
            if language.regexes and spelled[0] == "/":
                meant = _slash(text, position, operand)
                if meant is None:
                    break
                spelled, kind = meant
            operand = _operand(kind, spelled)
            position += len(spelled)
        words += _separator(gap, previous, spelled, language)
        if language.gaps == "indent":
            words += _indentation(text[since : position - len(spelled)], first=not previous)
        words.append(spelled)
        gap, previous, since = "", spelled, position
    return words if position >= len(text) else [*words, gap, text[position:]]


def _gap_after(comment: str, gap: str, language: Language) -> str:
    """What a comment makes of the gap before it."""
    if gap == "\n":
        return gap
    match language.gaps:
        case "blanks":
            return gap or _COMMENT
        case "count" | "indent":
            return _LONG_COMMENT if "\n" in comment and language is not C else gap or " "
        case _:
            return "\n" if "\n" in comment else " "


def _separator(gap: str, before: str, after: str, language: Language) -> list[str]:
    """The token that stands for what is between two others."""
    match language.gaps:
        case "count" | "indent":
            return [gap] if gap and before else []
        case "blanks":
            gap = " " if gap == "\n" else gap
            return [gap] if gap and before and before not in _FREE and after not in (*_FREE, "}") else []
        case "end statements" if gap == "\n":
            # Go ends a statement by what stands before the break alone.
            free = not before or before in _NO_BREAK_AFTER or (language is not GO and after in _NO_BREAK_BEFORE)
            return [] if free else ["\n"]
    if gap and language.spaced and before and _may_join(before[-1], after[0]):
        return [gap]
    # A word directly before a string is its prefix.
    return [" "] if gap and after[0] in "\"'`" and re.match(r"[\w$]", before) else []


def _may_join(before: str, after: str) -> bool:
    """Whether two literals or two operators would be something else without a blank between them."""
    quotes, apart = "\"'`", "()[]{},;"
    if before in quotes and after in quotes:
        return True
    return not any(each.isalnum() or each in f"_${quotes}{apart}" for each in (before, after))


def _indentation(between: str, *, first: bool) -> list[str]:
    """What is between two tokens, of which the blank lines and the indentation of the second one count."""
    *lines, last = between.split("\n")
    if first:
        return [last]
    return [last, "\n" if any(not line.strip() for line in lines[1:]) else ""] if lines else []


def _is_read(comment: str, language: Language, *, docstrings: bool) -> bool:
    return bool(re.search(language.directives, comment) or (docstrings and _DOCUMENTATION.match(comment)))


def _end_of_block(text: str, start: int, language: Language) -> int | None:
    """The end of the comment that begins at `start`; None where it is not known."""
    if language.blocks != "nested":
        end = text.find("*/", start + 2)
        unknown = end < 0 or (language.blocks == "unknown" and "/*" in text[start + 2 : end])
        return None if unknown else end + 2
    depth = 0
    for mark in re.compile(r"/\*|\*/").finditer(text, start):
        depth += 1 if mark[0] == "/*" else -1
        if not depth:
            return mark.end()
    return None


class _Operand(Enum):
    """Whether a token ends an operand: then `/` divides, else it starts a regular expression."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def _operand(kind: str | None, spelled: str) -> _Operand:
    if kind == "word" and spelled in _BEFORE_REGEX:
        return _Operand.UNKNOWN  # a keyword, or a property of that name
    if kind in ("word", "literal") or spelled == "]":
        return _Operand.YES
    return _Operand.UNKNOWN if spelled in _AFTER_OPERAND else _Operand.NO


def _slash(text: str, position: int, operand: _Operand) -> tuple[str, str] | None:
    """The division or the regular expression that starts at `position`, and its kind; None when only a parser could
    tell."""
    following = text.find("/", position + 1)
    alone = following < 0 or "\n" in text[position:following]
    if operand is _Operand.YES or alone:  # a regular expression ends on its line
        return ("/=" if text.startswith("=", position + 1) else "/"), "mark"
    found = _REGEX.match(text, position) if operand is _Operand.NO else None
    return None if found is None else (found[0], "literal")
