"""Source of JavaScript, TypeScript, Go, Rust, Java and C as tokens: what is left without comments and white space.

A comment that tools read (`//go:build`, `@jsx`) stays. Line breaks stay where they can end a statement. What can't be
read for certain without a parser is refused, and the caller compares bytes: a regular expression that may be a
division, a file with JSX, nested templates, a preprocessor's free text. Only what is certainly a comment is left out.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal

_STRING = r'"(?:[^"\\\n]|\\.)*"'
_QUOTED = r"'(?:[^'\\\n]|\\.)*'"
# The longest first; of all languages together, since one operator more only tells apart what is the same.
_OPERATORS = (
    ">>>= <<= >>= >>> **= &&= ||= ??= ... ..= === !== <=> ->* &^= -> => :: ++ -- && || ?? ?. == != <= >= << >> += -= "
    "*= /= %= &= |= ^= := <- .. &^ ** ## .*"
)
_OPERATOR = "|".join(map(re.escape, _OPERATORS.split()))


@dataclass(frozen=True, kw_only=True)
class _Language:
    literals: str
    """A regular expression of its strings and characters, before all other tokens."""
    breaks: Literal["free", "end statements", "count"] = "free"
    """What line breaks do. Where they count, as for a preprocessor, blanks between tokens count, too."""
    nested: bool = False
    """Whether block comments nest."""
    directives: str = r"(?!)"
    """A regular expression of comments that tools read."""
    refused: str = r"(?!)"
    """A regular expression of text that would need a parser."""
    regexes: bool = False
    """Whether `/` can start a regular expression."""


_TEMPLATE = r"`(?:[^`\\$]|\\.|\$(?!\{)|\$\{[^`{}\"'/\\]*\})*`"
_SCRIPT = _Language(
    literals=f"{_STRING}|{_QUOTED}|{_TEMPLATE}",
    breaks="end statements",
    directives=r"@(?:jsx|jest-|vitest-|ts-|flow|vite|ngInject|cc_on|internal)|#?__[A-Z_]+__|webpack|turbopack"
    r"|source(?:Mapping)?URL|\A///\s*<|\A(?://|/\*(?!\*))[@#]",
    refused=r"<!--|-->",  # these are comments in scripts, and operators in modules
    regexes=True,
)
# A tag, or what can be an attribute whose value ends with a backslash: JSX has no escapes.
_JSX = r"<\s*/|/\s*>|=\s*(?:\"[^\"\n]*\\\"|'[^'\n]*\\')|<!--|-->"
_SCRIPT_OR_JSX = _Language(
    literals=_SCRIPT.literals, breaks=_SCRIPT.breaks, directives=_SCRIPT.directives, refused=_JSX, regexes=True
)
_GO = _Language(
    literals=rf"{_STRING}|{_QUOTED}|`[^`]*`",
    breaks="end statements",
    directives=r"\A//[a-z0-9]+:\S|\A//(?:export|line|extern|sys)\b|\A/\*line\b|\A//\s*\+\w",
    # C in comments, a constraint that a blank line ends, the expected output of examples.
    refused=r"\"C\"|`C`|//\s*\+build|(?i://\s*(?:unordered\s+)?output:)|(?i:/\*\s*(?:unordered\s+)?output:)",
)
_RUST = _Language(
    literals=r"[bc]?r(?P<marks>#*)\".*?\"(?P=marks)|\"(?:[^\"\\]|\\.)*\""
    r"|'(?:[^'\\\n]|\\(?:u\{[0-9a-fA-F_]+\}|x[0-9a-fA-F]{2}|[^\n]))'|'[^\W\d]\w*(?![\w'])",
    nested=True,
    directives=r"\A//!\s*```cargo",
)
_JAVA = _Language(
    literals=rf'"""(?:[^\\]|\\.)*?"""|{_STRING}|{_QUOTED}',
    # Native methods of JSNI, contracts of JML, dependencies of a script.
    directives=r"\A/\*-\{|\A/[/*]@|\A//[A-Z_]{3,}\b",
    refused=r"\\u",  # an escape counts in comments too, and can end them
)
_C = _Language(
    literals=rf"{_STRING}|{_QUOTED}",
    breaks="count",
    directives=r"\A/[/*]@",
    # Raw strings, trigraphs, a continued line in or beside the marks of a comment, or before a line that is left out, a
    # directive's free text.
    refused=r"R\"|\?\?/|^(?=[^\n]*//)[^\n]*\\[ \t\f\v]*$|[/*]\\[ \t\f\v]*$"
    r"|\\[ \t\f\v]*\n[ \t\f\v]*(?:\n|/[/*])"
    r"|^[ \t]*#[ \t]*(?:error|warning|include[ \t]*<[^>\n]*/[/*])",
)
_LANGUAGES: Mapping[str, _Language] = {
    **dict.fromkeys((".ts", ".mts", ".cts"), _SCRIPT),
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx", ".tsx"), _SCRIPT_OR_JSX),
    ".go": _GO,
    ".rs": _RUST,
    ".java": _JAVA,
    **dict.fromkeys((".c", ".h", ".cc", ".cpp", ".cxx", ".hh", ".hpp"), _C),
}
# Words after which `/` may start a regular expression.
_KEYWORDS = "return typeof instanceof in of new delete void throw case do else yield await let async extends default"
_BEFORE_REGEX = frozenset(_KEYWORDS.split(" "))
# The ends of conditions, of blocks and of types, and operators that can follow an operand.
_AFTER_OPERAND = frozenset({")", "}", "++", "--", "!", ">", ">>", ">>>"})
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+/\w*")
_DOCUMENTATION = re.compile(r"///(?!/)|//!|/\*\*(?![*/])|/\*!")
# Where a line break never ends a statement, in JavaScript and in Go.
_AFTER = "{ ( [ , ; = => := && || ?? ? : + - * % & | ^ < <= >= == != === !== += -= *="
_BEFORE = "} ) ] , ; . ?. && || ?? ? : = == === != !== |"
_NO_BREAK_AFTER, _NO_BREAK_BEFORE = frozenset(_AFTER.split(" ")), frozenset(_BEFORE.split(" "))


def source_tokens(text: str, path: str, *, docstrings: bool) -> Sequence[str] | None:
    """The tokens of the source `text`; None when its language is unknown, or when it would need a parser.

    Comments of documentation are tokens if `docstrings` is true.
    """
    language = _LANGUAGES.get(posixpath.splitext(path)[1].lower())
    if language is None:
        return None
    first, text = _interpreter(text)
    text = text.replace("\r\n", "\n")
    # Other ends of lines end a comment in one language and not in another.
    if re.search("[\r\0\u2028\u2029\ufeff]", text) or re.search(language.refused, text, re.MULTILINE):
        return None
    found = _scan(text, language, docstrings=docstrings)
    return None if found is None else [*first, *found]


def is_read_comment(comment: str, path: str, *, docstrings: bool) -> bool:
    """Whether a comment counts: a directive for a tool, or documentation where that counts."""
    language = _LANGUAGES.get(posixpath.splitext(path)[1].lower())
    # In tests of Go, comments of examples say what they print.
    return language is None or path.endswith("_test.go") or _is_read(comment, language, docstrings=docstrings)


def _interpreter(text: str) -> tuple[list[str], str]:
    """The line that names an interpreter, as it is, and the rest."""
    if not text.startswith("#!") or re.match(r"#!\s*\[", text):  # an attribute of Rust
        return [], text
    first, newline, rest = text.partition("\n")
    return [first + newline], rest


def _scan(text: str, language: _Language, *, docstrings: bool) -> list[str] | None:
    number = r"\d(?:[\w.]|'(?=\w))*" if language is _C else r"\d[\w.]*"
    token = re.compile(
        rf"(?P<blank>[ \t\f\v]+)|(?P<break>\n)|(?P<comment>//[^\n]*|/\*)|(?P<literal>{language.literals})"
        rf"|(?P<open>[\"'`]|[bc]?r#*\")|(?P<word>{number}|[\w$]+)|(?P<mark>{_OPERATOR}|.)",
        re.DOTALL,
    )
    counts = language.breaks == "count"
    words: list[str] = []
    gap = ""  # what stands between the last token and the next: nothing, blanks, or a line break
    position, previous, operand = 0, "", _Operand.NO
    while position < len(text):
        found = token.match(text, position)
        if found is None or found.lastgroup == "open":
            return None  # a string that is not closed where it should be
        kind, spelled = found.lastgroup, found[0]
        if kind == "comment":
            end = found.end() if spelled != "/*" else _end_of_block(text, position, nested=language.nested)
            if end is None:
                return None
            comment, position = text[position:end], end
            if not _is_read(comment, language, docstrings=docstrings):
                gap = "\n" if "\n" in (gap, *("" if counts else comment)) else " "
                continue
            spelled = " ".join(comment.split())
        elif kind in ("blank", "break"):
            gap = "\n" if kind == "break" else gap or " "
            position = found.end()
            continue
        else:
            if language.regexes and spelled[0] == "/":
                meant = _slash(text, position, operand)
                if meant is None:
                    return None
                spelled, kind = meant
            operand = _operand(kind, spelled)
            position += len(spelled)
        words += _separator(gap, previous, spelled, language)
        words.append(spelled)
        gap, previous = "", spelled
    return words


def _separator(gap: str, before: str, after: str, language: _Language) -> list[str]:
    """The token that stands for what is between two others."""
    if language.breaks == "count":
        return [gap] if gap and before else []
    if gap == "\n" and language.breaks == "end statements":
        # Go ends a statement by what stands before the break alone.
        free = not before or before in _NO_BREAK_AFTER or (language is not _GO and after in _NO_BREAK_BEFORE)
        return [] if free else ["\n"]
    # A word directly before a string is its prefix.
    return [" "] if gap and after[0] in "\"'`" and re.match(r"[\w$]", before) else []


def _is_read(comment: str, language: _Language, *, docstrings: bool) -> bool:
    return bool(re.search(language.directives, comment) or (docstrings and _DOCUMENTATION.match(comment)))


def _end_of_block(text: str, start: int, *, nested: bool) -> int | None:
    if not nested:
        end = text.find("*/", start + 2)
        return None if end < 0 else end + 2
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
